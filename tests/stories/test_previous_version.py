"""A database of the previous version is continued: every request ends as it would have, and nothing is deleted twice.

``tests/previous_version`` has the databases. Their times are moved, all by the same span, so that the bot seems to have
been killed a while ago: requests expire after a day, and an outcome that is not known is watched for one. The journal's
own times stay, because its entries carry hashes of them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL
from typing import Any

import httpx

from sandbox.server import running
from tests.previous_version import story
from tests.previous_version.database import HEAD, STATES, UNTOLD, rows
from tests.previous_version.restore import restore, restore_slack
from tests.previous_version.story import Campaign
from tests.simulation.stories.home_steps import home
from tests.simulation.stories.steps import CARDS, approve, campaigns_of, click, rebuild, same
from tests.stories.bot import BotProcess
from tests.stories.conftest import LATENCY_MS, World, be_patient
from tests.stories.journal_command import run_command
from tests.stories.person import PATIENCE_SECONDS, eventually
from tests.torture.people import patiently

# One undo window of half an hour is over by then, the other of a day is not. A room that refused a message is tried
# for an hour, and an unanswered delete did not happen if the campaign is still there after ten minutes.
KILLED_AGO = timedelta(minutes=40)
GONE = (story.DELETED, story.ANSWERED, story.INTERRUPTED_AND_GONE, story.UNKNOWN_AND_GONE)
LEFT = {
    story.DELETED: "deleted",
    story.DUE: "approved",
    story.STOPPABLE: "approved",
    story.UNKNOWN_AND_THERE: "unknown",
    story.UNKNOWN_AND_GONE: "unknown",
    story.WAITING: "awaiting approval",
    story.WITHDRAWN: "cancelled",
    story.ANSWERED: "deleting",
    story.INTERRUPTED: "deleting",
    story.INTERRUPTED_AND_GONE: "deleting",
}
ENDED = {
    **LEFT,
    story.DUE: "deleted",
    story.STOPPABLE: "stopped",
    story.UNKNOWN_AND_THERE: "failed",
    story.UNKNOWN_AND_GONE: "gone",
    story.WAITING: "deleted",
    story.ANSWERED: "deleted",
    story.INTERRUPTED: "failed",
    story.INTERRUPTED_AND_GONE: "gone",
}
HEADLINES = {
    "deleted": "was deleted.", "gone": "is gone.", "failed": "was not deleted.",
    "cancelled": "the request was withdrawn.", "stopped": "the deletion was stopped in time.",
}  # fmt: skip


@asynccontextmanager
async def continued(url: str, folder: Path) -> AsyncIterator[World]:
    """Slack and Kore.ai as the previous version left them, and the bot, which has just been started again."""
    async with (
        running(latency_ms=LATENCY_MS) as sandbox,
        httpx.AsyncClient(base_url=sandbox.url, timeout=PATIENCE_SECONDS) as api,
    ):
        be_patient(sandbox)
        restore_slack(sandbox, url)
        await api.post("/sandbox/kore/limit", json=story.LIMIT)
        for campaign in GONE:
            await api.delete(f"/sandbox/kore/campaigns/{campaign.id}")
        bot = BotProcess.against(sandbox.url, folder, by_http=False, **{**story.SETTINGS, "DATABASE_URL": url})
        world = World(api, bot, sandbox)
        try:
            await bot.start()
            await eventually(world.is_connected, "the bot connected")
            yield world
            assert await bot.stop() == 0, bot.log.read_text()
            assert "Traceback" not in bot.log.read_text(), bot.log.read_text()  # of what it could not read, say
        finally:
            await bot.stop(SIGKILL)


async def test_what_the_previous_version_left_is_continued(empty_database_url: str, tmp_path: Path) -> None:
    restore(empty_database_url, KILLED_AGO)
    assert states(empty_database_url) == LEFT
    assert untold(empty_database_url)
    (head,) = rows(empty_database_url, HEAD)
    async with continued(empty_database_url, tmp_path) as world:
        alice, bob = world.person("U0ALICE", CARDS), world.person("U0BOB")

        card = await card_of(world, story.STOPPABLE)
        await click(alice, card, story.button(card, "Stop the delete"))
        assert not await approve(bob, await card_of(world, story.WAITING), story.WAITING.id[-4:])
        # A sealed campaign is opened again.
        assert not await rebuild(alice, await card_of(world, story.DELETED))
        asked = await bob.reads(f"`{story.DELETED.name}` is waiting for approval to be rebuilt.", CARDS)
        assert not await approve(bob, asked, story.DELETED.id[-4:])

        # What was interrupted waits for half a minute, in case its sender is still alive.
        await patiently(lambda: states(empty_database_url) == ENDED, PATIENCE_SECONDS)
        assert states(empty_database_url) == ENDED
        for campaign, state in ENDED.items():
            await same(bob, await card_of(world, campaign), HEADLINES[state])
        await same(bob, asked, "was rebuilt")
        await eventually(world.has_said_all, "an end of what was begun")
        await eventually(lambda: everything_is_told(world), "every message that was owed")
        await alice.reads("the request was withdrawn.", "D0ALICE")
        for room in ("C0CAMPAIGNS", "C0OPSEMEA", "C0OPSAMER"):
            await bob.reads("the request was withdrawn.", room)
        await home(alice, story.DUE.name)  # she had it open

        assert len(await campaigns_of(world, story.DELETED.name)) == 1
        sent = (story.DUE, story.WAITING)
        assert sorted(await world.deletes()) == sorted(campaign.id for campaign in sent)
        said = await run_command(world, "verify", "--head", f"{head['seq']}:{head['hash']}")
        (last,) = rows(empty_database_url, HEAD)
        assert f"Intact: {last['seq']} entries, 1 to {last['seq']}." in said
        assert last["seq"] > head["seq"]


async def card_of(world: World, campaign: Campaign) -> dict[str, Any]:
    """As the previous version posted it, and this one updates it."""
    card = await story.card_of(world.person("U0BOB"), campaign)
    assert card, campaign
    return card


def states(url: str) -> dict[Campaign, str]:
    """Where the requests to delete stand; a rebuild is of the same campaign."""
    found = {row["campaign_id"]: str(row["state"]) for row in rows(url, STATES) if not row["rebuilds"]}
    return {campaign: found[campaign.id] for campaign in LEFT}


def untold(url: str) -> int:
    return int(rows(url, UNTOLD)[0]["messages"])


async def everything_is_told(world: World) -> bool:
    return not untold(world.bot.settings["DATABASE_URL"])
