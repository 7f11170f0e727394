"""A restart with the settings of another Kore.ai account leaves the requests of the first one alone."""

import pytest

from tests.simulation.stories.steps import CAMPAIGN, NAME
from tests.simulation.stories.stored_requests import end_undo_window
from tests.simulation.world import open_simulated_world
from tests.stories.person import eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "0", "UNDO_WINDOW": "1h"}


@pytest.mark.parametrize(
    ("setting", "other"),
    [("KORE_BASE_URL", "http://127.0.0.1:10"), ("KORE_APP_ID", "st-other"), ("KORE_ACCOUNT_ID", "67777ce9")],
)
async def test_restart_within_undo_window_with_another_account_deletes_nothing(setting: str, other: str) -> None:
    async with open_simulated_world(**SETTINGS) as world:
        alice = world.person("U0ALICE")
        assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
        await alice.reads("will be deleted")
        await world.bot.stop()
        await end_undo_window(world)
        world.bot.settings[setting] = other
        await world.bot.start()
        await eventually(world.is_connected, "the bot connected again")

        ended = await alice.reads(f"`{NAME}` was not deleted.")

        assert "for another Kore.ai account" in shown(ended["blocks"])
        assert not await world.deletes()
