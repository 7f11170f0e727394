"""The result of a list as a CSV file in the thread of each room's message, if Slack has granted ``files:write``."""

import csv
import io
import signal
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from deletion.db.connection import read
from deletion.db.tables import messages
from deletion.messages.disclosure import VALID_FOR_SECONDS
from slack_ui.parts import ids
from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many, rows
from tests.simulation.stories.steps import CARDS, click
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import eventually

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "2s"}
GRANTED = {**SETTINGS, "SANDBOX_SCOPES": "files:write"}
ORIGIN, ROOMS = "C0CAMPAIGNS", ("C0OPSEMEA", "C0OPSAMER")
UNKNOWN = "May or may not be deleted"
DONE = "2 of 2 campaigns were deleted."
COMPLETE, ADDRESS = "files.completeUploadExternal", "files.getUploadURLExternal"


@pytest.fixture
def settings() -> dict[str, str]:
    return GRANTED


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


async def test_each_room_gets_one_file_in_the_thread_of_its_table(world: World) -> None:
    card = await deletes_two(world)

    for channel in (CARDS, ORIGIN, *ROOMS):
        (file,) = await has_file(world, channel)
        table = card if channel == CARDS else await world.person("U0BOB").reads(DONE, channel)
        assert file.parent == table["ts"]
        assert file.outcomes == rows(table)
        assert file.title.startswith("Result of list ")
    await world.outlast(120)
    assert len(await world.calls(COMPLETE)) == 4
    assert await stored_ids(world) == set(world.sandbox.slack.workspace.files)
    assert not [message for message in await world.person("U0ALICE").messages("D0ALICE") if message["files"]]


async def stored_ids(world: World) -> set[str]:
    """Return Slack's ids of the files, as the bot has stored them."""
    engine = world.open_engine()
    try:
        return {row["ts"] for row in await read(engine, sa.select(messages.c.ts).where(messages.c.key.like("file-%")))}
    finally:
        await engine.dispose()


async def test_without_the_scope_there_is_the_table_alone() -> None:
    async with open_simulated_world(**SETTINGS) as world:
        assert len(rows(await deletes_two(world))) == 2
        await world.person("U0BOB").reads(DONE, ROOMS[0])
        await world.outlast(120)
        assert [*await world.calls(ADDRESS), *await world.calls(COMPLETE), *await world.calls("upload")] == []


