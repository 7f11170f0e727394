"""Delete two campaigns as a list, and read the files of its result."""

import csv
import io
from typing import Any, NamedTuple

from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many
from tests.stories.conftest import World
from tests.stories.person import eventually

ORIGIN, ROOMS = "C0CAMPAIGNS", ("C0OPSEMEA", "C0OPSAMER")
DONE = "2 of 2 campaigns were deleted."
COMPLETE, ADDRESS = "files.completeUploadExternal", "files.getUploadURLExternal"
SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "2s"}
GRANTED = {**SETTINGS, "SANDBOX_SCOPES": "files:write"}


class SharedFile(NamedTuple):
    parent: str  # the ts of the message whose thread it is in
    title: str
    outcomes: dict[str, str]


async def files_in(world: World, channel: str) -> list[SharedFile]:
    """Return the files of a channel's threads."""
    messages = await world.person("U0BOB").messages(channel)
    return [
        SharedFile(each["thread_ts"], file["title"], await outcomes(world, file))
        for each in messages
        for file in each["files"]
    ]


async def outcomes(world: World, file: dict[str, Any]) -> dict[str, str]:
    content = (await world.api.get(file["url"])).content.decode("utf-8-sig")
    told = csv.DictReader(io.StringIO(content, newline=""), strict=True)
    return {row["Campaign"]: row["Outcome"] for row in told}


async def deletes_two(world: World) -> dict[str, Any]:
    """Have a list of two campaigns deleted, and return its card."""
    bob, made = world.person("U0BOB"), await campaigns(world, 2)
    card = await requests_many(world, list(made.values()))
    await approves_many(bob, card, 2)
    return await card_says(bob, card, DONE)


async def has_file(world: World, channel: str) -> list[SharedFile]:
    found: list[SharedFile] = await eventually(lambda: files_in(world, channel), f"a file in {channel}")
    return found
