"""The database fails while a modal is open, or a delete begins: both work again with the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, approve, click, request_deletion
from tests.stories.conftest import World
from tests.stories.person import eventually

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "5s"}


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


@asynccontextmanager
async def failing(world: World, table: str) -> AsyncIterator[None]:
    """Take a table away for the duration of the block."""
    engine = world.open_engine()
    try:
        async with engine.begin() as connection:
            await connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO away"))
        try:
            yield
        finally:
            async with engine.begin() as connection:
                await connection.execute(sa.text(f"ALTER TABLE away RENAME TO {table}"))
    finally:
        await engine.dispose()


@pytest.mark.parametrize("text", ["spring", "", "{campaign}"])
async def test_modal_of_the_command_ends_in_an_error(world: World, text: str) -> None:
    alice, typed = world.person("U0ALICE"), text.format(campaign=await world.fresh_campaign())
    async with failing(world, "seen"):
        await alice.types(f"{ids.COMMAND} {typed}")
        await alice.modal(ids.NOTICE_VIEW, strings.modals.NOT_LOADED[0])


async def test_modal_of_a_button_ends_in_an_error_and_opens_once_the_database_is_back(world: World) -> None:
    bob, card = world.person("U0BOB"), await request_deletion(world, await world.fresh_campaign())
    async with failing(world, "freezes"):
        await click(bob, card, ids.APPROVE_BUTTON)
        view = await bob.modal(ids.NOTICE_VIEW, strings.modals.NOT_LOADED[0])
    await bob.does("modal/close", view_id=view["id"], all=True)

    await click(bob, await bob.reads("is waiting for approval", CARDS), ids.APPROVE_BUTTON)

    await bob.modal(ids.APPROVE_VIEW)


@pytest.mark.parametrize("failing_call", ["read", "delete"])
async def test_delete_goes_on_after_the_calls_could_not_be_counted(world: World, failing_call: str) -> None:
    bob, campaign = world.person("U0BOB"), await world.fresh_campaign()
    card = await request_deletion(world, campaign)
    assert not await approve(bob, card)
    if failing_call == "delete":
        await world.fault("kore", "get", "delay", delay_ms=1_000)

        async def reads() -> bool:
            return not world.sandbox.faults.active

        await eventually(reads, "the read before the delete")
    async with failing(world, "kore_places"):
        await world.outlast(20)
        assert await world.deletes() == []

    await bob.reads("was deleted.", CARDS)
    assert await world.deletes() == [campaign]
