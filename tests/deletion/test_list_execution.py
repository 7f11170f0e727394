"""Requests of a list are executed one at a time, and the first trouble pauses the rest."""

from collections.abc import Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.approvals.authorization import Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.people import RequestParties
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.list_decisions import ListAct, ListDecisions
from deletion.lifecycle.list_transitions import ListTransitions
from deletion.lifecycle.transitions import Transitions
from deletion.stores.list_store import ListStore
from tests.deletion.kept_lists import keep, read
from tests.deletion.values import person

POLICY = Policy(requesters=("U0ALICE",), approvers=("U0BOB",))


@pytest.fixture
def store(engine: AsyncEngine) -> ListStore:
    return ListStore(engine)


@pytest.fixture
def transitions(store: ListStore) -> Transitions:
    return Transitions(store, POLICY)


def moved(changes: Sequence[Request | None]) -> list[bool]:
    return [each is not None for each in changes]


async def test_two_requests_of_a_list_never_begin_at_once(store: ListStore, transitions: Transitions) -> None:
    first, second = (await keep(store, State.APPROVED, State.APPROVED)).requests

    begun = [await transitions.move(each, State.DELETING, "attempting") for each in (first, second)]

    assert moved(begun) == [True, False]
    assert await store.request(second.id) == second


async def test_paused_list_begins_no_delete(store: ListStore, transitions: Transitions) -> None:
    first, second = (await keep(store, State.DELETING, State.APPROVED)).requests
    assert await store.due_now() == []

    assert await transitions.move(first, State.FAILED, "failed")

    paused = await read(store, first.id)
    assert (paused.is_paused, paused.paused_on, paused.next) == (True, first.id, None)
    assert await store.due_now() == []
    assert await transitions.move(second, State.DELETING, "attempting") is None


async def test_request_before_the_one_that_is_being_executed_waits_for_it(store: ListStore) -> None:
    """It was approved later, because its campaign could not be read at first."""
    made = await keep(store, State.APPROVED, State.DELETING, State.APPROVED)

    assert made.next == made.requests[1]
    assert await store.due_now() == []


async def test_changed_campaign_does_not_pause_its_list(store: ListStore, transitions: Transitions) -> None:
    first, second = (await keep(store, State.APPROVED, State.APPROVED)).requests

    assert await transitions.move(first, State.CHANGED, "changed")

    assert await store.due_now() == [second.id]
    assert await transitions.move(second, State.DELETING, "attempting")


async def test_continue_ends_only_the_pause_that_was_shown(store: ListStore, transitions: Transitions) -> None:
    first, second, third = (await keep(store, State.DELETING, State.APPROVED, State.APPROVED)).requests
    decisions = ListDecisions(store, ListTransitions(store, POLICY), None, transitions, POLICY)  # type: ignore[arg-type]  # decides nothing alone
    permit = authorise(Action.CONTINUE, person("U0BOB"), POLICY, ChannelKind.OURS, RequestParties(second))
    assert isinstance(permit, Permit)
    assert await transitions.move(first, State.UNKNOWN, "unknown")

    other = await decisions.record(permit, first.id, ListAct("button", paused_on=third.id))
    shown = await decisions.record(permit, first.id, ListAct("button", paused_on=first.id))
    again = await decisions.record(permit, first.id, ListAct("button", paused_on=first.id))

    assert other
    assert other.objection
    assert shown
    assert (shown.objection, shown.listed.is_paused) == (None, False)
    assert again
    assert again.objection
    assert await store.due_now() == [second.id]
    assert [entry.event for entry in await store.entries(third.id)][-1] == "continued"
