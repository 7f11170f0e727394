"""A delete that Kore.ai refused for its rate limit is known as such, and sent again after a new read."""

from datetime import timedelta

import pytest

from deletion.domain.attempt import AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.models import Purpose
from deletion.domain.states import State
from deletion.lifecycle.transitions import Transitions
from sandbox.faults import Fault
from slack_ui.messages import thread_line
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.lifecycle.stop_steps import asked
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database


async def test_delete_refused_for_rate_limit_rereads_campaign_before_next_delete(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit", retry_after_seconds=20))

    paused_until = await world.advance()

    waiting = await world.request()
    assert (waiting.state, waiting.execute_after) == (State.APPROVED, paused_until)
    assert waiting.attempt is not None
    assert waiting.attempt.kind is AttemptKind.REFUSED
    assert "per-minute rate limit" in waiting.attempt.kore_message
    (*_, entry) = await world.store.entries(world.id)
    assert (entry.event, entry.details["attempt"]) == ("waiting for Kore.ai", "refused")
    assert "per-minute rate limit" in entry.details["kore_message"]

    await world.a_minute_later()
    world.kore.memory.put(SEEDED_ID, {"status": "Active"})
    assert await world.advance() is None
    changed = await world.request()
    assert changed.state is State.CHANGED
    assert changed.attempt == waiting.attempt
    assert world.deletes_sent() == 1


async def test_refused_delete_is_still_known_after_one_that_was_not_sent(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit", retry_after_seconds=20))
    await world.advance()
    refused = (await world.request()).attempt
    assert refused
    await world.a_minute_later()

    assert await world.advance_slowly()

    waiting = await world.request()
    assert (await world.events())[-2:] == ["attempting", "not sent"]
    assert waiting.attempt
    assert (waiting.state, waiting.attempt.kind) == (State.APPROVED, AttemptKind.REFUSED)
    assert waiting.attempt.retry_after_seconds == 0  # a refusal at the rate limit, which has passed
    assert waiting.attempt.kore_message == refused.kore_message
    await Transitions(world.store, POLICY).move(waiting, State.STOPPED, "stopped", actor_id="U0BOB")
    (*_, entry) = await world.store.entries(world.id)
    assert (
        thread_line.line(entry, await world.request(), POLICY) == "<@U0BOB> stopped it before another delete was sent."
    )
    assert world.deletes_sent() == 1


async def test_refused_stop_is_not_taken_for_a_refused_delete(world: World) -> None:
    await asked(world, Purpose.STOP_AND_DELETE)
    world.faults.add(Fault("kore", "stop", "rate_limit", retry_after_seconds=20))
    await world.advance()
    await world.a_minute_later()
    assert await world.advance()
    assert (await world.request()).stop
    await world.a_minute_later()

    assert await world.advance_slowly()

    waiting = await world.request()
    assert (await world.events())[-2:] == ["attempting", "not sent"]
    assert waiting.attempt
    assert waiting.attempt.kind is AttemptKind.NOT_SENT


async def test_delete_refused_for_rate_limit_for_an_hour_is_given_up(world: World) -> None:
    await world.change(waiting_since=now() - timedelta(minutes=61))
    world.faults.add(Fault("kore", "delete", "rate_limit", status=200))

    assert await world.advance() == (await world.request()).execute_after is not None
    await world.a_minute_later()
    assert await world.advance() is None

    assert (await world.request()).state is State.FAILED
    assert world.deletes_sent() == 1


@pytest.mark.parametrize("purpose", [Purpose.DELETE, Purpose.STOP])
async def test_call_that_the_rate_limit_refused_had_no_effect_whatever_is_read_afterwards(
    world: World, purpose: Purpose
) -> None:
    if purpose is Purpose.STOP:
        await asked(world, purpose)
    await world.change(waiting_since=now() - timedelta(minutes=61))
    world.faults.add(Fault("kore", "stop" if purpose is Purpose.STOP else "delete", "rate_limit", status=200))
    assert await world.advance()
    await world.a_minute_later()
    for call in ("get", "status"):
        world.faults.add(Fault("kore", call, "status", status=500, times=None))

    while await world.advance():
        await world.a_minute_later()

    ended = await world.request()
    assert (ended.state, ended.observation) == (State.FAILED, Observation.UNCLEAR)
