"""A campaign that was deleted and is there again is told of in the same rooms."""

from datetime import timedelta

from deletion.db.tables import requests
from deletion.domain.clock import now
from tests.simulation.stories.steps import NAME
from tests.simulation.world import open_simulated_world
from tests.stories.person import eventually, shown

CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"


async def test_reappearance_is_told_in_new_messages_and_in_the_earlier_ones() -> None:
    async with open_simulated_world(OPS_ROOMS="C0OPSEMEA") as world:
        alice = world.person("U0ALICE")
        assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
        first = await alice.reads(f"`{NAME}` was deleted.", "C0OPSEMEA")
        await world.campaign(CAMPAIGN, deleted=False)
        engine = world.open_engine()
        async with engine.begin() as connection:
            await connection.execute(requests.update().values(recheck_at=now() - timedelta(seconds=1)))
        await engine.dispose()

        for channel in ("C0CAMPAIGNS", "C0OPSEMEA"):
            again = await alice.reads(f"`{NAME}` is there again", channel)
            assert "There again" in shown(again["blocks"])

        async def both_told() -> bool:
            told = {each["ts"] for each in await alice.messages("C0OPSEMEA") if "is there again" in each["text"]}
            return first["ts"] in told and len(told) == 2

        await eventually(both_told, "the earlier message and a new one")
