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


@pytest.mark.parametrize("approvals", ["0", "1"])
async def test_campaign_whose_form_said_that_it_can_be_rebuilt_is_not_deleted_without_a_key(approvals: str) -> None:
    async with open_simulated_world(**WINDOW | {"APPROVALS_REQUIRED": approvals}, ARCHIVE_KEY=KEY) as world:
        alice = world.person("U0ALICE")
        if approvals == "1":
            await approved(world)
        else:
            assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
        await restart(world, ARCHIVE_KEY="")

        ended = await alice.reads("was not deleted.")

        assert "can be rebuilt, and my settings have no archive key now" in shown(ended["blocks"])
        assert not await world.deletes()


async def test_campaign_approved_after_the_key_was_removed_is_deleted_as_its_form_said() -> None:
    async with open_simulated_world(**WINDOW, ARCHIVE_KEY=KEY) as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        await restart(world, ARCHIVE_KEY="")
        assert not await approve(bob, card)

        deleted = await same(bob, card, "was deleted.")

        assert not buttons(deleted)
        assert "can make a new campaign" not in shown(deleted)


async def test_campaign_approved_before_there_was_a_key_is_archived() -> None:
    async with open_simulated_world(**WINDOW) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await restart(world, ARCHIVE_KEY=KEY)

        assert ids.REBUILD_BUTTON in buttons(await same(bob, card, "was deleted."))
