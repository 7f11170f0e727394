"""A story in virtual time is the same story each time, callback by callback."""

import asyncio

import pytest

from tests.simulation.loop import SimulatedLoop
from tests.simulation.process import Process
from tests.simulation.world import open_simulated_world

CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
NAME = "Interactive Support SMS Campaign"


def trace_of(seed: int) -> list[object]:
    """Run one delete and return its exchanges with Slack and Kore.ai, and when each callback ran."""
    loop, trace = SimulatedLoop(seed), list[object]()

    def note(process: Process | None) -> None:
        trace.append((loop.now, process.name if process else None))

    async def story() -> None:
        async with open_simulated_world() as world:
            alice = world.person("U0ALICE")
            assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
            await alice.reads(f"`{NAME}` was deleted.")
            trace.append(world.sandbox.traffic.after())

    loop.before_callback = note
    try:
        loop.run_until_complete(asyncio.wait_for(story(), 60))
    finally:
        loop.close()
    return trace


@pytest.mark.parametrize("seed", [1, 2])
def test_same_seed_gives_same_trace(seed: int) -> None:
    assert trace_of(seed) == trace_of(seed)


def test_other_seed_gives_other_trace() -> None:
    assert trace_of(1) != trace_of(2)
