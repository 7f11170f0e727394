"""An attempt that Kore.ai's rate limit refused stays on record, whatever ends the request, and no other one does."""

import pytest

from deletion.domain.attempt import AttemptKind
from deletion.domain.models import Purpose
from deletion.domain.states import State
from sandbox.faults import Fault
from slack_ui.messages import thread_line
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.lifecycle.stop_steps import BOTH, asked, stops_sent
from tests.kore_api.samples import SEEDED_ID
from tests.slack_ui.surfaces import card

pytestmark = pytest.mark.any_database


async def refuses_a_stop(world: World, stops: Purpose) -> None:
    """Let the rate limit refuse the stop, and the next one be due."""
    await asked(world, stops)
    world.faults.add(Fault("kore", "stop", "rate_limit", retry_after_seconds=20))
    await world.advance()
    await world.a_minute_later()


@BOTH
async def test_refused_stop_of_a_campaign_that_could_not_be_read_again_was_sent(world: World, stops: Purpose) -> None:
    await refuses_a_stop(world, stops)
    world.faults.add(Fault("kore", "get", "status", status=503, times=None))

    await world.advance()

    ended = await world.request()
    assert (ended.state, stops_sent(world)) == (State.FAILED, 1)
    assert ended.attempt
    assert ended.attempt.kind is AttemptKind.REFUSED
    assert "No stop was sent" not in card(ended)["text"]


@BOTH
async def test_refused_stop_of_a_campaign_that_others_stopped_was_sent(world: World, stops: Purpose) -> None:
    await refuses_a_stop(world, stops)
    world.kore.memory.put(SEEDED_ID, {"status": "Stopped"})

    await world.advance()

    stopped = await world.request()
    assert stopped.stop
    assert stops_sent(world) == 1
    said = card(stopped)["text"]
    assert "No stop was sent" not in said
    assert "so I sent no stop" not in said
    assert "Refused" in said


async def test_refused_stop_that_turned_out_to_be_needless_was_sent(world: World) -> None:
    await refuses_a_stop(world, Purpose.STOP_AND_DELETE)
    world.kore.memory.put(SEEDED_ID, {"status": "Completed"})

    await world.advance()

    (*_, entry) = await world.store.entries(world.id)
    assert (entry.event, stops_sent(world)) == ("no stop needed", 1)
    for state in (State.APPROVED, State.DELETED):
        said = thread_line.line(entry, (await world.request()).model_copy(update={"state": state}), POLICY)
        assert "needs no stop" in said or "needed no stop" in said
        assert "I sent none" not in said


async def test_reason_of_an_earlier_delay_is_not_that_of_the_end(world: World) -> None:
    await world.advance_slowly()
    await world.a_minute_later()
    delayed = (await world.request()).attempt
    world.faults.add(Fault("kore", "get", "status", status=503, times=None))

    await world.advance()

    ended = await world.request()
    assert (ended.state, world.deletes_sent()) == (State.FAILED, 0)
    assert ended.attempt
    assert delayed
    assert ended.attempt.explanation != delayed.explanation
    assert ended.attempt.at > delayed.at


async def test_refused_delete_of_a_campaign_that_could_not_be_read_again_deleted_nothing(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit", retry_after_seconds=20))
    await world.advance()
    await world.a_minute_later()
    world.faults.add(Fault("kore", "get", "status", status=503, times=None))

    await world.advance()

    ended = await world.request()
    assert (ended.state, world.deletes_sent()) == (State.FAILED, 1)
    assert ended.attempt
    assert ended.attempt.kind is AttemptKind.REFUSED
    assert "read the campaign" in ended.attempt.explanation
