"""The journal of the real bot: if it cannot be written, nothing is deleted."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from slack_ui import ids
from tests.deletion.values import accept_entries, refuse_entries
from tests.stories.conftest import World, open_world
from tests.stories.person import REASON, eventually

CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
NAME = "Interactive Support SMS Campaign"
UNWRITABLE = "no space left"


async def test_what_cannot_be_written_down_is_not_done(tmp_path: Path, database_url: str) -> None:
    async with open_world(tmp_path, "http", "v1", DATABASE_URL=database_url) as world:
        alice = world.person("U0ALICE")
        view = await alice.asks_to_delete(CAMPAIGN)

        database(world, refuse_entries)
        typed = {ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}, ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: NAME}}
        said = await alice.does("modal/submit", view_id=view["id"], values=typed)
        assert not said["delivered"]
        assert (await alice.modal(ids.CONFIRM_VIEW))["id"] == view["id"]
        database(world, accept_entries)

        database(world, lambda connection: refuse_entries(connection, "NEW.event = 'attempting'"))
        world.bot.log.write_text("")
        assert not await alice.submits(view, NAME)
        await eventually(lambda: is_logged(world, UNWRITABLE), "a delete that could not be written down")

        assert await world.deletes() == []
        assert "was deleted" not in str(await alice.messages())


def database(world: World, do: Callable[[sa.Connection], None]) -> None:
    engine = sa.create_engine(world.bot.settings["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.begin() as connection:
            do(connection)
    finally:
        engine.dispose()


async def is_logged(world: World, text: str) -> bool:
    return text in world.bot.log.read_text()
