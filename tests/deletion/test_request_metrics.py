"""The gauges that are read from the database, and the histograms of what people wait for."""

from datetime import timedelta
from math import isnan
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import open_engine
from deletion.db.tables import kore_places, requests
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.reappearance import REAPPEARED
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry, MessageKind
from deletion.domain.states import State
from deletion.lifecycle.transitions import Transitions
from deletion.stores.list_store import ListStore, Written
from deletion.stores.message_store import MessageStore
from deletion.stores.request_metrics import RequestMetrics
from deletion.stores.request_store import RequestStore
from tests.deletion.values import campaign, campaign_list, request

POLICY = Policy(approvals_channel="C0APPROVALS")
ROOMS = Policy(approvals_channel="C0APPROVALS", ops_rooms=("C0OPS",))
SEEDED = "cd-3aefda80-f98e-5f4f-ad41-92803abb"


async def add(engine: AsyncEngine, number: int, **facts: Any) -> Request:
    shown = CampaignFingerprint.of(campaign(_id=f"cd-3aefda80-f98e-5f4f-ad41-92803abb{number:04}"))
    kept = request(campaign=shown, **facts)
    entry = Entry(at=kept.changed_at, event=str(facts.get("state", "requested")), actor_id="U0ALICE", surface="test")
    await RequestStore(engine).add(kept, entry, recipients(kept, entry, POLICY))
    return kept


def value(name: str, **labels: str) -> float:
    found = REGISTRY.get_sample_value(f"campaign_delete_{name}", labels)
    assert found is not None, name
    return found


async def test_gauges_show_what_waits(engine: AsyncEngine) -> None:
    at = now()
    ages = (timedelta(minutes=5), timedelta(hours=2), timedelta(hours=3), timedelta(days=2))
    for number, age in enumerate(ages):
        await add(engine, number, state=State.AWAITING_APPROVAL, requested_at=at - age, changed_at=at)
    no_answer = Attempt(kind=AttemptKind.NO_ANSWER, at=at - timedelta(minutes=20))
    await add(engine, 8, state=State.UNKNOWN, changed_at=at - timedelta(minutes=20), attempt=no_answer)
    await add(engine, 9, state=State.UNKNOWN, changed_at=at - timedelta(days=9), attempt=no_answer)
    async with engine.begin() as connection:
        later = at + timedelta(hours=1)
        held = [("1", 2, later, "production"), ("2", 3, at, "production"), ("3", 4, later, "staging")]
        names = ("id", "places", "until", "account")
        await connection.execute(kore_places.insert(), [dict(zip(names, row, strict=True)) for row in held])

    await RequestMetrics(engine).refresh()

    waiting = [value("waiting_requests", age=age) for age in ("under_1h", "1h_to_4h", "4h_to_1d", "over_1d")]
    assert waiting == [1, 2, 0, 1]
    assert 20 * 60 <= value("oldest_unknown_seconds") < 40 * 60
    assert value("journal_head") == 6
    assert [value("kore_calls_used", account=each) for each in ("production", "staging")] == [2, 4]
    assert value("late_messages") == 0


async def test_campaign_that_reappeared_is_an_unknown_outcome(engine: AsyncEngine) -> None:
    deleted = await add(engine, 1, state=State.DELETED, attempt=Attempt(kind=AttemptKind.CONFIRMED, at=now()))
    assert await Transitions(RequestStore(engine), POLICY).move(deleted, State.UNKNOWN, REAPPEARED)

    await RequestMetrics(engine).refresh()

    assert value("oldest_unknown_seconds") > 0


async def test_outcome_that_a_person_made_unknown_is_counted(engine: AsyncEngine) -> None:
    """A request that was stopped after a DELETE without an answer: the journal's event is "stopped"."""
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now() - timedelta(minutes=20))
    approved = await add(engine, 1, attempt=lost)
    stopped = await Transitions(RequestStore(engine), POLICY).move(approved, State.STOPPED, "stopped")
    assert stopped
    assert stopped.state is State.UNKNOWN

    await RequestMetrics(engine).refresh()

    assert value("oldest_unknown_seconds") > 0


async def test_outcome_that_is_not_watched_any_more_is_not_counted(engine: AsyncEngine) -> None:
    """The last look came at the end of the watch, which is a day after the attempt."""
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now() - timedelta(hours=25))
    await add(engine, 1, state=State.UNKNOWN, attempt=lost, changed_at=now() - timedelta(hours=2))

    await RequestMetrics(engine).refresh()

    assert value("oldest_unknown_seconds") == 0


async def test_reappearance_counts_from_then_on_also_if_the_outcome_was_unknown_before(engine: AsyncEngine) -> None:
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now() - timedelta(hours=6))
    unknown = await add(engine, 1, state=State.UNKNOWN, attempt=lost, changed_at=lost.at)
    moving = Transitions(RequestStore(engine), POLICY)
    gone = await moving.move(unknown, State.GONE, "gone")
    assert gone
    assert await moving.move(gone, State.UNKNOWN, REAPPEARED, reappeared_at=now())

    await RequestMetrics(engine).refresh()

    assert 0 < value("oldest_unknown_seconds") < 60


async def test_late_messages_are_those_of_open_requests_that_show_an_older_state(engine: AsyncEngine) -> None:
    late = await add(engine, 1, state=State.AWAITING_APPROVAL, changed_at=now() - timedelta(seconds=20))
    await add(engine, 2, state=State.EXPIRED, changed_at=now() - timedelta(seconds=20))
    entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")

    await RequestMetrics(engine).refresh()

    assert value("late_messages") == len([each for each in recipients(late, entry, POLICY) if each.kind != "story"]) > 0


