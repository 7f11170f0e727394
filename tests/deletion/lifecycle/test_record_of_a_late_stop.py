"""A stop that meets the rate limit, or whose effect does not show, is kept whole in the row and in the journal."""

from datetime import timedelta

import pytest

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.models import Purpose
from deletion.domain.states import State
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.record import become, journal
from tests.deletion.lifecycle.stop_steps import BOTH, ONLY, begun, paused, stops_sent, the_stop
from tests.kore_api.samples import RATE_LIMIT, SEEDED_ID

pytestmark = pytest.mark.any_database

CONFIRMED = {"attempt": "confirmed", "kore_message": "Campaign Stopped", "why": ""}


@pytest.mark.parametrize(("minutes", "event"), [(0, "waiting for Kore.ai"), (59, "still waiting for Kore.ai")])
async def test_stop_that_meets_the_rate_limit(world: World, minutes: int, event: str) -> None:
    asked = await paused(world, ONLY, waiting_since=now() - timedelta(minutes=minutes) if minutes else None)
    world.faults.add(Fault("kore", "stop", "rate_limit", retry_after_seconds=20))

    due = await world.advance()

    kept = await world.request()
    assert kept.attempt
    assert due
    (_, (told, details)) = await journal(world, asked)
    attempt = {"attempt": "refused", "kore_message": RATE_LIMIT, "why": kept.attempt.explanation}
    assert (told, details) == (event, {**attempt, "until": due.isoformat(timespec="seconds")})
    assert kept.attempt.retry_after_seconds == 20
    since = asked.waiting_since or kept.waiting_since
    await become(world, asked, 2, attempt=kept.attempt, execute_after=due, waiting_since=since)
    assert since
    assert timedelta(0) <= kept.changed_at - since < timedelta(minutes=60)


async def test_stop_that_met_the_rate_limit_for_an_hour(world: World) -> None:
    asked = await paused(world, ONLY, waiting_since=now() - timedelta(minutes=61))
    world.faults.add(Fault("kore", "stop", "rate_limit", retry_after_seconds=20))

    await world.advance()
    await world.a_minute_later()
    await world.advance()

    kept = await world.request()
    assert kept.attempt
    attempt = {"attempt": "refused", "kore_message": RATE_LIMIT, "why": kept.attempt.explanation}
    _, sent, _, ended = await journal(world, asked)
    assert (sent, ended) == (("attempted", attempt), ("failed", {**attempt, "observation": "present"}))
    assert (kept.state, kept.observation, stops_sent(world)) == (State.FAILED, Observation.PRESENT, 1)


@pytest.mark.parametrize("minutes", [0, 9])
async def test_verification_that_meets_the_rate_limit(world: World, minutes: int) -> None:
    since = now() - timedelta(minutes=minutes) if minutes else None
    asked = await begun(world, ONLY, AttemptKind.CONFIRMED, waiting_since=since)
    world.faults.add(Fault("kore", "status", "rate_limit", retry_after_seconds=20))

    due = await world.advance()

    kept = await world.request()
    await become(world, asked, 1, execute_after=due, waiting_since=since or kept.waiting_since)
    assert due
    assert kept.waiting_since


async def test_verification_that_met_the_rate_limit_for_ten_minutes(world: World) -> None:
    asked = await begun(world, ONLY, AttemptKind.CONFIRMED, waiting_since=now() - timedelta(minutes=11))
    world.faults.add(Fault("kore", "status", "rate_limit", retry_after_seconds=20))

    await world.advance()

    await become(world, asked, 1, state=State.UNKNOWN, observation=Observation.UNCLEAR)
    assert await journal(world, asked) == [("unknown", {**CONFIRMED, "observation": "unclear"})]


@pytest.mark.parametrize(
    ("kind", "looks"), [(AttemptKind.CONFIRMED, 3), (AttemptKind.NO_ANSWER, 3), (AttemptKind.REFUSED, 1)]
)
async def test_stop_that_may_show_late_is_looked_for_three_times(world: World, kind: AttemptKind, looks: int) -> None:
    asked = await begun(world, ONLY, kind)

    await world.advance()

    calls = [call["what"] for call in world.traffic.after()]
    assert calls.count("status") == looks
    state = State.FAILED if kind is AttemptKind.REFUSED else State.UNKNOWN
    await become(world, asked, 1, state=state, observation=Observation.PRESENT)


@BOTH
async def test_unknown_stop_that_is_looked_at_again(world: World, stops: Purpose) -> None:
    ago = now() - timedelta(minutes=5)
    attempt = Attempt(kind=AttemptKind.NO_ANSWER, at=ago, explanation="It took too long.")
    asked = await begun(world, stops, AttemptKind.NO_ANSWER, state=State.UNKNOWN, attempt=attempt, changed_at=ago)
    told = {"attempt": "no answer", "kore_message": "", "why": "It took too long."}

    assert await world.execution.recheck_unknown() == [world.id]
    await become(world, asked, 1, observation=Observation.PRESENT)
    assert [call["what"] for call in world.traffic.after()].count("status") == 1
    world.kore.memory.stop(SEEDED_ID)
    await world.change(changed_at=ago)
    assert await world.execution.recheck_unknown() == [world.id]

    stop = await the_stop(world, asked, attempt)
    await become(world, asked, 2, state=State.CAMPAIGN_STOPPED, observation=Observation.STOPPED, stop=stop)
    assert await journal(world, asked) == [
        ("looked again", {**told, "observation": "present"}),
        ("campaign stopped", {**told, "observation": "stopped"}),
    ]


async def test_watch_over_an_unknown_stop_leaves_room_for_deletes_and_people(world: World) -> None:
    ago = now() - timedelta(minutes=5)
    attempt = Attempt(kind=AttemptKind.NO_ANSWER, at=ago)
    asked = await begun(world, ONLY, AttemptKind.NO_ANSWER, state=State.UNKNOWN, attempt=attempt, changed_at=ago)
    await world.use_up(leaving=8)

    assert await world.execution.recheck_unknown() == []

    assert (await world.request(), world.kore.limit.most) == (asked, 0)
