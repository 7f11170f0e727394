"""Request a deletion in practice, restart the bot without it, and read what is stored."""

import json
from typing import Any

from deletion.db.tables import requests
from tests.simulation.stories.steps import CARDS, NAME
from tests.stories.conftest import World
from tests.stories.person import eventually

WAITS = "is waiting for approval, in practice."
ROOM = "C0OPSEMEA"
SETTINGS = {
    "PRACTICE": "1",
    "APPROVALS_REQUIRED": "1",
    "APPROVERS": "S0APPROVE",
    "REQUESTERS": "S0REQUEST",
    "OPS_ROOMS": ROOM,
    "UNDO_WINDOW": "10s",
    "ARCHIVE_KEY": "Ym90J3MgYXJjaGl2ZSBrZXkgZm9yIHByYWN0aWNlISE=",
}
SAID_IN = ("chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.update", "views.publish")


async def restarts(world: World, **changed: str) -> None:
    await world.bot.stop()
    world.bot.settings.update(changed)
    await world.bot.start()
    await eventually(world.is_connected, "the bot connected again")


async def rows(world: World, table: Any) -> list[dict[str, Any]]:
    engine = world.open_engine()
    async with engine.connect() as connection:
        found = [dict(row) for row in (await connection.execute(table.select())).mappings()]
    await engine.dispose()
    return found


async def states(world: World) -> list[str]:
    return [row["state"] for row in await rows(world, requests)]


async def silent_surfaces(world: World) -> list[str]:
    """Return what Slack got from the bot without the word: calls, acknowledgements, and what people see of it."""
    traffic = (await world.api.get("/sandbox/traffic")).json()
    sent = [(each["what"], json.dumps(each["request"])) for each in traffic if each["what"] in SAID_IN]
    sent += [
        (each["what"], json.dumps(each["response"]))
        for each in traffic
        if each["direction"] == "to_bot" and "view" in (each["response"] or {})
    ]
    for user_id in ("U0ALICE", "U0BOB", "U0CAROL"):
        seen = (await world.person(user_id).sees())["messages"]
        sent += [(user_id, json.dumps(each)) for told in seen.values() for each in told if each["user"] == "U0BOT"]
    assert sent
    return [f"{what}: {said}" for what, said in sent if "practice" not in said.lower()]


async def asks(world: World, campaign: str) -> dict[str, Any]:
    """Request a deletion as Alice, in practice, and return the card."""
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)
    return await world.person("U0BOB").reads(WAITS, CARDS)
