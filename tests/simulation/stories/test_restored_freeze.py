"""Restore a backup that was taken during a freeze, after the end of that freeze."""

import sqlite3
from contextlib import closing

from deletion.stores.freeze_store import FreezeStore
from tests.simulation.stories.restart_steps import WITH_APPROVAL
from tests.simulation.stories.steps import CAMPAIGN, freezes, request_deletion, same, unfreezes
from tests.simulation.stories.test_late_notices import FROZE, UNFROZE, said
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import eventually


async def test_freeze_of_a_restored_database_is_said_again_in_channels_and_on_cards() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob, carol = world.person("U0BOB"), world.person("U0CAROL")
        card = await request_deletion(world, CAMPAIGN)
        await freezes(carol)
        frozen = await same(bob, card, "All requests are frozen")
        await eventually(world.has_said_all, "the notice of the freeze")
        file = world.database.url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file)) as database, closing(sqlite3.connect(":memory:")) as backup:
            database.backup(backup)
            await unfreezes(carol)
            await eventually(world.has_said_all, "the end of the freeze")
            await world.bot.stop()
            backup.backup(database)
        assert await said(world) == [FROZE, UNFROZE]
        engine = world.open_engine()
        freezing = FreezeStore(engine)
        current = await freezing.current()
        assert current
        assert await freezing.show_again(current, ["C0OPSEMEA"])
        await engine.dispose()

        await world.bot.start()

        assert (await same(bob, card, "All requests are frozen"))["text"] == frozen["text"]
        await eventually(lambda: says(world, FROZE, UNFROZE, FROZE), "the notice once more")
        await unfreezes(carol)
        await eventually(lambda: says(world, FROZE, UNFROZE, FROZE, UNFROZE), "its end")


async def says(world: World, *events: str) -> bool:
    return await said(world) == [*events]
