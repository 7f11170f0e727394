"""Restart the bot with the other version of Kore.ai's API while a request lives."""

import pytest
from cryptography.fernet import Fernet

from tests.simulation.stories.restart_steps import WINDOW, WITH_APPROVAL, approved, restart
from tests.simulation.stories.steps import (
    CAMPAIGN,
    CARDS,
    NAME,
    approve,
    buttons,
    campaigns_of,
    makes_recheck_due,
    rebuild,
    request_deletion,
    same,
)
from tests.simulation.world import open_simulated_world

KEY = Fernet.generate_key().decode()
VERSIONS = [("v1", "v2"), ("v2", "v1")]


@pytest.mark.parametrize(("before", "after"), VERSIONS)
async def test_campaign_is_the_same_by_either_version_of_the_api(before: str, after: str) -> None:
    async with open_simulated_world(**WINDOW, KORE_API_VERSION=before) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await restart(world, KORE_API_VERSION=after)

        await same(bob, card, "was deleted.")

        assert len(await world.deletes()) == 1
        await makes_recheck_due(world)
        await world.outlast(30)
        assert "was deleted." in (await same(bob, card, NAME))["text"]


@pytest.mark.parametrize(("before", "after"), VERSIONS)
async def test_change_since_the_request_is_seen_by_the_other_version_of_the_api(before: str, after: str) -> None:
    async with open_simulated_world(**WINDOW, KORE_API_VERSION=before) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await world.campaign(CAMPAIGN, description="Another one by now")
        await restart(world, KORE_API_VERSION=after)

        await same(bob, card, "it has changed since the request.")

        assert not await world.deletes()


@pytest.mark.parametrize("is_deleted", [False, True])
@pytest.mark.parametrize(("before", "after"), VERSIONS)
async def test_unknown_outcome_is_settled_by_the_other_version_of_the_api(
    before: str, after: str, *, is_deleted: bool
) -> None:
    async with open_simulated_world(**WITH_APPROVAL, KORE_API_VERSION=before) as world:
        bob = world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        await world.fault("kore", "delete", "status", status=500)
        assert not await approve(bob, card)
        await same(bob, card, "may or may not have been deleted")
        await world.campaign(CAMPAIGN, deleted=is_deleted)

        await restart(world, KORE_API_VERSION=after)

        await world.outlast(3600)
        ended = await same(bob, card, "is gone." if is_deleted else "was not deleted.")
        assert not buttons(ended)
        assert len(await world.deletes()) == 1


@pytest.mark.parametrize(("before", "after"), VERSIONS)
async def test_campaign_stopped_by_one_version_of_the_api_is_deleted_by_the_other(before: str, after: str) -> None:
    async with open_simulated_world(**WINDOW, KORE_API_VERSION=before) as world:
        alice, bob = world.person("U0ALICE"), world.person("U0BOB")
        await world.campaign(CAMPAIGN, status="Active")
        assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
        card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)
        assert not await approve(bob, card)
        await same(bob, card, "was stopped")
        await restart(world, KORE_API_VERSION=after)

        await same(bob, card, "was stopped and deleted.")

        assert len(await world.calls("stop")) == len(await world.deletes()) == 1


@pytest.mark.parametrize(("before", "after"), VERSIONS)
async def test_rebuild_of_what_the_other_version_of_the_api_showed_is_made_whole_or_not_at_all(
    before: str, after: str
) -> None:
    async with open_simulated_world(**WITH_APPROVAL, ARCHIVE_KEY=KEY, KORE_API_VERSION=before) as world:
        alice, bob = world.person("U0ALICE", CARDS), world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        assert not await approve(bob, card)
        deleted = await same(bob, card, "was deleted.")
        await restart(world, KORE_API_VERSION=after)
        assert not await rebuild(alice, deleted, flow="Support")
        assert not await approve(bob, await bob.reads("is waiting for approval to be rebuilt.", CARDS))

        await bob.reads("was rebuilt as a new campaign.", CARDS)

        (made,) = await campaigns_of(world, NAME)
        assert made["_id"] != CAMPAIGN
