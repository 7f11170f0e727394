"""A rebuild whose campaign does not show is kept whole in the row and in the journal."""

from datetime import timedelta

import pytest

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.states import State
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.rebuild_steps import begun, changed, made
from tests.deletion.lifecycle.record import attempted, become, journal
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

CREATED = f"{SEEDED_ID[:-4]}0999"


@pytest.mark.parametrize("minutes", [0, 9])
async def test_verification_that_meets_the_rate_limit(world: World, minutes: int) -> None:
    since = now() - timedelta(minutes=minutes) if minutes else None
    asked = await begun(world, AttemptKind.CONFIRMED, CREATED, waiting_since=since)
    await world.use_up(leaving=0)

    due = await world.advance(asked.id)

    kept = await world.request(asked.id)
    assert due
    assert kept.waiting_since
    await become(world, asked, 1, execute_after=due, waiting_since=since or kept.waiting_since)


async def test_verification_that_met_the_rate_limit_for_ten_minutes(world: World) -> None:
    since = now() - timedelta(minutes=11)
    asked = await begun(world, AttemptKind.CONFIRMED, CREATED, waiting_since=since)
    await world.use_up(leaving=0)

    await world.advance(asked.id)

    assert asked.attempt
    await become(world, asked, 1, state=State.UNKNOWN, observation=Observation.UNCLEAR)
    told = {**attempted(asked.attempt), "observation": "unclear", "created": CREATED}
    assert await journal(world, asked) == [("unknown", told)]


async def test_created_campaign_is_looked_for_three_times_and_once_more_later(world: World) -> None:
    asked = await begun(world, AttemptKind.CONFIRMED)
    created = made(world, now())
    world.kore.memory.campaigns[created]["deleted"] = True
    asked = await changed(world, asked, created_id=created)
    reads = await world.kore_reads()

    await world.advance(asked.id)

    assert asked.attempt
    assert await world.kore_reads() == reads + 3
    unknown = await become(world, asked, 1, state=State.UNKNOWN, observation=Observation.ABSENT)
    await changed(world, unknown, changed_at=now() - timedelta(minutes=5))
    assert await world.execution.recheck_unknown() == [asked.id]
    assert await world.kore_reads() == reads + 4
    told = {**attempted(asked.attempt), "observation": "absent", "created": created}
    assert await journal(world, asked) == [("unknown", told), ("looked again", told)]


async def test_watch_over_a_created_campaign_leaves_calls_that_its_verification_takes(world: World) -> None:
    ago = now() - timedelta(minutes=5)
    confirmed = Attempt(kind=AttemptKind.CONFIRMED, at=ago)
    asked = await begun(world, AttemptKind.CONFIRMED, state=State.UNKNOWN, attempt=confirmed, changed_at=ago)
    asked = await changed(world, asked, created_id=made(world, ago))
    await world.use_up(leaving=8)

    assert await world.execution.recheck_unknown() == []
    assert await world.request(asked.id) == asked

    await changed(world, asked, state=State.REBUILDING)
    await world.advance(asked.id)

    assert (await world.request(asked.id)).state is State.REBUILT
