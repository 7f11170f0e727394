"""A stop is sent once and verified by two sources."""

import asyncio
from datetime import timedelta

import pytest

from deletion.db.tables import requests
from deletion.domain.attempt import Attempt, AttemptKind, Lease, Observation
from deletion.domain.clock import now
from deletion.domain.execution_check import REFUSALS
from deletion.domain.models import Purpose
from deletion.domain.outcome import LATE_DELETES
from deletion.domain.policy import Refusal
from deletion.domain.states import State
from deletion.lifecycle.lease import ATTEMPT
from sandbox.faults import Fault, Kind
from sandbox.kore.stop import StopPath
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.stop_steps import BOTH, FIRST, ONLY, asked, status, stops_sent
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database


async def test_stop_alone_is_verified_and_deletes_nothing(world: World) -> None:
    await asked(world, ONLY)

    assert await world.advance() is None

    ended = await world.request()
    assert (ended.state, ended.observation, status(world)) == (State.CAMPAIGN_STOPPED, Observation.STOPPED, "Stopped")
    assert ended.attempt
    assert ended.attempt.kore_message == "Campaign Stopped"
    assert ended.stop
    assert ended.stop.messages_sent is not None
    assert await world.events() == ["requested", "stopping", "attempted", "campaign stopped"]
    assert (stops_sent(world), world.deletes_sent()) == (1, 0)


@BOTH
async def test_lost_answer_is_settled_by_the_campaign_that_is_stopped(world: World, stops: Purpose) -> None:
    await asked(world, stops)
    world.faults.add(Fault("kore", "stop", "lost_answer"))

    await world.advance()

    seen = await world.request()
    assert seen.stop
    assert seen.stop.attempt
    assert seen.stop.attempt.kind is AttemptKind.NO_ANSWER
    assert seen.state is (State.CAMPAIGN_STOPPED if stops is ONLY else State.APPROVED)
    assert stops_sent(world) == 1


@BOTH
@pytest.mark.parametrize("kind", ["reset", "still_there"])
async def test_stop_that_cannot_be_verified_is_watched_and_no_delete_follows(
    world: World, stops: Purpose, kind: Kind
) -> None:
    await asked(world, stops)
    world.faults.add(Fault("kore", "stop", kind))

    await world.advance()
    assert ((await world.request()).state, status(world)) == (State.UNKNOWN, "Active")

    world.kore.memory.stop(SEEDED_ID)
    sent_at = now() - timedelta(minutes=5)
    await world.change(changed_at=sent_at, attempt=attempt_of(sent_at, AttemptKind.NO_ANSWER))
    assert await world.execution.recheck_unknown() == [world.id]

    ended = await world.request()
    assert (ended.state, ended.observation, world.deletes_sent()) == (State.CAMPAIGN_STOPPED, Observation.STOPPED, 0)
    assert await world.advance() is None
    assert (stops_sent(world), world.deletes_sent()) == (1, 0)


async def test_unanswered_stop_without_effect_has_failed_once_it_is_too_late(world: World) -> None:
    await asked(world, ONLY)
    world.faults.add(Fault("kore", "stop", "reset"))
    await world.advance()

    sent_at = now() - LATE_DELETES - timedelta(minutes=5)
    await world.change(changed_at=sent_at, attempt=attempt_of(sent_at, AttemptKind.NO_ANSWER))
    await world.execution.recheck_unknown()

    assert (await world.request()).state is State.FAILED


def attempt_of(at: object, kind: AttemptKind) -> object:
    return Attempt(kind=kind, at=at).model_dump(mode="json")


@BOTH
async def test_refused_stop_fails(world: World, stops: Purpose) -> None:
    await asked(world, stops)
    world.faults.add(Fault("kore", "stop", "error", error="Campaign is not running"))

    await world.advance()

    ended = await world.request()
    assert (ended.state, ended.observation) == (State.FAILED, Observation.PRESENT)
    assert ended.attempt
    assert ended.attempt.kore_message == "Campaign is not running"
    assert world.deletes_sent() == 0


async def test_campaign_in_another_status_is_not_stopped(world: World) -> None:
    await asked(world, ONLY)
    world.kore.memory.put(SEEDED_ID, {"status": "Hibernating"})

    await world.advance()

    ended = await world.request()
    assert (ended.state, stops_sent(world)) == (State.FAILED, 0)
    assert ended.attempt
    assert ended.attempt.explanation == REFUSALS[Refusal.NOT_STOPPABLE]


@BOTH
async def test_campaign_that_is_stopped_already_needs_no_stop(world: World, stops: Purpose) -> None:
    await asked(world, stops)
    world.kore.memory.stop(SEEDED_ID)

    await world.advance()

    seen = await world.request()
    assert seen.state is (State.CAMPAIGN_STOPPED if stops is ONLY else State.APPROVED)
    assert seen.stop
    assert (seen.stop.attempt, stops_sent(world), world.deletes_sent()) == (None, 0, 0)


async def test_path_that_kore_does_not_know_is_replaced_by_the_other_one(world: World) -> None:
    world.kore.stop_paths.existing = StopPath.OTHER
    await asked(world, ONLY)

    await world.advance()

    assert ((await world.request()).state, status(world)) == (State.CAMPAIGN_STOPPED, "Stopped")


async def test_two_runs_at_once_send_one_stop(world: World) -> None:
    await asked(world, FIRST)

    await asyncio.gather(world.advance(), world.advance())

    assert ((await world.request()).state, stops_sent(world)) == (State.APPROVED, 1)


@BOTH
async def test_interrupted_stop_is_not_sent_again(world: World, stops: Purpose) -> None:
    """The sender was killed after its stop had left, and another replica takes over."""
    lease = Lease(version=1, until=now() - ATTEMPT, sending_at=now() - timedelta(minutes=1))
    await asked(world, stops, state=State.STOPPING, lease=lease)

    await world.advance()

    assert ((await world.request()).state, stops_sent(world), world.deletes_sent()) == (State.UNKNOWN, 0, 0)


async def test_previous_version_sends_nothing_for_a_stop(world: World) -> None:
    """It does not know the column ``stops``, and takes the request for a rebuild that no archive has."""
    await asked(world, ONLY)
    async with world.database.begin() as connection:
        await connection.execute(requests.update().values(stops=None))

    await world.advance()

    assert (await world.request()).state is State.FAILED
    sent = {call["what"] for call in world.traffic.after()}
    assert not sent & {"stop", "delete", "create"}
