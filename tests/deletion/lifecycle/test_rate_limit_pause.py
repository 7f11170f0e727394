"""While Kore.ai's rate limit is used up a request pauses, goes on by itself, and never claims an outcome."""

from datetime import timedelta
from functools import partial

import pytest

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.models import Purpose
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.rate_limit_pause import GAVE_UP
from deletion.lifecycle.transitions import Transitions
from sandbox.faults import Fault
from slack_ui.messages import thread_line
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.values import all_parties_stand, person, request
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database


async def test_request_pauses_when_minute_has_no_room_for_whole_delete(world: World) -> None:
    await world.use_up(leaving=3)

    paused_until = await world.advance()

    waiting = await world.request()
    assert waiting.state is State.APPROVED
    assert waiting.waiting_since is not None
    assert waiting.execute_after == paused_until is not None
    assert timedelta(seconds=30) < paused_until - now() <= timedelta(seconds=60)
    assert waiting.attempt is None
    assert await world.advance() == paused_until
    assert await world.events() == ["requested", "waiting for Kore.ai"]
    assert world.kore.limit.most == 0
    assert await world.store.unfinished(timedelta(0)) == []


async def test_paused_request_is_deleted_when_pause_ends(world: World) -> None:
    await world.use_up(leaving=3)
    assert await world.advance()
    await world.a_minute_later()

    assert await world.advance() is None

    assert (await world.request()).state is State.DELETED
    assert await world.events() == ["requested", "waiting for Kore.ai", "attempting", "attempted", "deleted"]


async def test_delete_that_gets_no_call_is_not_sent(world: World) -> None:
    world.limit.before_sending = partial(world.use_up, leaving=1)

    paused_until = await world.advance()

    waiting = await world.request()
    assert (waiting.state, waiting.execute_after) == (State.APPROVED, paused_until)
    assert waiting.attempt is not None
    assert waiting.attempt.kind is AttemptKind.NOT_SENT
    assert world.deletes_sent() == 0
    assert await world.events() == ["requested", "attempting", "waiting for Kore.ai"]


@pytest.mark.parametrize("left", [0, 1])
async def test_sent_delete_is_verified_after_pause_rather_than_called_unknown(world: World, left: int) -> None:
    await world.attempt()
    await world.use_up(leaving=2 + left)

    paused_until = await world.advance()

    waiting = await world.request()
    assert (waiting.state, waiting.execute_after) == (State.DELETING, paused_until)
    assert waiting.waiting_since is not None
    assert await world.advance() == paused_until
    assert await world.request() == waiting
    await world.a_minute_later()
    assert await world.advance() is None
    assert (await world.request()).state is State.DELETED


async def test_recovery_pauses_too_and_remembers_that_a_delete_may_have_been_sent(world: World) -> None:
    await world.change(state=State.DELETING)
    await world.use_up(leaving=0)
    assert await world.advance() == (await world.request()).execute_after
    await world.a_minute_later()
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True

    assert await world.advance() is None

    gone = await world.request()
    assert (gone.state, gone.observation) == (State.GONE, Observation.ABSENT)
    assert gone.attempt is not None
    assert gone.attempt.kind is AttemptKind.NO_ANSWER
    assert world.deletes_sent() == 0


@pytest.mark.parametrize(
    ("state", "attempt", "waited", "ended"),
    [
        (State.APPROVED, None, timedelta(minutes=61), State.FAILED),
        (State.APPROVED, AttemptKind.NO_ANSWER, timedelta(minutes=61), State.UNKNOWN),
        (State.DELETING, AttemptKind.CONFIRMED, timedelta(minutes=11), State.UNKNOWN),
        (State.DELETING, None, timedelta(minutes=11), State.UNKNOWN),
    ],
)
async def test_pause_has_a_maximum(
    world: World, state: State, attempt: AttemptKind | None, waited: timedelta, ended: State
) -> None:
    kept = attempt and Attempt(kind=attempt, at=now()).model_dump(mode="json")
    await world.change(state=state, attempt=kept, waiting_since=now() - waited)
    await world.use_up(leaving=0)

    assert await world.advance() is None

    told = await world.request()
    assert told.state is ended
    assert told.attempt is not None
    if attempt is None and state is State.APPROVED:
        assert (told.attempt.kind, told.attempt.explanation) == (AttemptKind.NOT_SENT, GAVE_UP)


async def test_time_in_which_something_else_held_the_request_is_no_wait_for_the_rate_limit(world: World) -> None:
    """Such as a freeze, or a pause of its list."""
    paused_at = now() - timedelta(hours=3)
    await world.change(waiting_since=paused_at, execute_after=paused_at + timedelta(minutes=1))
    await world.use_up(leaving=0)

    assert await world.advance()

    waiting = await world.request()
    assert waiting.state is State.APPROVED
    assert waiting.waiting_since
    assert waiting.waiting_since > now() - timedelta(minutes=1)
    assert (await world.events())[-1] == "waiting for Kore.ai"


async def test_recheck_of_unknown_outcome_leaves_calls_to_deletes_and_interactive_reads(world: World) -> None:
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now())
    await world.change(state=State.UNKNOWN, attempt=lost.model_dump(mode="json"))
    await world.use_up(leaving=8)

    assert not await world.deletes.recheck(await world.request())
    assert world.kore.limit.most == 0
    await world.a_minute_later()
    assert await world.deletes.recheck(await world.request())


async def test_request_stopped_during_pause_does_not_claim_that_nothing_was_sent(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit"))
    await world.advance()
    parties = all_parties_stand(world.store, POLICY)
    decisions = Decisions(world.store, Transitions(world.store, POLICY), None, parties, POLICY)  # type: ignore[arg-type]  # deciding asks Kore.ai nothing

    await decisions.record(Permit(Action.STOP, person("U0ALICE"), world.id), surface="button")
    await world.change(execute_after=now() - timedelta(seconds=1))

    assert await world.advance() is None
    assert world.deletes_sent() == 1
    (*_, entry) = await world.store.entries(world.id)
    assert (
        thread_line.line(entry, await world.request(), POLICY)
        == "<@U0ALICE> stopped it before another delete was sent."
    )


async def test_rebuild_that_gets_no_call_pauses_and_creates_one_campaign(world: World) -> None:
    await world.advance()
    deleted = await world.request()
    rebuild = request(campaign=deleted.campaign, purpose=Purpose.REBUILD, rebuilds=world.id, flow_name="Support")
    await world.store.add(rebuild, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    await world.use_up(leaving=4)

    paused_until = await world.advance(rebuild.id)

    waiting = await world.request(rebuild.id)
    assert (waiting.state, waiting.execute_after) == (State.APPROVED, paused_until)
    assert (waiting.attempt, waiting.waiting_since is None) == (None, False)
    there = len(world.kore.memory.campaigns)
    await world.a_minute_later()
    await world.rebuilds.attempt(waiting, await world.store.delete_limits("T0", "U0ALICE"), world.confirmed)
    await world.use_up(leaving=2)
    assert await world.advance(rebuild.id) == (await world.request(rebuild.id)).execute_after is not None
    await world.a_minute_later()
    assert await world.advance(rebuild.id) is None
    assert (await world.request(rebuild.id)).state is State.REBUILT
    assert len(world.kore.memory.campaigns) == there + 1
