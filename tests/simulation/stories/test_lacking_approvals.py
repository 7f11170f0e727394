"""Restart the bot with a stricter rule in the undo window: the messages say what the execution will do by that rule."""

from typing import Any

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import opens_home
from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many
from tests.simulation.stories.restart_steps import WINDOW, approved, restart
from tests.simulation.stories.steps import CAMPAIGN, NAME, approve, buttons, freezes, same, types
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.person import shown

LACKING = "lacks approvals that my settings require now"
ASKED = "is waiting for approval to be deleted."
WRONG = ("No approval is required", "will be deleted", "delete it")


def says_nothing_wrong(message: dict[str, Any]) -> bool:
    said = f"{message['text']} {shown(message['blocks'])}"
    return not any(wrong in said for wrong in WRONG)


async def requested_alone(world: SimulatedWorld) -> dict[str, Any]:
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
    return await alice.reads("will be deleted unless the deletion is stopped.")


async def test_request_without_an_approval_says_that_it_lacks_one_now() -> None:
    async with open_simulated_world(**WINDOW | {"APPROVALS_REQUIRED": "0"}) as world:
        alice, bob = world.person("U0ALICE"), world.person("U0BOB")
        assert "No approval is required." in (await requested_alone(world))["text"]
        await restart(world, APPROVALS_REQUIRED="1")

        lacking = await alice.reads(LACKING)

        assert says_nothing_wrong(lacking)
        assert "0 of 1 approvals" in lacking["text"]
        assert "Next: I ask for the missing approvals, no earlier than" in lacking["text"]
        assert ids.STOP_BUTTON in buttons(lacking)
        for typed in ("status", f"status {CAMPAIGN}", "history"):
            assert LACKING in (await types(alice, typed))["text"], typed
        await opens_home(alice, strings.lookup_and_home.ROW_LACKING)
        card = await bob.reads(ASKED, "C0APPROVALS")
        assert not await approve(bob, card)
        await same(bob, card, "will be deleted unless")
        await same(bob, card, "was deleted.")


@pytest.mark.parametrize("rule", ["2", "S0APPROVE:2"])
async def test_approved_request_says_that_it_lacks_an_approval_now(rule: str) -> None:
    async with open_simulated_world(**WINDOW) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await restart(world, APPROVALS_REQUIRED=rule)

        lacking = await same(bob, card, LACKING)

        assert says_nothing_wrong(lacking)
        assert "1 of 2 approvals: <@U0BOB>." in lacking["text"]
        await same(bob, card, ASKED)
        assert not await world.deletes()


async def test_request_that_lacked_an_approval_for_a_while_is_deleted_by_the_former_rule() -> None:
    async with open_simulated_world(**WINDOW) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await restart(world, APPROVALS_REQUIRED="2")
        await same(bob, card, LACKING)

        await restart(world, APPROVALS_REQUIRED="1")

        assert "1 of 1 approvals" in (await same(bob, card, "will be deleted unless"))["text"]
        await same(bob, card, "was deleted.")


async def test_frozen_request_says_that_it_lacks_an_approval_now() -> None:
    async with open_simulated_world(**WINDOW) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await freezes(world.person("U0CAROL"))
        await same(bob, card, "all requests are frozen")
        await restart(world, APPROVALS_REQUIRED="2")

        lacking = await same(bob, card, LACKING)

        assert says_nothing_wrong(lacking)
        assert "unfreeze`, I ask for the missing approvals" in lacking["text"]


@pytest.mark.parametrize("is_frozen", [False, True])
async def test_list_says_that_it_lacks_approvals_now(*, is_frozen: bool) -> None:
    async with open_simulated_world(**WINDOW) as world:
        bob = world.person("U0BOB")
        card = await requests_many(world, list((await campaigns(world, 3)).values()))
        await approves_many(bob, card, 2, struck=("Otter",))
        await card_says(bob, card, "2 campaigns will be deleted unless")
        if is_frozen:
            await freezes(world.person("U0CAROL"))
            await card_says(bob, card, "2 campaigns are approved for deletion")
        await restart(world, APPROVALS_REQUIRED="2")

        lacking = await card_says(bob, card, "2 campaigns lack approvals that my settings require now.")

        assert says_nothing_wrong(lacking)
        assert "I ask for the missing approvals" in lacking["text"]
        assert "1 of 2 approvals" in lacking["text"]