async def test_messages_that_a_restart_compares_are_late_only_once_their_request_has_changed(
    engine: AsyncEngine,
) -> None:
    waits = await add(engine, 1, state=State.AWAITING_APPROVAL, changed_at=now() - timedelta(seconds=20))
    messages = MessageStore(engine)
    for each in await messages.messages(waits.id):
        assert await messages.save_shown(each, shown_version=1, ts="1.2", shown="digest")
    await messages.mark_for_new_settings()
    await RequestMetrics(engine).refresh()
    assert value("late_messages") == 0

    approved = await Transitions(RequestStore(engine), POLICY).move(waits, State.APPROVED, "approved")
    assert approved
    async with engine.begin() as connection:
        await connection.execute(requests.update().values(changed_at=now() - timedelta(seconds=20)))
    await RequestMetrics(engine).refresh()
    assert value("late_messages") > 0


async def keep_list(engine: AsyncEngine, *states: State) -> CampaignList:
    """Keep an approved list whose requests have come to these states since, with the messages that it owes by then."""
    made = campaign_list(*states, approvals_required=1, changed_at=now() - timedelta(seconds=20))
    entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
    kept = [
        each.model_copy(update={"campaign": CampaignFingerprint.of(campaign(_id=f"{SEEDED}{number:04}"))})
        for number, each in enumerate(made.requests)
    ]
    written = [Written(each, entry, recipients(each, entry, ROOMS)) for each in kept]
    assert await ListStore(engine).add_all(written, commit_by=now() + timedelta(minutes=1))
    return made


async def show(engine: AsyncEngine, made: CampaignList, version: int) -> None:
    """As if channel, card and direct messages showed this version of the list."""
    store = MessageStore(engine)
    for each in await store.messages(made.id):
        if each.kind in (MessageKind.CARD, MessageKind.ORIGIN):
            assert await store.save_shown(each, shown_version=version)


async def test_outdated_card_of_a_list_is_late_also_after_its_first_campaign(engine: AsyncEngine) -> None:
    made = await keep_list(engine, State.DELETED, State.DELETING, State.APPROVED)
    await show(engine, made, made.version - 1)

    await RequestMetrics(engine).refresh()

    assert value("late_messages") == 2


async def test_messages_that_await_the_end_of_a_list_are_not_late(engine: AsyncEngine) -> None:
    made = await keep_list(engine, State.APPROVED, State.GONE, State.APPROVED)
    await show(engine, made, made.version)
    assert any(each.kind is MessageKind.DIRECT for each in await MessageStore(engine).messages(made.id))

    await RequestMetrics(engine).refresh()

    assert value("late_messages") == 0


async def test_gauges_are_not_numbers_when_the_database_cannot_be_read(engine: AsyncEngine, tmp_path: Path) -> None:
    await RequestMetrics(engine).refresh()
    lost = open_engine(f"sqlite:///{tmp_path}/without-tables.sqlite3")

    with pytest.raises(SQLAlchemyError):
        await RequestMetrics(lost).refresh()

    await lost.dispose()
    assert REGISTRY.get_sample_value("campaign_delete_kore_calls_used", {"account": "production"}) is None
    assert isnan(value("journal_head"))


def waits() -> tuple[float, float, float]:
    """Return the number and sum of the waits for approval, and the sum of those for a stop, in this process so far."""
    to_stop = REGISTRY.get_sample_value("campaign_delete_outcome_seconds_sum", {"state": "stopped"}) or 0.0
    return value("approval_seconds_count"), value("approval_seconds_sum"), to_stop


async def test_approval_and_end_are_timed_from_the_request(engine: AsyncEngine) -> None:
    waited = timedelta(hours=2)
    asked = await add(engine, 1, state=State.AWAITING_APPROVAL, requested_at=now() - waited)
    before = waits()
    transitions = Transitions(RequestStore(engine), POLICY)

    approved = await transitions.move(asked, State.APPROVED, "approved")
    assert approved
    await transitions.move(approved, State.STOPPED, "stopped")

    count, seconds, seconds_to_end = (after - earlier for after, earlier in zip(waits(), before, strict=True))
    assert (count, timedelta(seconds=seconds) // timedelta(minutes=1)) == (1, 120)
    assert seconds_to_end >= waited.total_seconds()


async def test_practice_is_counted_apart(engine: AsyncEngine) -> None:
    at, rejected = now(), {"state": str(State.REJECTED)}
    waiting = await add(engine, 20, state=State.AWAITING_APPROVAL, requested_at=at, application="practice-staging")
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=at - timedelta(minutes=20))
    await add(engine, 21, state=State.UNKNOWN, changed_at=lost.at, attempt=lost, application="practice")
    before = REGISTRY.get_sample_value("campaign_delete_requests_total", rejected)

    await Transitions(RequestStore(engine), POLICY).move(waiting, State.REJECTED, "rejected")
    await RequestMetrics(engine).refresh()

    assert value("practice_requests_total", **rejected) >= 1
    assert REGISTRY.get_sample_value("campaign_delete_requests_total", rejected) == before
    assert value("waiting_requests", age="under_1h") == 0
    assert value("oldest_unknown_seconds") == 0
