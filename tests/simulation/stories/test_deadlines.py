"""Reminder and expiry, also if the bot was down when they were due."""

from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, buttons, click, request_deletion
from tests.simulation.world import open_simulated_world
from tests.stories.person import eventually

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVAL_TTL": "20s", "APPROVAL_REMINDER": "1s"}


async def test_reminder_and_expiry_survive_restart_and_happen_once() -> None:
    async with open_simulated_world(**SETTINGS) as world:
        bob = world.person("U0BOB")
        card = await request_deletion(world, await world.fresh_campaign())
        await world.bot.stop()
        await world.bot.start()
        await eventually(world.is_connected, "the bot connected again")

        await bob.reads("<!subteam^S0APPROVE> This request is still waiting for a decision.", CARDS)
        expired = await bob.reads("the request was not approved in time.", CARDS)

        assert expired["ts"] == card["ts"]
        assert not buttons(expired)
        await world.person("U0ALICE").reads("the request was not approved in time.", "D0ALICE")
        reminders = [message for message in await bob.messages(CARDS) if "still waiting" in message["text"]]
        assert len(reminders) == 1
        assert not await world.deletes()


async def test_click_on_overdue_request_expires_it() -> None:
    async with open_simulated_world(KORE_API_VERSION="v2", **{**SETTINGS, "APPROVAL_TTL": "2s"}) as world:
        bob = world.person("U0BOB")
        card = await request_deletion(world, await world.fresh_campaign())
        await world.outlast(2)
        if buttons(await bob.reads("", CARDS)):  # unless the sweep has expired it already
            await click(bob, card, ids.APPROVE_BUTTON)
            await bob.modal(ids.NOTICE_VIEW, "expired")
        await bob.reads("the request was not approved in time.", CARDS)
