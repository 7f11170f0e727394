"""The sources that showed a campaign outlive a crash between the DELETE and its verification."""

from collections.abc import AsyncIterator

import pytest

from deletion.domain.attempt import AttemptKind, Observation
from deletion.domain.states import State
from deletion.domain.witnesses import Source
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World, open_world
from tests.kore_api.samples import SEEDED_ID


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url) as world:
        await world.change(witnesses=None)
        yield world


async def test_sources_are_recorded_with_the_swap_to_deleting(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "lost_answer"))

    await world.attempt()

    deleting = await world.request()
    assert deleting.state is State.DELETING
    assert deleting.witnesses
    assert deleting.witnesses.sources == (Source.GET, Source.STATUS)


async def test_lost_delete_is_verified_after_a_restart_by_the_recorded_sources(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "lost_answer"))
    await world.attempt()
    world.faults.add(Fault("kore", "list", "status", status=500, times=None))

    await world.restarted().advance()

    ended = await world.request()
    assert ended.attempt
    assert (ended.attempt.kind, ended.observation, ended.state) == (
        AttemptKind.NO_ANSWER, Observation.ABSENT, State.GONE,
    )  # fmt: skip


async def test_delete_of_a_campaign_that_no_second_source_shows_ends_unknown(world: World) -> None:
    for operation in ("status", "list"):
        world.faults.add(Fault("kore", operation, "status", status=500, times=None))
    await world.attempt()
    assert world.kore.memory.living(SEEDED_ID) is None
    world.faults.clear()

    await world.advance()

    ended = await world.request()
    assert ended.witnesses
    assert ended.witnesses.sources == (Source.GET,)
    assert (ended.observation, ended.state) == (Observation.UNCLEAR, State.UNKNOWN)
