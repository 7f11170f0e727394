"""The computer of the bot is suspended between two of its steps, as a closed laptop is."""

import asyncio

from deletion.lifecycle.delete_executor import MAX_AGE_SECONDS
from slack_ui.parts import ids
from tests.simulation.stories.steps import NAME
from tests.simulation.world import open_simulated_world
from tests.stories.person import eventually, shown

ASLEEP_SECONDS = MAX_AGE_SECONDS + 3
KEPT = "KEEP - legal hold"


async def test_campaign_renamed_while_the_computer_was_suspended_is_not_deleted() -> None:
    async with open_simulated_world(APPROVALS_REQUIRED="0", UNDO_WINDOW="0") as world:
        alice, campaign = world.person("U0ALICE"), await world.fresh_campaign()
        form = await alice.asks_to_delete(campaign)
        assert form["callback_id"] == ids.CONFIRM_VIEW
        reads = len(await world.calls("get"))
        await world.fault("slack", "users.info", "delay", delay_ms=200)  # before the form is recorded
        await world.fault("slack", "users.info", "delay", delay_ms=1_000)  # while the campaign is read for its delete
        assert not await alice.submits(form, NAME)

        async def is_read() -> bool:
            return len(await world.calls("get")) > reads

        await eventually(is_read, "the read before the delete")
        await asyncio.sleep(0.1)
        world.suspend_computer(ASLEEP_SECONDS)
        await asyncio.sleep(1)
        await world.campaign(campaign, name=KEPT)

        message = await alice.reads("was not deleted: it has changed")
        assert KEPT in shown(message["blocks"])
        assert await world.deletes() == []
