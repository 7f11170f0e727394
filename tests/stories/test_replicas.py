"""Two real replicas on one PostgreSQL."""

from datetime import datetime
from pathlib import Path

from deletion.catalogue.sync_state import FRESH
from tests.postgres import database
from tests.simulation.stories.picker_steps import picker
from tests.stories.bot import BotProcess
from tests.stories.conftest import open_world
from tests.stories.person import eventually


async def test_two_replicas_share_one_sync_of_the_list(tmp_path: Path, postgres_server: str) -> None:
    with database(postgres_server) as url, database(postgres_server) as empty:
        async with open_world(tmp_path, "socket", "v1", DATABASE_URL=url) as world:
            assert await world.bot.stop() == 0
            await world.api.delete("/sandbox/traffic")
            world.bot.settings["DATABASE_URL"] = empty
            await world.bot.start()
            await eventually(world.is_connected, "the bot connected again")
            other = BotProcess.against(str(world.api.base_url), tmp_path, by_http=False, DATABASE_URL=empty)
            await other.start()
            people = [world.person(user) for user in ("U0ALICE", "U0BOB") * 3]
            for person in people:
                await picker(person, containing="campaigns in Kore.ai's list, as of")
            # The check at each start reads one campaign.
            pages = [call for call in await world.calls("list") if call["request"]["body"]["limit"] > 1]
            first, *_ = times = [datetime.fromisoformat(page["at"]) for page in pages]
            read = zip(pages, times, strict=True)
            synced = [page["request"]["body"]["type"] for page, at in read if at < first + 0.9 * FRESH]  # no next sync
            assert sorted(synced) == ["sms", "voice"], "one page of each type"
            assert await other.stop() == 0
