"""A DELETE without an answer may still land, so until it cannot, nothing says that the campaign was not deleted."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from deletion.domain.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.models import Attempt, AttemptKind, Lease, Observation, State
from deletion.domain.outcome import LATE_DELETES, NOT_DONE, settled
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.lease import ATTEMPT
from deletion.lifecycle.transitions import Transitions
from tests.deletion.execution_world import POLICY, World, open_world
from tests.deletion.values import all_parties_stand, person, request
from tests.kore_api.samples import SEEDED_ID

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url) as world:
        yield world


def unanswered(at: datetime) -> Attempt:
    return Attempt(kind=AttemptKind.NO_ANSWER, at=at)


def decisions(world: World) -> Decisions:
    parties, transitions = all_parties_stand(world.store, POLICY), Transitions(world.store, POLICY)
    return Decisions(world.store, transitions, world.gateway, parties, POLICY)


async def taken_over(world: World, sent_at: datetime) -> None:
    """The sender was killed after its DELETE had left, and another replica takes over."""
    lease = Lease(version=1, until=now() - ATTEMPT, sending_at=sent_at)
    await world.change(state=State.DELETING, lease=lease.model_dump(mode="json"))
    assert await world.advance() is None


@pytest.mark.parametrize("to", sorted(NOT_DONE))
def test_no_state_claims_that_nothing_was_done_while_attempt_may_land(to: State) -> None:
    approved = request(attempt=unanswered(now() - LATE_DELETES + MINUTE))
    assert settled(approved, to, now()) is State.UNKNOWN


@pytest.mark.parametrize("to", sorted(set(State) - NOT_DONE))
def test_other_states_are_kept_after_unanswered_attempt(to: State) -> None:
    assert settled(request(attempt=unanswered(now())), to, now()) is to


@pytest.mark.parametrize("kind", sorted(set(AttemptKind) - {AttemptKind.NO_ANSWER}))
@pytest.mark.parametrize("to", sorted(NOT_DONE))
def test_answered_attempt_does_not_change_the_state(kind: AttemptKind, to: State) -> None:
    assert settled(request(attempt=Attempt(kind=kind, at=now())), to, now()) is to


async def test_take_over_that_sees_the_campaign_stays_unknown_until_the_delete_lands(world: World) -> None:
    sent_at = now() - MINUTE
    await taken_over(world, sent_at)
    unknown = await world.request()
    assert (unknown.state, unknown.observation) == (State.UNKNOWN, Observation.PRESENT)
    assert unknown.attempt
    assert unknown.attempt.at == sent_at
    assert world.deletes_sent() == 0

    await world.change(changed_at=sent_at)
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True
    assert await world.execution.recheck_unknown() == [world.id]

    assert (await world.request()).state is State.GONE


@pytest.mark.parametrize(("age", "ended"), [(-MINUTE, State.UNKNOWN), (MINUTE, State.FAILED)])
async def test_campaign_still_there_is_called_not_deleted_once_the_delete_is_too_late(
    world: World, age: timedelta, ended: State
) -> None:
    await taken_over(world, now() - MINUTE)
    sent_at = now() - LATE_DELETES - age
    await world.change(changed_at=sent_at, attempt=unanswered(sent_at).model_dump(mode="json"))

    assert await world.execution.recheck_unknown() == [world.id]

    assert (await world.request()).state is ended


async def stop(world: World) -> None:
    await decisions(world).record(Permit(Action.STOP, person("U0ALICE"), world.id), surface="button")


async def expire(world: World) -> None:
    await world.change(expires_at=now() - MINUTE)
    assert await decisions(world).keep_deadlines() == [world.id]


async def execute(world: World) -> None:
    assert await world.advance() is None


@pytest.mark.parametrize("act", [stop, expire, execute])
async def test_request_approved_again_by_the_previous_version_ends_unknown(world: World, act: Any) -> None:
    await world.change(attempt=unanswered(now() - MINUTE).model_dump(mode="json"))

    await act(world)

    unknown = await world.request()
    assert unknown.state is State.UNKNOWN
    assert unknown.attempt
    assert unknown.attempt.kind is AttemptKind.NO_ANSWER
    assert world.deletes_sent() == 0
