"""The result of a list as a CSV file in the thread of each room's message, if Slack has granted ``files:write``."""

import pytest
import sqlalchemy as sa

from deletion.db.connection import read
from deletion.db.tables import messages
from slack_ui.parts import ids
from tests.simulation.stories.list_file_steps import (
    ADDRESS,
    COMPLETE,
    DONE,
    GRANTED,
    ORIGIN,
    ROOMS,
    SETTINGS,
    deletes_two,
    files_in,
    has_file,
)
from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many, rows
from tests.simulation.stories.steps import CARDS, click
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World

UNKNOWN = "May or may not be deleted"


@pytest.fixture
def settings() -> dict[str, str]:
    return GRANTED


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


async def test_file_of_practice_says_so() -> None:
    async with open_simulated_world(**GRANTED, PRACTICE="on") as world:
        bob, made = world.person("U0BOB"), await campaigns(world, 2)
        card = await requests_many(world, list(made.values()))
        await approves_many(bob, card, 2)
        (file,) = await has_file(world, CARDS)
        assert file.title.startswith("practice · ")
        assert set(file.outcomes.values()) == {"Practised, not deleted"}
