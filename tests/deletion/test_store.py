"""The store, on SQLite and on a real PostgreSQL alike."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import MIGRATIONS, NEWEST, migrate, open_engine
from deletion.db.heartbeat import Heartbeat
from deletion.db.tables import metadata, previews, requests
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.errors import DatabaseError
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.states import State
from deletion.lifecycle.intake import Intake
from deletion.stores.message_store import MessageStore
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import AlreadyRequestedError, RequestStore
from deletion.stores.row_mapping import row_of
from tests.deletion.values import EnoughApprovers, campaign, person, preview, request

ASKING = Permit(Action.ASK, person("U0ALICE"))


def entry(event: str) -> Entry:
    return Entry(at=now(), event=event, actor_id="U0ALICE", surface="test", details={"why": "a test"})


async def test_a_request_comes_back_as_it_was_kept_with_its_entry_and_its_message(
    store: RequestStore, engine: AsyncEngine
) -> None:
    kept, said = request(), entry("requested")
    await store.add(kept, said, recipients(kept, said, Policy(ops_rooms=("C0ROOM",))))

    assert await store.request(kept.id) == kept
    assert await store.entries(kept.id) == [said]
    assert [message.kind for message in await MessageStore(engine).messages(kept.id)] == [MessageKind.ORIGIN]


async def test_previous_version_rewrites_a_row_and_keeps_the_fields_that_it_does_not_know(
    store: RequestStore, engine: AsyncEngine
) -> None:
    kept = request(kore_account="https://platform.kore.ai st-1 6777", recheck_at=now())
    assert kept.campaign.other_fields == {}
    kept = kept.model_copy(update={"campaign": CampaignFingerprint.of(campaign(description="KEEP", priority="4"))})
    await store.add(kept, entry("requested"), [])
    known = {column.key for column in requests.c} - {"other_fields", "kore_account", "recheck_at", "reappeared_at"}
    seen_by_it = {**kept.campaign.model_dump(mode="json", exclude={"other_fields"})}
    written = {name: value for name, value in row_of(kept).items() if name in known} | {"campaign": seen_by_it}
    async with engine.begin() as connection:
        await connection.execute(requests.update().values({**written, "version": 2}))

    assert await store.request(kept.id) == kept.model_copy(update={"version": 2})


async def test_preview_comes_back_whole_and_one_of_the_previous_version_without_other_fields(
    engine: AsyncEngine,
) -> None:
    store, whole = PreviewStore(engine), preview(description="KEEP")
    await store.save_preview(whole)
    assert await store.preview(whole.id) == whole

    async with engine.begin() as connection:
        await connection.execute(previews.update().values(other_fields=None))
    old = await store.preview(whole.id)
    assert old
    assert old.campaign.other_fields is None
    assert old.campaign.differences(whole.campaign) == ()


async def test_a_second_open_request_for_a_campaign_is_refused_and_leaves_no_trace(store: RequestStore) -> None:
    first, second = request(), request()
    await store.add(first, entry("requested"), [])

    with pytest.raises(AlreadyRequestedError) as caught:
        await store.add(second, entry("requested"), [])

    assert caught.value.existing == first
    assert await store.request(second.id) is None
    assert await store.entries(second.id) == []


async def test_request_is_kept_if_the_open_one_ends_before_it_can_be_named(
    store: RequestStore, mocker: MockerFixture
) -> None:
    first, second = request(), request()
    await store.add(first, entry("requested"), [])
    look = store.open_request

    async def ends_first(campaign_id: str, kore_account: str | None, *, is_stop: bool) -> Request | None:
        await store.swap(first, first.model_copy(update={"state": State.FAILED, "version": 2}), entry("failed"))
        return await look(campaign_id, kore_account, is_stop=is_stop)

    mocker.patch.object(store, "open_request", side_effect=ends_first)

    assert await store.add(second, entry("requested"), [])

    assert await store.request(second.id) == second
    assert [kept.event for kept in await store.entries(second.id)] == ["requested"]


async def test_a_campaign_whose_request_has_ended_may_be_asked_for_again(store: RequestStore) -> None:
    await store.add(request(state=State.FAILED), entry("requested"), [])
    await store.add(request(), entry("requested"), [])


async def test_of_many_who_swap_at_once_one_wins_and_only_its_entry_is_kept(store: RequestStore) -> None:
    before = request()
    await store.add(before, entry("requested"), [])
    after = before.model_copy(update={"state": State.DELETING, "version": 2})

    won = await asyncio.gather(*(store.swap(before, after, entry(f"try {n}")) for n in range(20)))

    assert won.count(True) == 1
    assert await store.request(before.id) == after
    assert [kept.event for kept in await store.entries(before.id)] == ["requested", f"try {won.index(True)}"]


async def test_two_changes_within_one_state_do_not_overwrite_each_other(store: RequestStore) -> None:
    before = request(state=State.AWAITING_APPROVAL)
    await store.add(before, entry("requested"), [])
    bobs, carols = (before.model_copy(update={"version": 2, "reason": name}) for name in ("Bob was here", "Carol was"))

    assert await store.swap(before, bobs, entry("approved"))
    assert not await store.swap(before, carols, entry("approved"))
    assert await store.request(before.id) == bobs


async def test_a_preview_becomes_one_request_however_often_the_form_arrives(
    store: RequestStore, engine: AsyncEngine
) -> None:
    shown = preview()
    await PreviewStore(engine).save_preview(shown)
    intake = Intake(store, PreviewStore(engine), None, None, Policy(), approvers=EnoughApprovers())  # type: ignore[arg-type]  # recording asks Kore.ai nothing
    first = await intake.record(shown, ASKING, "Because of the test")
    ended = first.model_copy(update={"state": State.DELETED, "version": 2})
    assert await store.swap(first, ended, entry("deleted"))

    with pytest.raises(AlreadyRequestedError) as caught:
        await intake.record(shown, ASKING, "Because of the test")

    assert caught.value.existing == ended


async def test_a_preview_is_given_to_the_person_who_saw_it_and_to_nobody_else(
    store: RequestStore, engine: AsyncEngine
) -> None:
    shown = preview()
    await PreviewStore(engine).save_preview(shown)
    intake = Intake(store, PreviewStore(engine), None, None, Policy(), approvers=EnoughApprovers())  # type: ignore[arg-type]  # reading back asks Kore.ai nothing

    assert await intake.preview(shown.id, shown.team_id, shown.user_id) == shown
    assert await intake.preview(shown.id, shown.team_id, "U0BOB") is None
    assert await intake.preview(shown.id, "T0OTHER", shown.user_id) is None
    assert await intake.preview("", shown.team_id, shown.user_id) is None


async def test_a_preview_is_confirmed_by_nobody_but_who_saw_it(store: RequestStore, engine: AsyncEngine) -> None:
    intake = Intake(store, PreviewStore(engine), None, None, Policy(), approvers=EnoughApprovers())  # type: ignore[arg-type]  # recording asks Kore.ai nothing
    for permit in (replace(ASKING, person=person("U0BOB")), replace(ASKING, action=Action.APPROVE)):
        with pytest.raises(ValueError, match="by the one who was shown it"):
            await intake.record(preview(), permit, "Because of the test")


async def test_what_slack_sends_twice_is_seen_once_by_however_many_replicas(engine: AsyncEngine) -> None:
    saw = await asyncio.gather(*(PreviewStore(engine).claim_once("the same") for _ in range(20)))
    assert saw.count(True) == 1
    assert await PreviewStore(engine).claim_once("another")

    await PreviewStore(engine).purge(now() + timedelta(seconds=1))

    assert await PreviewStore(engine).claim_once("the same")


async def test_old_previews_are_forgotten_and_new_ones_kept(engine: AsyncEngine) -> None:
    old, new = preview().model_copy(update={"taken_at": now() - timedelta(days=2)}), preview()
    for shown in (old, new):
        await PreviewStore(engine).save_preview(shown)

    await PreviewStore(engine).purge(now() - timedelta(days=1))

    assert await PreviewStore(engine).preview(old.id) is None
    assert await PreviewStore(engine).preview(new.id) == new


async def test_what_was_left_unfinished_or_unsaid_is_found_once_it_is_late(
    store: RequestStore, engine: AsyncEngine
) -> None:
    kept = request()
    await store.add(kept, entry("requested"), recipients(kept, entry("requested"), Policy()))

    assert await store.unfinished(timedelta(minutes=1)) == [kept.id]
    assert await store.unfinished(timedelta(minutes=10)) == []
    late = await MessageStore(engine).overdue_messages(timedelta(minutes=1))
    assert [message.target_id for message in late] == [kept.channel_id]
    assert await MessageStore(engine).overdue_messages(timedelta(minutes=10)) == []

    (message,) = await MessageStore(engine).messages(kept.id)
    await MessageStore(engine).save_shown(message, ts="1.2", shown_version=1)
    assert await MessageStore(engine).overdue_messages(timedelta(minutes=1)) == []

    shown = message.model_copy(update={"shown_version": 1})
    assert await MessageStore(engine).save_shown(shown, error="not_in_channel", tried_at=now())
    assert await MessageStore(engine).overdue_messages(timedelta(minutes=1)) == []
    long_ago = now() - timedelta(minutes=2)
    assert await MessageStore(engine).probes() == []
    (refused,) = await MessageStore(engine).messages(kept.id)
    assert await MessageStore(engine).save_shown(refused, error="not_in_channel", tried_at=long_ago)
    assert await MessageStore(engine).overdue_messages(timedelta(minutes=1)) == []
    assert [probe.key for probe in await MessageStore(engine).probes()] == [message.key]


async def test_channel_that_refuses_messages_is_probed_with_one_of_them(
    store: RequestStore, engine: AsyncEngine
) -> None:
    messages, tried_at = MessageStore(engine), [now() - timedelta(minutes=minutes) for minutes in (2, 4, 3)]
    asked = [request(campaign=preview(_id=f"cd-{number}").campaign) for number in range(3)]
    for each, at in zip(asked, tried_at, strict=True):
        await store.add(each, entry("requested"), recipients(each, entry("requested"), Policy()))
        (message,) = await messages.messages(each.id)
        await messages.save_shown(message, shown_version=1, error="is_archived", tried_at=at)

    (probe,) = await messages.probes()
    assert probe.request_id == asked[1].id
    await messages.save_shown(probe, tried_at=now())
    assert await messages.probes() == []


async def test_each_channel_is_probed_however_many_messages_another_refuses(
    store: RequestStore, engine: AsyncEngine
) -> None:
    kept, tried_at = request(), [*[now() - timedelta(minutes=9)] * 150, now() - timedelta(minutes=2)]
    refused = {"request_id": kept.id, "kind": MessageKind.DIRECT, "error": "is_archived", "shown_version": 1}
    channels = ["C0"] * 150 + ["C1"]
    owed = [
        Message(**refused, key=str(number), target_id=channel, tried_at=at)
        for number, (channel, at) in enumerate(zip(channels, tried_at, strict=True))
    ]
    await store.add(kept, entry("requested"), owed)

    assert {probe.target_id for probe in await MessageStore(engine).probes()} == {"C0", "C1"}


@pytest.mark.parametrize(("state", "is_probed"), [(State.AWAITING_APPROVAL, True), (State.REJECTED, False)])
async def test_refused_message_is_retried_as_long_as_its_request_is_open(
    store: RequestStore, engine: AsyncEngine, state: State, is_probed: bool
) -> None:
    long_ago = now() - timedelta(days=1)
    kept = request(state=state, changed_at=long_ago)
    await store.add(kept, entry("requested"), recipients(kept, entry("requested"), Policy()))
    for message in await MessageStore(engine).messages(kept.id):
        await MessageStore(engine).save_shown(message, shown_version=1, error="is_archived", tried_at=long_ago)

    assert bool(await MessageStore(engine).probes()) == is_probed


async def test_replicas_may_migrate_at_the_same_time(empty_database_url: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(migrate, empty_database_url) for _ in range(5)))
    engine = open_engine(empty_database_url)
    assert await Heartbeat(engine).why_not_ready() == ""
    await engine.dispose()


def test_a_start_that_has_nothing_to_migrate_spares_alembic(database_url: str) -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST
    again = (
        "import sys; from deletion.db import connection; connection.migrate(sys.argv[1]); "
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", again, database_url], check=False).returncode == 0  # noqa: S603 - ours


async def test_the_migrations_make_the_tables_that_the_store_expects(database_url: str) -> None:
    engine = open_engine(database_url)
    async with engine.connect() as connection:
        made = await connection.run_sync(_made)
    await engine.dispose()
    columns = {table.name: {column.name for column in table.columns} for table in metadata.sorted_tables}
    indexes = {(index.name, index.unique) for table in metadata.sorted_tables for index in table.indexes}
    assert made == (columns, indexes)


def _made(connection: sa.Connection) -> tuple[dict[str, set[str]], set[tuple[str | None, bool]]]:
    found = sa.inspect(connection)
    tables = [table.name for table in metadata.sorted_tables]
    columns = {table: {column["name"] for column in found.get_columns(table)} for table in tables}
    indexes = {index for table in tables for index in _indexes(connection, table)}
    return columns, indexes


def _indexes(connection: sa.Connection, table: str) -> set[tuple[str | None, bool]]:
    """Return name and uniqueness of each index; SQLAlchemy skips SQLite's indexes of expressions."""
    if connection.dialect.name != "sqlite":
        return {(index["name"], bool(index["unique"])) for index in sa.inspect(connection).get_indexes(table)}
    listed = connection.exec_driver_sql(f"PRAGMA index_list({table})")
    return {(index.name, bool(index.unique)) for index in listed if index.origin == "c"}


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/bot.sqlite3",
        "postgresql://someone:hunter2@127.0.0.1:1/none",
        "postgresql://someone@127.0.0.1:1/none?password=hunter2",
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence_without_the_password(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        migrate(url)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("DATABASE_URL: ")
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("these are notes, and not a database at all")
    with pytest.raises(DatabaseError, match="cannot be used"):
        migrate(f"sqlite:///{tmp_path}/notes.txt")
