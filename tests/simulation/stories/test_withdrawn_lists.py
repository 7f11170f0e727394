"""Lists that are withdrawn, rejected or expire, and approvals of them that no longer count."""

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import (
    MANY_CALLS,
    SETTINGS,
    allow_many_calls,
    approves_many,
    campaigns,
    card_says,
    requests_many,
)
from tests.simulation.stories.steps import CARDS, buttons, click, thread
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import shown


@pytest.fixture
def settings() -> dict[str, str]:
    return {**SETTINGS, **MANY_CALLS}


@pytest.fixture
async def world(world: World) -> World:
    return await allow_many_calls(world)


async def test_lapsed_approval_sends_the_whole_rest_back_to_the_approvers(world: World) -> None:
    bob, carol, made = world.person("U0BOB"), world.person("U0CAROL"), await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    await approves_many(bob, card, 3)
    await world.api.post("/sandbox/person", json={"user": "U0BOB", "deleted": True})

    again = await card_says(carol, card, "The approval by <@U0BOB> no longer counts")

    assert "3 campaigns are waiting for approval" in again["text"]
    assert not await world.deletes()
    await approves_many(carol, again, 3)
    await card_says(carol, card, "3 of 3 deleted")


async def test_lapse_of_the_requester_closes_the_whole_rest_at_once(world: World) -> None:
    """Continuing would let approvers alone decide what is deleted, so there is nothing to ask."""
    bob, made = world.person("U0BOB"), await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    await approves_many(bob, card, 3)
    await world.api.post("/sandbox/person", json={"user": "U0ALICE", "deleted": True})

    closed = await card_says(bob, card, "0 of 3 deleted, 3 not deleted")

    assert not buttons(closed)
    assert not await world.deletes()
    for name in made:
        await bob.reads(f"`{name}`: It was not deleted. `/campaign-delete status` with its ID says why.", CARDS)
    await world.outlast(60)
    assert not [each for each in await world.person("U0ALICE").messages("D0ALICE") if "paused" in each["text"]]


async def test_withdrawn_approval_sends_the_list_back_and_requester_reminds_once(world: World) -> None:
    alice, bob, carol = (world.person(each) for each in ("U0ALICE", "U0BOB", "U0CAROL"))
    made = await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    await approves_many(bob, card, 3)
    approved = await card_says(bob, card, "3 campaigns will be deleted unless")
    assert buttons(approved) == {ids.LIST_STOP_BUTTON, ids.LIST_WITHDRAW_APPROVAL_BUTTON}

    await click(carol, approved, ids.LIST_WITHDRAW_APPROVAL_BUTTON)
    await click(bob, approved, ids.LIST_WITHDRAW_APPROVAL_BUTTON)

    await bob.reads("<@U0BOB> withdrew their approval of 3 campaigns.", CARDS)
    again = await card_says(carol, card, "3 campaigns are waiting for approval")
    origin = await alice.reads("3 campaigns are waiting for approval", "C0CAMPAIGNS")
    await click(alice, origin, ids.LIST_REMIND_BUTTON, "C0CAMPAIGNS")
    await alice.reads_privately("a few minutes ago", "C0CAMPAIGNS")
    await approves_many(carol, again, 3)
    await card_says(carol, card, "3 of 3 deleted")


async def test_list_is_withdrawn_by_its_requester_and_rejected_by_an_approver(world: World) -> None:
    alice, bob, made = world.person("U0ALICE"), world.person("U0BOB"), await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    await click(bob, card, ids.LIST_CANCEL_BUTTON)
    await bob.reads_privately(f"`{next(iter(made))}` and 2 more: Only the requester can withdraw the request", CARDS)
    await click(alice, card, ids.LIST_CANCEL_BUTTON)
    await card_says(bob, card, "0 of 3 deleted, 3 withdrawn")
    await bob.reads("<@U0ALICE> withdrew the request for 3 campaigns.", CARDS)

    again = await requests_many(world, list(made.values()))
    await click(bob, again, ids.LIST_REJECT_BUTTON)
    form = await bob.modal(ids.LIST_REJECT_VIEW)
    reason = {ids.REASON_BLOCK: {ids.REASON_INPUT: "They are needed until Friday"}}
    assert not (await bob.does("modal/submit", view_id=form["id"], values=reason)).get("errors")
    rejected = await card_says(bob, again, "0 of 3 deleted, 3 rejected")
    assert "They are needed until Friday" in shown(rejected["blocks"])


async def test_list_is_reminded_once_and_expires_as_a_whole() -> None:
    async with open_simulated_world(**SETTINGS, APPROVAL_TTL="60s", APPROVAL_REMINDER="10s") as world:
        bob, made = world.person("U0BOB"), await campaigns(world, 3)
        card = await requests_many(world, list(made.values()))

        await card_says(bob, card, "0 of 3 deleted, 3 expired")

        await bob.reads("3 campaigns were not approved in time. Nothing was sent to Kore.ai.", CARDS)
        calls = [line for line in await thread(world) if "The request for 3 campaigns is still waiting" in line]
        assert len(calls) == 1
        await world.person("U0ALICE").reads("0 of 3 campaigns were deleted.", "D0ALICE")


async def test_requester_who_withdraws_or_stops_a_part_of_a_list_learns_what_is_left() -> None:
    """Kore.ai does not show one campaign when Bob approves, so that it waits for another approval."""
    async with open_simulated_world(**SETTINGS | {"UNDO_WINDOW": "60s"}) as world:
        alice, bob, made = world.person("U0ALICE"), world.person("U0BOB"), await campaigns(world, 3)
        parts = [
            (ids.LIST_CANCEL_BUTTON, "2 campaigns were approved before"),
            (ids.LIST_STOP_BUTTON, "1 campaign still waits for approval"),
        ]
        for (first, told), (second, _) in (parts, reversed(parts)):
            card = await requests_many(world, list(made.values()))
            await world.fault("kore", "get", "status", status=403, times=1)
            await approves_many(bob, card, 2)
            await card_says(bob, card, "2 campaigns will be deleted")

            await click(alice, card, first)
            await alice.reads_privately(told, CARDS)
            await click(alice, card, second)
            await card_says(bob, card, "0 of 3 deleted, 1 withdrawn, 2 stopped")
        assert not await world.deletes()
