"""A restart with the settings of another Kore.ai account leaves the requests of the first one alone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from deletion.db.connection import open_engine
from deletion.db.tables import requests
from deletion.domain.clock import now
from sandbox.server import Sandbox, running
from tests.stories.conftest import World, open_world
from tests.stories.person import eventually, shown
from tests.stories.test_delete import NAME

CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
SETTINGS = {"APPROVALS_REQUIRED": "0", "UNDO_WINDOW": "1h"}


@pytest.fixture
async def elsewhere() -> AsyncIterator[Sandbox]:
    """Another Kore.ai that has campaigns with the same ids."""
    async with running() as sandbox:
        yield sandbox


async def end_undo_window(world: World) -> None:
    engine = open_engine(world.bot.settings["DATABASE_URL"])
    async with engine.begin() as connection:
        past = now() - timedelta(minutes=5)
        await connection.execute(requests.update().values(execute_after=past, changed_at=past))
    await engine.dispose()


@pytest.mark.parametrize("setting", ["KORE_BASE_URL", "KORE_APP_ID", "KORE_ACCOUNT_ID"])
async def test_restart_within_undo_window_with_another_account_deletes_nothing(
    tmp_path: Path, elsewhere: Sandbox, setting: str
) -> None:
    other = {"KORE_BASE_URL": elsewhere.url, "KORE_APP_ID": "st-other", "KORE_ACCOUNT_ID": "67777ce9"}
    async with open_world(tmp_path, "http", "v1", **SETTINGS) as world:
        alice = world.person("U0ALICE")
        assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
        await alice.reads("will be deleted")
        await world.bot.stop()
        await end_undo_window(world)
        world.bot.settings[setting] = other[setting]
        await world.bot.start()
        await eventually(world.is_connected, "the bot connected again")

        ended = await alice.reads(f"`{NAME}` was not deleted.")

        assert "for another Kore.ai account" in shown(ended["blocks"])
        assert not await world.deletes()
        assert not elsewhere.kore.memory.deletes
