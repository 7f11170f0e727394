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
from deletion.db.tables import kore_places
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.reappearance import REAPPEARED
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_metrics import RequestMetrics
from deletion.stores.request_store import RequestStore
from tests.deletion.values import campaign, request

POLICY = Policy(approvals_channel="C0APPROVALS")


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


async def test_late_messages_are_those_of_open_requests_that_show_an_older_state(engine: AsyncEngine) -> None:
    late = await add(engine, 1, state=State.AWAITING_APPROVAL, changed_at=now() - timedelta(seconds=20))
    await add(engine, 2, state=State.EXPIRED, changed_at=now() - timedelta(seconds=20))
    entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")

    await RequestMetrics(engine).refresh()

    assert value("late_messages") == len([each for each in recipients(late, entry, POLICY) if each.kind != "story"]) > 0


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