async def test_list_that_is_open_has_no_file_yet(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    await world.fault("kore", "delete", "status", status=403)
    await approves_many(bob, card, 3)
    paused = await card_says(bob, card, "The deletion of a list is paused.")
    await world.outlast(120)
    assert await world.calls(ADDRESS) == []

    await click(bob, paused, ids.LIST_STOP_BUTTON)

    (file,) = await has_file(world, CARDS)
    assert list(file.outcomes.values()) == ["Not deleted", *["Deletion stopped, not deleted"] * 2]


async def test_file_with_unknown_results_is_followed_by_one_corrected_file_when_all_are_known(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    await world.fault("kore", "delete", "status", status=500, times=2)
    await approves_many(bob, card, 3)
    for waiting in (2, 1):
        paused = await card_says(bob, card, f"{waiting} waiting")
        await click(bob, await card_says(bob, paused, "I paused after"), ids.LIST_CONTINUE_BUTTON)
    for channel in (CARDS, ORIGIN, *ROOMS):
        (file,) = await has_file(world, channel)
        assert list(file.outcomes.values()) == [UNKNOWN, UNKNOWN, "Deleted"]
        assert file.title.startswith("Result of list ")

    await world.outlast(15 * 60)

    for channel in (CARDS, ORIGIN, *ROOMS):
        first, file = await files_in(world, channel)
        assert list(file.outcomes.values()) == ["Not deleted", "Not deleted", "Deleted"]
        assert file.title.startswith("Corrected result of list ")
        assert file.parent == first.parent
    assert len(await world.calls(COMPLETE)) == 8


async def test_result_that_becomes_known_before_the_end_of_a_list_needs_no_corrected_file(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 2)
    card = await requests_many(world, list(made.values()))
    await world.fault("kore", "delete", "status", status=500)
    await approves_many(bob, card, 2)
    paused = await card_says(bob, card, "I paused after")
    await world.outlast(15 * 60)

    await click(bob, paused, ids.LIST_CONTINUE_BUTTON)

    (file,) = await has_file(world, CARDS)
    assert list(file.outcomes.values()) == ["Not deleted", "Deleted"]
    await world.outlast(120)
    assert len(await world.calls(COMPLETE)) == 4


@pytest.mark.parametrize("operation", [ADDRESS, "upload"])
async def test_crash_during_an_upload_leaves_one_file(world: World, operation: str) -> None:
    await world.fault("slack", operation, "delay", delay_ms=60_000, times=None)
    await deletes_two(world)
    await eventually(lambda: begun_uploads(world, operation), "the beginning of an upload")
    await world.bot.stop(signal.SIGKILL)
    await world.api.delete("/sandbox/faults")

    await world.bot.start()

    await has_file(world, CARDS)
    await world.outlast(120)
    assert len(await files_in(world, CARDS)) == 1


async def begun_uploads(world: World, operation: str) -> bool:
    """Return whether this step of an upload has begun; the delayed call itself shows only at its end."""
    if operation == ADDRESS:
        return bool(world.sandbox.slack.workspace.messages[ROOMS[0]])
    return bool(await world.calls(ADDRESS))


async def test_crash_after_an_upload_repeats_none(world: World) -> None:
    await deletes_two(world)
    for channel in (CARDS, ORIGIN, *ROOMS):
        await has_file(world, channel)
    await eventually(world.has_said_all, "every message")
    await world.bot.stop(signal.SIGKILL)
    await world.bot.start()
    await world.outlast(120)
    assert len(await world.calls(COMPLETE)) == 4


async def test_file_whose_answer_was_lost_is_shared_again(world: World) -> None:
    await world.fault("slack", COMPLETE, "lost_answer", channel=CARDS)
    card = await deletes_two(world)

    async def both() -> bool:
        return len(await files_in(world, CARDS)) == 2

    await eventually(both, "a second copy")
    await world.outlast(120)
    first, second = await files_in(world, CARDS)
    assert first == second
    assert first.parent == card["ts"]


@pytest.mark.parametrize(
    ("operation", "kind", "details"),
    [
        (ADDRESS, "error", {"error": "missing_scope"}),
        (ADDRESS, "error", {"error": "file_uploads_disabled"}),
        (ADDRESS, "error", {"error": "file_upload_size_restricted"}),
        ("upload", "status", {"status": 413}),
        (COMPLETE, "error", {"error": "posting_to_channel_denied"}),
    ],
)
async def test_refused_file_is_not_tried_again_and_holds_up_nothing(
    world: World, operation: str, kind: str, details: dict[str, Any]
) -> None:
    await world.fault("slack", operation, kind, times=None, **details)
    card = await deletes_two(world)
    for room in (ORIGIN, *ROOMS):
        assert len(rows(await world.person("U0BOB").reads(DONE, room))) == 2
    await world.person("U0ALICE").reads(DONE, "D0ALICE")
    await world.outlast(300)
    assert len(await world.calls(operation)) == 4
    shown = await card_says(world.person("U0BOB"), card, DONE)
    assert "I can't post" not in str(shown)
    assert "File not posted" in world.bot.log.read_text()


@pytest.mark.parametrize(
    ("operation", "kind"),
    [(ADDRESS, "rate_limit"), ("upload", "status"), ("upload", "rate_limit"), (COMPLETE, "reset")],
)
async def test_file_that_fails_for_a_while_is_posted_later_and_once(world: World, operation: str, kind: str) -> None:
    await world.fault("slack", operation, kind, times=6)
    await deletes_two(world)
    for channel in (CARDS, ORIGIN, *ROOMS):
        await has_file(world, channel)
    await world.outlast(120)
    for channel in (CARDS, ORIGIN, *ROOMS):
        assert len(await files_in(world, channel)) == 1


async def test_room_that_is_shared_with_another_organization_gets_no_file(world: World) -> None:
    await world.api.post("/sandbox/channel", json={"channel": ROOMS[0], "is_ext_shared": True})
    await world.outlast(VALID_FOR_SECONDS)
    await deletes_two(world)
    await has_file(world, ROOMS[1])
    await world.outlast(120)
    assert await files_in(world, ROOMS[0]) == []
    assert len(await world.calls(COMPLETE)) == 3


async def test_file_follows_the_table_of_a_room_that_is_reached_later(world: World) -> None:
    await world.api.post("/sandbox/member", json={"channel": ROOMS[0], "user": "U0BOT", "in": False})
    await deletes_two(world)
    await has_file(world, ROOMS[1])
    assert await files_in(world, ROOMS[0]) == []

    await world.api.post("/sandbox/member", json={"channel": ROOMS[0], "user": "U0BOT"})

    (file,) = await has_file(world, ROOMS[0])
    assert file.parent == (await world.person("U0BOB").reads(DONE, ROOMS[0]))["ts"]


async def test_file_of_practice_says_so() -> None:
    async with open_simulated_world(**GRANTED, PRACTICE="on") as world:
        bob, made = world.person("U0BOB"), await campaigns(world, 2)
        card = await requests_many(world, list(made.values()))
        await approves_many(bob, card, 2)
        (file,) = await has_file(world, CARDS)
        assert file.title.startswith("practice · ")
        assert set(file.outcomes.values()) == {"Practised, not deleted"}
