"""A campaign counts as stopped only by two sources, and a delete after a stop needs an approval that still holds."""

from datetime import timedelta

import pytest
from pytest_mock import MockerFixture

from deletion.domain.attempt import AttemptKind, Lease, Observation
from deletion.domain.clock import now
from deletion.domain.models import Purpose
from deletion.domain.states import State
from deletion.kore import campaign_gateway
from deletion.kore.stop_reading import StopReading
from deletion.lifecycle.lease import ATTEMPT
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.stop_steps import BOTH, FIRST, ONLY, after_the_undo_window, asked, stops_sent
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database


@BOTH
async def test_campaign_that_one_source_shows_as_stopped_is_not_taken_for_stopped(world: World, stops: Purpose) -> None:
    await asked(world, stops)
    world.kore.memory.put(SEEDED_ID, {"status": "Stopped"})
    world.faults.add(Fault("kore", "status", "status", times=None))

    await world.advance()

    seen = await world.request()
    assert (seen.state, seen.stop, world.deletes_sent()) == (State.UNKNOWN, None, 0)
    assert seen.observation is Observation.UNCLEAR


@pytest.mark.parametrize("status", ["Completed", "Ready"])
async def test_campaign_that_ended_by_itself_is_deleted_without_a_stop(world: World, status: str) -> None:
    await asked(world, FIRST)
    world.kore.memory.put(SEEDED_ID, {"status": status})

    await world.advance()
    assert "stop verified" not in await world.events()
    assert (await after_the_undo_window(world)).state is State.DELETED
    assert (stops_sent(world), world.deletes_sent()) == (0, 1)


async def test_running_campaign_is_stopped_even_if_its_status_may_be_deleted_by_now(world: World) -> None:
    await asked(world, FIRST)
    today = world.restarted(deletable_statuses=("Active", "Stopped"))

    await today.advance()

    assert ((await world.request()).state, stops_sent(world)) == (State.APPROVED, 1)


async def test_stop_that_is_verified_after_the_approval_expired_prolongs_no_approval(world: World) -> None:
    """The bot was down between the stop and its verification, for longer than an approval holds."""
    sent_at = now() - timedelta(days=3)
    lease = Lease(version=1, until=sent_at + ATTEMPT, sending_at=sent_at)
    await asked(world, FIRST, state=State.STOPPING, lease=lease, expires_at=now() - timedelta(days=2))
    world.kore.memory.stop(SEEDED_ID)

    await world.advance()
    ended = await after_the_undo_window(world)

    assert (ended.state, world.deletes_sent()) == (State.EXPIRED, 0)
    assert ended.stop


@BOTH
@pytest.mark.parametrize(
    ("status_fault", "state", "seen"),
    [
        (Fault("kore", "status", "error", error="Campaign not found", times=None), State.GONE, Observation.ABSENT),
        (Fault("kore", "status", "status", status=503, times=None), State.FAILED, Observation.UNCLEAR),
        (None, State.FAILED, Observation.UNCLEAR),
    ],
)
async def test_campaign_that_is_not_found_before_the_stop_ends_without_one(
    world: World, stops: Purpose, status_fault: Fault | None, state: State, seen: Observation
) -> None:
    """Its status was not read, even if the other source still shows it."""
    await asked(world, stops)
    for fault in (Fault("kore", "get", "error", error="Campaign not found", times=None), status_fault):
        if fault:
            world.faults.add(fault)

    await world.advance()

    ended = await world.request()
    assert (ended.state, ended.observation, stops_sent(world), world.deletes_sent()) == (state, seen, 0, 0)
    assert ended.attempt
    assert ended.attempt.kind is AttemptKind.NOT_SENT
    *_, entry = await world.store.entries(world.id)
    assert (entry.event, entry.details["observation"]) == (str(state), str(seen))


async def test_campaign_that_kore_does_not_show_is_not_stopped(world: World) -> None:
    await asked(world, ONLY)
    world.faults.add(Fault("kore", "get", "status", status=503, times=None))

    await world.advance()

    ended = await world.request()
    assert (ended.state, ended.observation, stops_sent(world)) == (State.FAILED, Observation.UNCLEAR, 0)


async def test_stop_waits_for_the_rate_limit_that_kept_the_campaign_unread(world: World) -> None:
    await asked(world, ONLY)
    world.faults.add(Fault("kore", "get", "rate_limit", retry_after_seconds=20))
    before = now()

    assert await world.advance()

    kept = await world.request()
    assert (kept.state, stops_sent(world)) == (State.APPROVED, 0)
    assert kept.waiting_since
    assert kept.execute_after
    assert kept.execute_after >= before + timedelta(seconds=20)


async def test_campaign_that_is_shown_by_get_again_before_the_stop_is_unclear_and_not_stopped(world: World) -> None:
    await asked(world, ONLY)
    world.faults.add(Fault("kore", "get", "error", error="Campaign not found", times=1))

    await world.advance()

    ended = await world.request()
    assert (ended.state, ended.observation, stops_sent(world)) == (State.FAILED, Observation.UNCLEAR, 0)


async def test_status_of_a_campaign_that_get_missed_once_is_unknown(world: World, mocker: MockerFixture) -> None:
    await asked(world, ONLY)
    world.faults.add(Fault("kore", "stop", "error", error="Campaign is not running"))
    missed = StopReading(Observation.UNCLEAR, is_missing=True)
    mocker.patch.object(campaign_gateway, "look_for_stop", autospec=True, return_value=missed)

    await world.advance()

    ended = await world.request()
    assert (ended.state, ended.observation) == (State.UNKNOWN, Observation.UNCLEAR)
