"""A bot that keeps dying while it verifies a delete runs no more workflows than one that lives."""

import asyncio
import signal

from tests.simulation.world import SimulatedWorld
from tests.stories.person import eventually

NAME = "Interactive Support SMS Campaign"
LEASE_SECONDS = 45  # and the time that a call may take
STARTS = 10
LIFE_SECONDS = 3
SLOW_MS = 5_000


async def test_bot_that_keeps_dying_runs_one_workflow_per_request(world: SimulatedWorld) -> None:
    campaign_id, alice = await world.fresh_campaign(), world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign_id)
    await world.fault("kore", "delete", "delay", delay_ms=SLOW_MS)
    assert not await alice.submits(view, NAME)

    async def is_deleting() -> bool:
        return bool(await world.deletes())

    await eventually(is_deleting, "the DELETE")
    await world.bot.stop(signal.SIGKILL)
    await asyncio.sleep(LEASE_SECONDS)
    for operation in ("get", "status"):
        await world.fault("kore", operation, "delay", delay_ms=SLOW_MS, times=None)
    for _ in range(STARTS):
        await world.bot.start()
        await asyncio.sleep(LIFE_SECONDS)
        await world.bot.stop(signal.SIGKILL)
    assert len(world.workflows_in_flight("execute")) == 1

    await world.api.delete("/sandbox/faults")
    await world.bot.start()
    await alice.reads(f"`{NAME}` is gone.")
    assert len(await world.deletes()) == 1
