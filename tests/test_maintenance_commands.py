"""The commands ``backup`` and ``freeze``."""

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from pytest_mock import MockerFixture

import commands
from deletion.db.connection import open_engine
from deletion.db.tables import journal
from deletion.domain import clock
from deletion.domain.attempt import Lease
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.states import State
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.request_store import RequestStore
from tests.deletion.stored_journal import connected, entry, read
from tests.deletion.values import append_entry, freeze, request

REASON = "Restored from the backup of Sunday"
FREEZE = ("freeze", "--by", "U0BOB", "--reason", REASON)


def run(url: str, *arguments: object, **environ: str) -> Result:
    return CliRunner().invoke(commands.run, list(map(str, arguments)), env={"DATABASE_URL": url, **environ})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_backup_is_one_private_file_as_of_one_moment_while_the_bot_writes(
    database_url: str, tmp_path: Path
) -> None:
    engine, copy = open_engine(database_url), tmp_path / "copies" / "bot.sqlite3"
    copy.parent.mkdir()
    await append_entry(engine, entry("noted"))
    (recorded,) = read(database_url)
    async with engine.begin() as connection:
        await connection.execute(journal.insert().values({**recorded.model_dump(), "seq": 2}))
        result = run(database_url, "backup", copy)
        await connection.rollback()
    await engine.dispose()

    assert result.exit_code == 0, result.output
    assert f"Head: {recorded.head}\n" in result.stdout
    assert [(file.name, file.stat().st_mode & 0o777) for file in copy.parent.iterdir()] == [(copy.name, 0o600)]
    copy.chmod(0o400)
    assert "Intact: 1 entry" in run(f"sqlite:///{copy}", "journal", "verify", "--head", recorded.head).stdout
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_backup_overwrites_nothing_and_names_what_is_wrong(database_url: str, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    earlier, stray, copy = copies / "earlier", tmp_path / "stray.sqlite3", copies / "copy"
    earlier.write_text("of yesterday")
    stray.touch()
    cases = {
        (database_url, earlier): f"{earlier} exists; name a new file.",
        (database_url, copies / "none" / "copy"): f"could not be copied to {copies}/none/copy (",
        (f"sqlite:///{tmp_path}/absent", copy): "DATABASE_URL: there is no file",
        (f"sqlite:///{stray}", copy): "not of this version of the bot",
        ("postgresql://bot@127.0.0.1:1/bot", copy): "back it up with pg_dump",
    }
    for (url, target), said in cases.items():
        result = run(url, "backup", target)
        assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
        assert said in result.output
    assert [(file.name, file.read_text()) for file in copies.iterdir()] == [("earlier", "of yesterday")]


async def test_freeze_holds_every_request_and_is_recorded_and_announced(database_url: str) -> None:
    engine = open_engine(database_url)
    await RequestStore(engine).add(request(state=State.APPROVED), entry("requested"), [])

    rooms = {"APPROVALS_CHANNEL": "C0APPROVALS", "OPS_ROOMS": "C0OPS"}
    told = await asyncio.to_thread(run, database_url, *FREEZE, **rooms)  # the command runs a loop of its own

    assert (told.exit_code, told.output) == (
        0,
        "All requests are frozen until an approver types /campaign-delete unfreeze.\n",
    )
    frozen = await frozen_in(database_url)
    assert frozen
    assert (frozen.team_id, frozen.frozen_by, frozen.reason) == ("T0", "U0BOB", REASON)
    notices = await FreezeStore(engine).notices(frozen.id)
    assert {notice.target_id for notice in notices} == {"C0APPROVALS", "C0OPS"}
    with connected(database_url) as connection:
        (last,) = connection.execute(sa.select(journal).order_by(journal.c.seq.desc()).limit(1))
    assert (last.event, last.actor_id, last.surface) == ("frozen", "U0BOB", "command line")
    assert "Intact: 2 entries" in run(database_url, "journal", "verify").stdout
    await engine.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_freeze_on_a_computer_whose_clock_is_fast_is_announced_at_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(database_url)
    await RequestStore(engine).add(request(state=State.APPROVED), entry("requested"), [])
    right_time = time.time
    with monkeypatch.context() as patch:
        patch.setattr(clock, "_clock", type(clock._clock)())  # noqa: SLF001 - of the command's own process
        patch.setattr(time, "time", lambda: right_time() + 3_600)
        await asyncio.to_thread(run, database_url, *FREEZE, APPROVALS_CHANNEL="C0APPROVALS")

    due = await FreezeStore(engine).overdue_notices(timedelta(0), timedelta(hours=1))
    await engine.dispose()

    assert [notice.target_id for notice in due] == ["C0APPROVALS"]


async def test_freeze_with_a_long_reason_says_that_its_beginning_is_recorded(database_url: str) -> None:
    engine = open_engine(database_url)
    await RequestStore(engine).add(request(state=State.APPROVED), entry("requested"), [])
    await engine.dispose()

    longer = ("freeze", "--by", "U0BOB", "--reason", "x" * 501)
    told = await asyncio.to_thread(run, database_url, *longer)

    assert told.output.splitlines()[1:] == ["The reason is longer than 500 characters, so its beginning is recorded."]
    frozen = await frozen_in(database_url)
    assert frozen
    assert frozen.reason == "x" * 500


async def test_freeze_names_what_had_begun_and_may_still_be_carried_out(database_url: str) -> None:
    engine = open_engine(database_url)
    lease = Lease(version=1, until=now() + timedelta(seconds=8), sending_at=now())
    begun = request(state=State.DELETING, changed_at=now(), lease=lease)
    await RequestStore(engine).add(begun, entry("requested"), [])

    told = await asyncio.to_thread(run, database_url, *FREEZE)
    await engine.dispose()

    assert told.exit_code == 0
    assert told.output.splitlines()[1:] == [
        f"It had begun before, and may still be carried out: request {begun.id} to delete {begun.campaign.campaign_id}."
    ]


async def test_freeze_replaces_one_of_practice_which_practice_would_end(database_url: str) -> None:
    engine = open_engine(database_url)
    await RequestStore(engine).add(request(state=State.APPROVED), entry("requested"), [])
    assert await FreezeStore(engine).freeze(freeze(practice=True), entry("frozen"), [])

    told = await asyncio.to_thread(run, database_url, *FREEZE)
    await engine.dispose()

    assert told.output == "All requests are frozen until an approver types /campaign-delete unfreeze.\n"
    frozen = await frozen_in(database_url)
    assert frozen
    assert (frozen.practice, frozen.reason) == (False, REASON)
    assert "Intact: 4 entries" in run(database_url, "journal", "verify").stdout


async def test_freeze_during_a_freeze_keeps_it_and_announces_it_again(database_url: str) -> None:
    """A backup that was taken during a freeze may be restored after its end, which the channels have read."""
    engine = open_engine(database_url)
    store, earlier = FreezeStore(engine), freeze(reason="Legal asked")
    await RequestStore(engine).add(request(state=State.APPROVED), entry("requested"), [])
    assert await store.freeze(earlier, entry("frozen"), ["C0OPS", "C0BROKEN"])
    for notice, told in zip(await store.notices(earlier.id), ({"error": "is_archived"}, {"ts": "1.2"}), strict=True):
        await store.save_notice(notice.model_copy(update={"tried_at": now(), **told}))

    again = await asyncio.to_thread(run, database_url, *FREEZE, APPROVALS_CHANNEL="C0APPROVALS")

    assert (again.exit_code, again.output) == (
        0,
        "All requests are frozen already, by U0BOB: Legal asked. A bot announces that again.\n",
    )
    assert await frozen_in(database_url) == earlier
    owed = await store.notices(earlier.id)
    assert {notice.target_id for notice in owed} == {"C0APPROVALS", "C0OPS", "C0BROKEN"}
    assert [(notice.ts, notice.error, notice.tried_at) for notice in owed] == [(None, "", None)] * 3
    await engine.dispose()


async def test_freeze_that_ends_while_the_command_looks_at_it_is_followed_by_a_new_one(
    database_url: str, mocker: MockerFixture
) -> None:
    engine = open_engine(database_url)
    store, earlier = FreezeStore(engine), freeze()
    await RequestStore(engine).add(request(state=State.APPROVED), entry("requested"), [])
    assert await store.freeze(earlier, entry("frozen"), [])
    look = FreezeStore.current

    async def lifted_right_after(looking: FreezeStore) -> Freeze | None:
        found = await look(looking)
        if found == earlier:
            ended = earlier.model_copy(update={"lifted_by": "U0CAROL", "lifted_at": now()})
            assert await looking.lift(ended, entry("unfrozen"), [])
        return found

    mocker.patch.object(FreezeStore, "current", autospec=True, side_effect=lifted_right_after)
    again = await asyncio.to_thread(run, database_url, *FREEZE)

    assert again.exit_code == 0
    assert again.output.startswith("All requests are frozen until an approver types /campaign-delete unfreeze.")
    mocker.stopall()
    assert (await frozen_in(database_url) or earlier).id != earlier.id
    await engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_freeze_is_announced_in_the_rooms_of_each_application(database_url: str, tmp_path: Path) -> None:
    engine, file = open_engine(database_url), tmp_path / "applications.toml"
    await RequestStore(engine).add(request(state=State.APPROVED), entry("requested"), [])
    file.write_text(
        '[production]\nchannels = ["C0PROD"]\napprovals_channel = "C0CARDS"\nkore_client_secret = { env = "NOT_SET" }\n'
        '[staging]\nchannels = ["C0STAGE"]\nops_rooms = ["C0STAGING", "C0CARDS"]\n'
    )
    shared = {"OPS_ROOMS": "C0OPS", "KORE_APPS_FILE": str(file)}
    told = await asyncio.to_thread(run, database_url, *FREEZE, **shared)
    assert told.exit_code == 0
    frozen = await frozen_in(database_url)
    assert frozen
    notices = await FreezeStore(engine).notices(frozen.id)
    assert {notice.target_id for notice in notices} == {"C0CARDS", "C0OPS", "C0STAGING"}
    await engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_freeze_of_the_wrong_database_fails(database_url: str, tmp_path: Path) -> None:
    cases = {
        (database_url, "U0BOB"): "this database has no requests",
        (f"sqlite:///{tmp_path}/absent", "U0BOB"): "there is no file",
        (database_url, "bob"): "--by: expected your Slack user id",
    }
    for (url, person), said in cases.items():
        result = run(url, "freeze", "--by", person, "--reason", REASON)
        assert (result.exit_code, said in result.output) == (2, True)
    assert not (tmp_path / "absent").exists()


async def frozen_in(url: str) -> Freeze | None:
    engine = open_engine(url)
    try:
        return await FreezeStore(engine).current()
    finally:
        await engine.dispose()
