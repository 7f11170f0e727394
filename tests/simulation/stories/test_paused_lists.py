"""What pauses a list and what does not, and how the requester of a paused one learns that it waits."""

from typing import Any

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import (
    MANY_CALLS,
    allow_many_calls,
    approves_many,
    campaigns,
    card_says,
    chooses_many,
    confirms,
    requests_many,
    rows,
)
from tests.simulation.stories.steps import CARDS, click, freezes, types, unfreezes
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import eventually

HOLD = "Legal asked to keep it"
PAUSED = "*I paused your list of 3 campaigns <!date"
WAIT = "2 campaigns wait. You or an approver can continue with the rest or stop it."
OVER = "It isn't paused any more."


@pytest.fixture
def settings() -> dict[str, str]:
    rule = {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "S0REQUEST", "UNDO_WINDOW": "2s"}
    return {**rule, **MANY_CALLS}


@pytest.fixture
async def world(world: World) -> World:
    return await allow_many_calls(world)


async def test_hold_of_a_campaign_that_waits_in_an_approved_list_leaves_the_rest_to_go_on(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 4)
    held = list(made)[2]
    card = await requests_many(world, list(made.values()))
    await world.fault("kore", "delete", "delay", delay_ms=4_000, times=None)
    await approves_many(bob, card, 4)
    await eventually(world.deletes, "a first delete")

    said = await types(world.person("U0CAROL"), f"hold {made[held]} {HOLD}")

    done = await card_says(bob, card, "3 of 4 deleted, 1 not deleted")
    assert await world.deletes() == [made[name] for name in made if name != held]
    assert list(rows(done).values()) == ["Deleted", "Deleted", "Not deleted", "Deleted"]
    await bob.reads(f"`{held}`: It was not deleted. `/campaign-delete status` with its ID says why.", CARDS)
    assert "put on hold after the request" in (await types(bob, f"status {made[held]}"))["text"]
    assert "The other campaigns of its list are not part of the hold." in said["text"]


async def test_hold_of_the_campaign_whose_turn_is_next_leaves_the_rest_to_go_on(world: World) -> None:
    """The end of its undo window is what the others wait for."""
    bob, made = world.person("U0BOB"), await campaigns(world, 3)
    first, *rest = made.values()
    card = await requests_many(world, list(made.values()))
    await approves_many(bob, card, 3)

    await types(world.person("U0CAROL"), f"hold {first} {HOLD}")

    await card_says(bob, card, "2 of 3 deleted, 1 not deleted")
    assert await world.deletes() == rest


async def paused(world: World, fault: int = 403) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the card of a list of three that Kore.ai's answer to the first delete has paused, and its campaigns."""
    bob, made = world.person("U0BOB"), await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    await world.fault("kore", "delete", "status", status=fault)
    await approves_many(bob, card, 3)
    return await card_says(bob, card, "The deletion of a list is paused."), made


async def told(world: World, said: str = "") -> list[str]:
    """Return the texts of the direct messages to the requester, once one of them says this."""
    alice = world.person("U0ALICE")
    if said:
        await alice.reads(said, "D0ALICE")
    return [message["text"] for message in await alice.messages("D0ALICE")]


@pytest.mark.parametrize(("fault", "why"), [(403, "it was not deleted"), (500, "its result was unclear")])
@pytest.mark.parametrize(
    ("button", "end"), [(ids.LIST_CONTINUE_BUTTON, "2 of 3 deleted"), (ids.LIST_STOP_BUTTON, "2 stopped")]
)
async def test_requester_is_told_that_a_list_waits_and_the_message_says_when_it_no_longer_does(
    world: World, fault: int, why: str, button: str, end: str
) -> None:
    card, made = await paused(world, fault)

    (said,) = await told(world, PAUSED)

    assert f", after `{next(iter(made))}`: {why}.* You requested it <!date" in said
    assert WAIT in said
    assert f"/archives/{CARDS}/p{card['ts'].replace('.', '')}|approval card>" in said
    await click(world.person("U0BOB"), card, button)
    await card_says(world.person("U0BOB"), card, end)
    await told(world, OVER)
    pause, of_end = await told(world, "of 3 campaigns were deleted.")
    assert pause.startswith(f"{said.partition(WAIT)[0]}{OVER}")
    assert "wait" not in pause
    assert PAUSED not in of_end


async def test_each_pause_is_told_in_a_message_of_its_own(world: World) -> None:
    card, made = await paused(world)
    await world.fault("kore", "delete", "status", status=403)

    await click(world.person("U0BOB"), card, ids.LIST_CONTINUE_BUTTON)

    first, second = list(made)[:2]
    before, after = await told(world, f"after `{second}`")
    assert f"after `{first}`" in before
    assert "1 campaign waits." in after


async def test_last_campaign_of_a_list_pauses_nothing_and_brings_the_result_alone(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 2)
    card = await requests_many(world, list(made.values()))
    await world.fault("kore", "delete", "delay", delay_ms=1)  # the first is deleted, the second refused
    await world.fault("kore", "delete", "status", status=403)
    await approves_many(bob, card, 2)

    await card_says(bob, card, "1 of 2 deleted, 1 not deleted")

    await world.outlast(60)
    (of_end,) = await told(world, "1 of 2 campaigns was deleted.")
    assert "paused" not in of_end


async def test_message_about_a_pause_names_a_freeze_and_when_it_expires_unused(world: World) -> None:
    await paused(world)
    await told(world, "can continue with the rest or stop it. If neither does by <!date")

    await freezes(world.person("U0BOB"))
    await told(world, "can stop the rest now, or continue with it after an approver types `/campaign-delete unfreeze`")

    await unfreezes(world.person("U0BOB"))
    await told(world, WAIT)
    assert len(await told(world)) == 1


async def test_requester_of_a_list_that_needs_no_approval_is_told_of_its_pause() -> None:
    async with open_simulated_world(APPROVALS_REQUIRED="0", REQUESTERS="S0REQUEST", UNDO_WINDOW="2s") as world:
        alice, made = world.person("U0ALICE"), await campaigns(world, 3)
        await world.fault("kore", "delete", "status", status=403)
        await requests_alone(world, list(made.values()))

        (said,) = await told(world, PAUSED)

        assert WAIT in said
        assert "|original message>" in said
        origin = await alice.reads("The deletion of a list is paused.", "C0CAMPAIGNS")
        await click(alice, origin, ids.LIST_CONTINUE_BUTTON, "C0CAMPAIGNS")
        assert len(await told(world, OVER)) == 1


async def requests_alone(world: World, campaign_ids: list[str]) -> None:
    alice = world.person("U0ALICE")
    assert not await confirms(alice, await chooses_many(alice, campaign_ids), len(campaign_ids))
