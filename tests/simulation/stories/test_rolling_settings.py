"""Replace one replica by another with other settings, as a rolling update does, while requests await approval."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from settings.applications import read_applications
from tests.simulation.stories.restart_steps import WITH_APPROVAL
from tests.simulation.stories.steps import CARDS, request_deletion
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.person import eventually

WAITING = 6  # requests: each of the two replicas shows some of them


@asynccontextmanager
async def replaced(world: SimulatedWorld, **settings: str) -> AsyncIterator[None]:
    """Run another replica with these settings; two minutes later the bot ends."""
    replica = world.another_replica(read_applications({**world.bot.settings, **settings}))
    try:
        await replica.start()
        await world.outlast(120)
        await world.bot.stop()
        yield
        await replica.stop()
    finally:
        replica.kill()
        replica.bury()


async def test_waiting_requests_name_the_approvers_of_the_replica_that_stays() -> None:
    async with open_simulated_world(**WITH_APPROVAL, APPROVERS="U0BOB") as world:
        for _ in range(WAITING):
            await request_deletion(world, await world.fresh_campaign())
        await eventually(world.has_said_all, "the end of all messages")

        async with replaced(world, APPROVERS="U0CAROL"):
            await world.outlast(60)

            cards = [card["text"] for card in await world.person("U0BOB").messages(CARDS) if "waiting" in card["text"]]
            assert len(cards) == WAITING
            assert ["<@U0CAROL>" in card for card in cards] == [True] * WAITING
            assert not any("<@U0BOB>" in card for card in cards)
