"""Restart the bot with other rules for campaigns, another API version, archive key or rooms while a request lives."""

from typing import Any

import pytest
from cryptography.fernet import Fernet

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many, rows
from tests.simulation.stories.steps import (
    CAMPAIGN,
    CARDS,
    NAME,
    approve,
    buttons,
    campaigns_of,
    click,
    makes_recheck_due,
    rebuild,
    request_deletion,
    same,
    types,
)
from tests.simulation.stories.test_changed_settings import WITH_APPROVAL, restart
from tests.simulation.stories.test_outdated_approvals import opens, submits
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.person import eventually, shown

KEY, OTHER_KEY = (Fernet.generate_key().decode() for _ in range(2))
WINDOW = {**WITH_APPROVAL, "UNDO_WINDOW": "60"}
ROOM, OTHER_ROOM = "C0OPSEMEA", "C0OPSAMER"
VERSIONS = [("v1", "v2"), ("v2", "v1")]


async def approved(world: SimulatedWorld) -> dict[str, Any]:
    """Request a deletion, approve it, and return its card within the undo window."""
    bob = world.person("U0BOB")
    card = await request_deletion(world, CAMPAIGN)
    assert not await approve(bob, card)
    return await same(bob, card, "will be deleted")


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


async def test_name_that_is_protected_since_the_request_is_not_approved() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        await restart(world, PROTECTED_NAMES="*support*")

        await click(bob, card, ids.APPROVE_BUTTON)

        closed = await same(bob, card, "was not deleted.")
        assert "My settings protect campaigns with its name." in shown(closed["blocks"])
        assert not await world.deletes()


async def test_name_that_is_protected_since_the_approval_is_not_deleted() -> None:
    async with open_simulated_world(**WINDOW) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await restart(world, PROTECTED_NAMES="*support*")

        closed = await same(bob, card, "was not deleted.")

        assert "My settings protect campaigns with its name." in shown(closed["blocks"])
        assert not await world.deletes()


@pytest.mark.parametrize("is_approved", [False, True])
async def test_campaign_of_a_list_that_is_protected_meanwhile_is_kept(*, is_approved: bool) -> None:
    async with open_simulated_world(**WINDOW) as world:
        bob, made = world.person("U0BOB"), await campaigns(world, 3)
        card = await requests_many(world, list(made.values()))
        if is_approved:
            await approves_many(bob, card, 3)
        await restart(world, PROTECTED_NAMES="otter*")
        if not is_approved:
            await approves_many(bob, card, 2)
        else:
            paused = await card_says(bob, card, "paused")
            await click(bob, paused, ids.LIST_CONTINUE_BUTTON)

        await eventually(lambda: _deleted(world, 2), "the end of the list")
        ended = await card_says(bob, card, "2 of 3 deleted")

        assert "not deleted" in rows(ended)["Otter rettO farewell"].lower()
        assert set(await world.deletes()) == set(list(made.values())[1:])


async def _deleted(world: SimulatedWorld, count: int) -> bool:
    return len(await world.deletes()) == count


@pytest.mark.parametrize(
    "settings", [{"DELETABLE_STATUSES": "Stopped"}, {"DELETABLE_STATUSES": "Stopped", "STOPPABLE_STATUSES": "Ready"}]
)
@pytest.mark.parametrize("is_approved", [False, True])
async def test_campaign_in_a_status_that_is_not_deletable_any_more_is_left_alone(
    settings: dict[str, str], *, is_approved: bool
) -> None:
    async with open_simulated_world(**WINDOW) as world:
        await world.campaign(CAMPAIGN, status="Ready")
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        if is_approved:
            assert not await approve(bob, card)
        await restart(world, **settings)
        if not is_approved:
            await click(bob, card, ids.APPROVE_BUTTON)

        closed = await same(bob, card, "was not deleted.")

        assert "My settings do not allow me to delete campaigns in its status." in shown(closed["blocks"])
        assert not await world.deletes()
        assert not await world.calls("stop")


@pytest.mark.parametrize(
    "settings",
    [
        {"STOPPABLE_STATUSES": "Paused"},
        {"DELETABLE_STATUSES": "Completed"},
        {"DELETABLE_STATUSES": "Active,Stopped", "STOPPABLE_STATUSES": "Paused"},
    ],
)
@pytest.mark.parametrize("is_approved", [False, True])
async def test_running_campaign_that_may_not_be_stopped_any_more_is_left_alone(
    settings: dict[str, str], *, is_approved: bool
) -> None:
    """Its approver read that it is deleted only once it is seen stopped, also if running ones are deletable by now."""
    async with open_simulated_world(**WINDOW) as world:
        alice, bob = world.person("U0ALICE"), world.person("U0BOB")
        await world.campaign(CAMPAIGN, status="Active")
        assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
        card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)
        if is_approved:
            form = await opens(bob, card, "I stop the campaign immediately")
            await world.fault("kore", "get", "status", status=429, times=2)
            await submits(bob, form)
        await restart(world, **settings)
        if not is_approved:
            await click(bob, card, ids.APPROVE_BUTTON)
        await world.outlast(5 * 60)

        await same(bob, card, "was neither stopped nor deleted.")

        assert not await world.deletes()
        assert not await world.calls("stop")


@pytest.mark.parametrize("key", ["", OTHER_KEY])
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


@pytest.mark.parametrize("key", ["", OTHER_KEY])
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


async def test_result_is_posted_in_the_ops_rooms_of_today() -> None:
    async with open_simulated_world(**WINDOW) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await restart(world, OPS_ROOMS=OTHER_ROOM)

        await same(bob, card, "was deleted.")
        await eventually(world.has_said_all, "the end of all messages")

        assert len(await bob.messages(OTHER_ROOM)) == 1
        assert not await bob.messages(ROOM)


async def test_unknown_outcome_is_settled_in_a_room_that_left_the_settings() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        await world.fault("kore", "delete", "status", status=500)
        assert not await approve(bob, card)
        await bob.reads("may or may not have been deleted", ROOM)
        await world.campaign(CAMPAIGN, deleted=True)
        await restart(world, OPS_ROOMS=OTHER_ROOM)

        await same(bob, card, "is gone.")
        await bob.reads("is gone.", OTHER_ROOM)
        await eventually(world.has_said_all, "the end of all messages")

        assert len(await bob.messages(ROOM)) == 1
        assert "is gone." in (await bob.messages(ROOM))[0]["text"]


async def test_approver_who_was_called_by_a_direct_message_reads_the_end_after_calls_are_switched_off() -> None:
    async with open_simulated_world(**WITH_APPROVAL, APPROVERS="U0BOB,U0CAROL", NOTIFY_BY_DM="on") as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        await bob.reads("Please approve or reject it by", "D0BOB")
        await restart(world, NOTIFY_BY_DM="off")

        assert not await approve(world.person("U0CAROL"), card)

        await bob.reads("It no longer waits for your decision.", "D0BOB")
        assert len(await bob.messages("D0BOB")) == 1


async def test_approvers_are_not_called_again_when_direct_messages_are_switched_on() -> None:
    async with open_simulated_world(**WITH_APPROVAL, APPROVERS="U0BOB,U0CAROL") as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        await restart(world, NOTIFY_BY_DM="on")
        assert not await approve(world.person("U0CAROL"), card)
        await same(bob, card, "was deleted.")
        await eventually(world.has_said_all, "the end of all messages")

        called = [message["text"] for message in await bob.messages("D0BOB")]

        assert not [text for text in called if "Please approve" in text]
