"""The journal of the real bot: without its entry nothing is deleted, and operators can verify it."""

import json
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from slack_ui.parts import ids
from tests.deletion.values import accept_entries, refuse_entries
from tests.stories.conftest import World, open_world
from tests.stories.journal_command import run_command
from tests.stories.person import REASON, eventually

CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
NAME = "Interactive Support SMS Campaign"
UNWRITABLE = "no space left"


async def test_action_without_journal_entry_does_not_happen(tmp_path: Path, database_url: str) -> None:
    settings = {"DATABASE_URL": database_url, "LOG_FORMAT": "json", "LOG_LEVEL": "WARNING"}
    async with open_world(tmp_path, "http", "v1", **settings) as world:
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
        logged = [said["entry"] for said in map(json.loads, world.bot.log.read_text().splitlines()) if "entry" in said]
        assert [entry["event"] for entry in logged] == ["requested"]
        assert logged == list(map(json.loads, (await run_command(world, "export")).splitlines()))


async def test_journal_records_every_change_and_verifies_while_bot_runs(world: World) -> None:
    alice, campaign_id = world.person("U0ALICE"), await world.fresh_campaign()
    assert not await alice.submits(await alice.asks_to_delete(campaign_id), NAME)
    await alice.reads("was deleted.")

    assert "Intact: " in await run_command(world, "verify")
    exported = await run_command(world, "export", "--since", "1h")
    story = [entry for entry in map(json.loads, exported.splitlines()) if entry["campaign_id"] == campaign_id]
    assert [entry["event"] for entry in story] == ["requested", "attempting", "attempted", "deleted"]
    people = [(entry["actor_id"], entry["actor_team_id"], entry["surface"]) for entry in story]
    assert people == [("U0ALICE", "T0SANDBOX", "confirm modal")] + 3 * [("engine", "", "engine")]
    assert len({(entry["request_id"], entry["details"]["fingerprint"]) for entry in story}) == 1
    told = {"attempt": "confirmed", "kore_message": f"Campaign {NAME} deleted successfully", "observation": "absent"}
    assert told.items() <= story[-1]["details"].items()


def database(world: World, do: Callable[[sa.Connection], None]) -> None:
    engine = sa.create_engine(world.bot.settings["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.begin() as connection:
            do(connection)
    finally:
        engine.dispose()


async def is_logged(world: World, text: str) -> bool:
    return text in world.bot.log.read_text()
