"""The users' actions and the faults up to the kill."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.previous_version import story
from tests.previous_version.database import engine_table, rows
from tests.previous_version.story import Campaign
from tests.simulation.stories.steps import CARDS, approve, click, freezes, same, unfreezes
from tests.stories.conftest import World
from tests.stories.person import eventually

SLOW_MS = 60_000
STUCK_MS = 4_000  # longer than any step that waits for no vendor
LOOKED_AT_AFTER_SECONDS = 30
ROOM_WITHOUT_THE_BOT = "C0OPSAMER"
Cards = dict[Campaign, dict[str, Any]]


async def play(world: World) -> None:
    """Run all parts, and return while the bot is busy, so that it can be killed at once."""
    async with living(world, undo_window="0"):
        await delete_one(world)
    for campaign, undo_window in ((story.DUE, "30m"), (story.STOPPABLE, "24h")):
        async with living(world, undo_window):
            await approved(world, {campaign: await asked(world, campaign)}, campaign, "will be deleted")
    await start(world, undo_window="0")
    cards = {campaign: await asked(world, campaign) for campaign in story.ASKED_LAST}
    await eventually(world.has_said_all, "every card")
    await lose_two(world, cards)
    await begin_others(world, cards)


async def delete_one(world: World) -> None:
    """Delete one campaign after a lifted freeze, with an open Home and an unreachable room."""
    bob = world.person("U0BOB")
    await freezes(bob)
    await unfreezes(bob)
    await world.person("U0ALICE").does("home")
    await world.api.post("/sandbox/member", json={"channel": ROOM_WITHOUT_THE_BOT, "user": "U0BOT", "in": False})
    await approved(world, {story.DELETED: await asked(world, story.DELETED)}, story.DELETED, "was deleted.")


async def lose_two(world: World, cards: Cards) -> None:
    """Leave two deletes with an unknown outcome. Return when the bot rechecks them without an answer."""
    await world.fault("kore", "delete", "status", status=500)
    await approved(world, cards, story.UNKNOWN_AND_THERE, "may or may not be deleted.")
    await world.fault("kore", "delete", "lost_answer")
    await world.fault("kore", "list", "status", status=401, times=None)
    await approved(world, cards, story.UNKNOWN_AND_GONE, "may or may not be deleted.")
    await world.api.delete("/sandbox/faults")
    await world.fault("kore", "list", "delay", delay_ms=SLOW_MS, times=None)
    await world.outlast(LOOKED_AT_AFTER_SECONDS - 10)
    await eventually(lambda: is_stuck(world, "sweep"), "the recheck of the unknown outcomes")


async def begin_others(world: World, cards: Cards) -> None:
    """Start further requests, and return while their calls are in flight."""
    await approved(world, cards, story.ANSWERED)
    await eventually(lambda: is_answered(world), "an answer to a DELETE")
    await world.fault("kore", "delete", "delay", delay_ms=SLOW_MS, times=None)
    interrupted = (story.INTERRUPTED, story.INTERRUPTED_AND_GONE)
    for campaign in interrupted:
        await approved(world, cards, campaign, "is being deleted")
    await world.fault("slack", "chat.postMessage", "delay", delay_ms=SLOW_MS, times=None)
    await world.fault("slack", "chat.update", "status", status=503, times=None)
    card = cards[story.WITHDRAWN]
    await click(world.person("U0ALICE", CARDS), card, story.button(card, "Withdraw"))
    await eventually(lambda: is_withdrawn(world), "a request that is withdrawn")
    await eventually(lambda: is_stuck(world, "show"), "messages on their way")
    assert await is_stuck(world, "sweep")
    assert set(await world.deletes()) > {campaign.id for campaign in interrupted}


async def asked(world: World, campaign: Campaign) -> dict[str, Any]:
    """Let Alice request a delete, and return the card."""
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    assert not await alice.submits(await alice.asks_to_delete(campaign.id), campaign.name)
    card: dict[str, Any] = await eventually(lambda: story.card_of(bob, campaign), f"a card for {campaign.name}")
    return card


async def approved(world: World, cards: Cards, campaign: Campaign, headline: str = "") -> None:
    """Let Bob approve, and return when the card shows the result."""
    bob = world.person("U0BOB")
    assert not await approve(bob, cards[campaign], campaign.id[-4:])
    await same(bob, cards[campaign], headline)


async def start(world: World, undo_window: str) -> None:
    world.bot.settings["UNDO_WINDOW"] = undo_window
    await world.bot.start()
    await eventually(world.is_connected, "the bot connected")


@asynccontextmanager
async def living(world: World, undo_window: str) -> AsyncIterator[None]:
    """Run a bot that at the end has sent all messages and is stopped with SIGTERM."""
    await start(world, undo_window)
    yield
    await eventually(world.has_said_all, "an end of what was begun")
    assert await world.bot.stop() == 0


async def is_answered(world: World) -> bool:
    query = "SELECT 1 FROM requests WHERE campaign_id = :id AND state = 'deleting' AND attempt IS NOT NULL"
    return bool(rows(world.bot.settings["DATABASE_URL"], query, id=story.ANSWERED.id))


async def is_withdrawn(world: World) -> bool:
    query = "SELECT 1 FROM requests WHERE campaign_id = :id AND state = 'cancelled'"
    return bool(rows(world.bot.settings["DATABASE_URL"], query, id=story.WITHDRAWN.id))


async def is_stuck(world: World, name: str) -> bool:
    """Return whether a workflow of this name has begun and waits for a vendor."""
    url = world.bot.settings["DATABASE_URL"]
    statuses = engine_table(url, "workflow_status")
    query = f"SELECT 1 FROM {statuses} WHERE status = 'PENDING' AND name = :name AND created_at < :before"  # noqa: S608 - a name of ours
    return bool(rows(url, query, name=name, before=time.time() * 1000 - STUCK_MS))
