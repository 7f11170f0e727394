"""Restart the bot without its archive key, or with another one, while a request lives."""

import pytest
from cryptography.fernet import Fernet

from slack_ui.parts import ids
from tests.simulation.stories.restart_steps import WINDOW, WITH_APPROVAL, approved, restart
from tests.simulation.stories.steps import (
    CAMPAIGN,
    CARDS,
    NAME,
    approve,
    buttons,
    campaigns_of,
    click,
    rebuild,
    request_deletion,
    same,
    types,
)
from tests.simulation.world import open_simulated_world
from tests.stories.person import shown

KEY, OTHER_KEY = (Fernet.generate_key().decode() for _ in range(2))


@pytest.mark.parametrize("key", ["", OTHER_KEY], ids=["removed", "replaced"])
async def test_campaign_whose_archive_does_not_open_any_more_is_not_offered_for_a_rebuild(key: str) -> None:
    async with open_simulated_world(**WITH_APPROVAL, ARCHIVE_KEY=KEY) as world:
        alice, bob = world.person("U0ALICE", CARDS), world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        assert not await approve(bob, card)
        deleted = await same(bob, card, "was deleted.")
        assert ids.REBUILD_BUTTON in buttons(deleted)
        await restart(world, ARCHIVE_KEY=key)

        await click(alice, deleted, ids.REBUILD_BUTTON)
        await alice.modal(ids.NOTICE_VIEW, "can't be rebuilt")
        status = await types(alice, f"status {CAMPAIGN}")

        assert "can make a new campaign" not in status["text"]
        assert not await campaigns_of(world, NAME)


@pytest.mark.parametrize("key", ["", OTHER_KEY], ids=["removed", "replaced"])
async def test_approved_rebuild_whose_archive_does_not_open_any_more_creates_nothing(key: str) -> None:
    async with open_simulated_world(**WITH_APPROVAL, ARCHIVE_KEY=KEY, KORE_API_VERSION="v2") as world:
        alice, bob = world.person("U0ALICE", CARDS), world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        assert not await approve(bob, card)
        await restart(world, UNDO_WINDOW="60")
        assert not await rebuild(alice, await same(bob, card, "was deleted."), flow="Support")
        asked = await bob.reads("is waiting for approval to be rebuilt.", CARDS)
        assert not await approve(bob, asked)
        await restart(world, ARCHIVE_KEY=key)

        await bob.reads("was not rebuilt.", CARDS)

        assert not await campaigns_of(world, NAME)


async def test_card_of_a_campaign_deleted_without_its_key_does_not_say_that_it_can_be_rebuilt() -> None:
    async with open_simulated_world(**WINDOW, ARCHIVE_KEY=KEY) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await restart(world, ARCHIVE_KEY="")

        deleted = await same(bob, card, "was deleted.")

        assert not buttons(deleted)
        assert "can make a new campaign" not in shown(deleted)
