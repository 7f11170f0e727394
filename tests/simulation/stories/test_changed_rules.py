"""Restart the bot with other rules for campaigns while a request lives."""

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many, rows
from tests.simulation.stories.restart_steps import WINDOW, WITH_APPROVAL, approved, opens, restart, submits
from tests.simulation.stories.steps import (
    CAMPAIGN,
    CARDS,
    NAME,
    approve,
    click,
    request_deletion,
    same,
)
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.person import eventually, shown


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


@pytest.mark.parametrize("approvals", ["0", "1"])
async def test_deletion_after_a_stop_waits_as_long_as_the_form_said(approvals: str) -> None:
    async with open_simulated_world(**WINDOW | {"APPROVALS_REQUIRED": approvals}) as world:
        alice, bob = world.person("U0ALICE"), world.person("U0BOB")
        await world.campaign(CAMPAIGN, status="Active")
        form = await alice.asks_to_delete(CAMPAIGN)
        if approvals == "1":
            assert not await alice.submits(form, NAME)
            card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)
            form = await opens(bob, card, "After that I delete it in 60 seconds")
        await world.fault("kore", "get", "status", status=429, times=2)
        if approvals == "1":
            await submits(bob, form)
        else:
            assert not await alice.submits(form, NAME)
        await restart(world, UNDO_WINDOW="0")
        while not await world.calls("stop"):
            await world.outlast(1)

        await world.outlast(50)
        assert not await world.deletes()
        await world.outlast(30)
        assert len(await world.deletes()) == 1
