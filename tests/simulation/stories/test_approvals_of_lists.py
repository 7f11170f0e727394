"""The approval of a list: who may approve how many of its campaigns, and what the form shows."""

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.list_steps import (
    MANY_CALLS,
    SETTINGS,
    allow_many_calls,
    approves_many,
    campaigns,
    card_says,
    creates,
    opens_approval,
    requests_many,
    rows,
    submits_approval,
)
from tests.simulation.stories.steps import CARDS, click, types
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import shown


@pytest.fixture
def settings() -> dict[str, str]:
    return {**SETTINGS, **MANY_CALLS}


@pytest.fixture
async def world(world: World) -> World:
    return await allow_many_calls(world)


async def test_approver_sees_which_campaigns_have_names_like_others_when_the_form_opens(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 3)
    card, unlike = await requests_many(world, list(made.values())), "No campaign outside this list has nearly the same"
    assert unlike in shown(await opens_approval(bob, card))
    await creates(world, "cd-00000099-f98e-5f4f-ad41-92803abb0099", f"{next(iter(made))} 2")
    await world.outlast(120)

    said = " ".join(shown(await opens_approval(bob, card)).split())

    assert "*1 campaign has nearly the same name as another outside this list*" in said
    assert "1. Otter rettO farewell · …0001 like Otter rettO farewell 2 · …0099" in said


async def test_campaign_that_left_its_list_before_the_approval_is_not_named_as_outside_it(world: World) -> None:
    bob, made, twin = world.person("U0BOB"), await campaigns(world, 2), "cd-00000099-f98e-5f4f-ad41-92803abb0099"
    await creates(world, twin, f"{next(iter(made))} 2")
    card = await requests_many(world, [*made.values(), twin])
    await types(world.person("U0CAROL"), f"hold {twin} Legal asked to keep it")

    said = " ".join(shown(await opens_approval(bob, card)).split())

    assert "Closed since the request 3. Otter rettO farewell 2 · …0099: Not deleted" in said
    assert "like Otter" not in said


async def test_approver_strikes_campaigns_and_types_the_number_that_is_left(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 4)
    card = await requests_many(world, list(made.values()))
    view = await opens_approval(bob, card)

    assert ids.COUNT_BLOCK in await submits_approval(bob, view, 4, struck=("Zebra",))
    assert not await submits_approval(bob, view, 3, struck=("Zebra",))

    done = await card_says(bob, card, "3 of 4 deleted, 1 struck")
    assert list(rows(done).values()) == ["Deleted", "Struck, not deleted", "Deleted", "Deleted"]
    kept = list(made.values())[1]
    assert kept not in await world.deletes()
    for line in ("<@U0BOB> approved 3 campaigns.", "<@U0BOB> struck 1 campaign from the list."):
        await bob.reads(line, CARDS)


async def test_requester_and_their_second_account_cannot_approve_a_list(world: World) -> None:
    alice, carol, made = world.person("U0ALICE"), world.person("U0CAROL"), await campaigns(world, 2)
    card = await requests_many(world, list(made.values()))

    await click(alice, card, ids.LIST_APPROVE_BUTTON)
    await alice.modal(ids.NOTICE_VIEW, strings.modals.NOTHING_WAS_DONE)
    view = await opens_approval(carol, card)
    await world.api.post("/sandbox/person", json={"user": "U0CAROL", "email": "Alice+approver@sandbox.example"})
    await submits_approval(carol, view, 2)
    await carol.modal(ids.NOTICE_VIEW, strings.modals.NOTHING_WAS_DONE)

    await world.outlast(30)
    assert not await world.deletes()


async def test_list_over_the_hourly_limit_needs_one_more_approval() -> None:
    async with open_simulated_world(**SETTINGS, DELETES_PER_HOUR="3", APPROVAL_TTL="1h") as world:
        bob, carol, made = world.person("U0BOB"), world.person("U0CAROL"), await campaigns(world, 4)
        card = await requests_many(world, list(made.values()))
        assert "0 of 2 approvals" in shown(card["blocks"])

        await approves_many(bob, card, 4)
        await card_says(bob, card, "1 of 2 approvals")
        await approves_many(carol, card, 4)

        await card_says(bob, card, "4 of 4 deleted")
        assert await world.deletes() == list(made.values())


async def test_escalation_approver_decides_the_campaigns_of_a_list_that_were_escalated() -> None:
    """The approval of the others was withdrawn, so that their time to be escalated began anew."""
    settings = {"UNDO_WINDOW": "10m", "APPROVERS": "U0ALICE,U0BOB", "ESCALATION_APPROVERS": "U0CAROL"}
    async with open_simulated_world(**SETTINGS | settings, ESCALATE_AFTER="3m") as world:
        bob, carol, made = world.person("U0BOB"), world.person("U0CAROL"), await campaigns(world, 3)
        card = await requests_many(world, list(made.values()))
        await world.fault("kore", "get", "status", status=403, times=1)
        await approves_many(bob, card, 2)
        await card_says(bob, card, "2 campaigns will be deleted")
        await world.outlast(120)
        await click(bob, card, ids.LIST_WITHDRAW_APPROVAL_BUTTON)
        await bob.reads("<@U0CAROL> may now decide as well", CARDS)

        await click(carol, card, ids.LIST_REJECT_BUTTON)
        rejection = await carol.modal(ids.LIST_REJECT_VIEW)
        assert "1 campaign" in shown(rejection["blocks"])
        await carol.does("modal/close", view_id=rejection["id"], all=True)
        form = await opens_approval(carol, card)
        assert "1 campaign · " in shown(form["blocks"])
        assert strings.list_modals.BARRED in shown(form["blocks"])
        assert not await submits_approval(carol, form, 1)
        await card_says(bob, card, "1 campaign will be deleted unless")
