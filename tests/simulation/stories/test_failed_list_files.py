"""A file whose upload fails or is interrupted is posted once, and holds up nothing."""

import signal
from typing import Any

import pytest

from deletion.messages.disclosure import VALID_FOR_SECONDS
from tests.simulation.stories.list_file_steps import (
    ADDRESS,
    COMPLETE,
    DONE,
    GRANTED,
    ORIGIN,
    ROOMS,
    deletes_two,
    files_in,
    has_file,
)
from tests.simulation.stories.list_steps import card_says, rows
from tests.simulation.stories.steps import CARDS
from tests.stories.conftest import World
from tests.stories.person import eventually


@pytest.fixture
def settings() -> dict[str, str]:
    return GRANTED


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
