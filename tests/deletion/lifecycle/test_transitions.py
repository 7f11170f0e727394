"""Each change of a request is counted, journalled and told, and no other one than the states allow."""

from collections import Counter
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.list_tables import request_lists
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.transitions import Transitions
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore
from tests.deletion.values import request

pytestmark = pytest.mark.any_database

COUNTED = ("requests_total", "practice_requests_total", "approval_seconds_count", "outcome_seconds_count")
DELETE_SENT = Attempt(kind=AttemptKind.NO_ANSWER, at=now())


async def add(store: RequestStore, **changes: Any) -> Request:
    kept = request(**changes)
    await store.add(kept, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    return kept


async def move(store: RequestStore, before: Request, to: State, **changes: Any) -> Request:
    after = await Transitions(store, Policy()).move(before, to, str(to), **changes)
    assert after
    return after


def counts() -> Counter[tuple[str, str]]:
    """Return what this process has counted so far, by the name of the metric and the state."""
    samples = [sample for metric in REGISTRY.collect() for sample in metric.samples]
    named = {f"campaign_delete_{name}": name for name in COUNTED}
    found = [(named[each.name], each.labels.get("state", ""), each.value) for each in samples if each.name in named]
    return Counter({(name, state): int(value) for name, state, value in found})


async def test_requests_are_counted_once_for_each_state_and_timed_once(store: RequestStore) -> None:
    before, asked = counts(), await add(store, state=State.AWAITING_APPROVAL)

    approved = await move(store, asked, State.APPROVED)
    reopened = await move(store, approved, State.AWAITING_APPROVAL)
    again = await move(store, await move(store, reopened, State.APPROVED), State.APPROVED)
    unsent = await move(store, await move(store, again, State.DELETING), State.APPROVED)
    deleting = await move(store, await move(store, unsent, State.DELETING), State.DELETING, attempt=DELETE_SENT)
    unknown = await move(store, deleting, State.UNKNOWN)
    await move(store, await move(store, unknown, State.GONE), State.UNKNOWN)

    assert counts() - before == Counter(
        {
            ("requests_total", "approved"): 3,
            ("requests_total", "awaiting approval"): 1,
            ("requests_total", "deleting"): 2,
            ("requests_total", "unknown"): 2,
            ("requests_total", "gone"): 1,
            ("approval_seconds_count", ""): 2,
            ("outcome_seconds_count", "unknown"): 1,
        }
    )


async def test_practice_is_counted_apart_and_not_timed(store: RequestStore) -> None:
    before, asked = counts(), await add(store, state=State.AWAITING_APPROVAL, application="practice")

    await move(store, await move(store, asked, State.APPROVED), State.STOPPED)

    states = {("practice_requests_total", "approved"): 1, ("practice_requests_total", "stopped"): 1}
    assert counts() - before == Counter(states)


async def test_change_that_the_states_do_not_allow_is_a_bug(store: RequestStore) -> None:
    asked = await add(store)

    with pytest.raises(ValueError, match=r"^a request never goes from approved to deleted$"):
        await move(store, asked, State.DELETED)

    assert await store.request(asked.id) == asked


async def test_entry_names_application_list_and_earlier_attempt(store: RequestStore, engine: AsyncEngine) -> None:
    missed = Attempt(kind=AttemptKind.REFUSED, at=now())
    listed = {"id": "1" * 32, "list_id": "1" * 32, "list_position": 1}
    asked = await add(store, application="staging", attempt=missed, **listed)
    async with engine.begin() as connection:
        await connection.execute(request_lists.insert().values(id=asked.list_id))
    by = {"actor_id": "U0BOB", "actor_team_id": "T0", "surface": "modal"}

    await move(store, asked, State.FAILED, details={"why": "It is protected."}, **by)

    *_, entry = await store.entries(asked.id)
    named = {"application": "staging", "list": "1" * 32, "list_position": "1", "fingerprint": asked.campaign.digest}
    details = {**named, "attempt": "refused", "why": "It is protected."}
    assert entry == Entry(at=entry.at, event="failed", details=details, **by)


async def test_outcome_that_was_unknown_is_told_anew(store: RequestStore, engine: AsyncEngine) -> None:
    asked = await add(store, state=State.UNKNOWN, attempt=Attempt(kind=AttemptKind.CONFIRMED, at=now()))
    still = await move(store, asked, State.UNKNOWN)
    keys = {each.key for each in await MessageStore(engine).messages(asked.id)}

    deleted = await move(store, still, State.DELETED)

    new = {each.key for each in await MessageStore(engine).messages(asked.id)} - keys
    assert len([key for key in new if key.startswith(f"direct-{asked.requester_id}-")]) == 1
    assert deleted.version == asked.version + 2
