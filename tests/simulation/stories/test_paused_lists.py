"""What pauses a list and what does not, and how the requester of a paused one learns that it waits."""

import pytest

from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many, rows
from tests.simulation.stories.steps import CARDS, types
from tests.stories.conftest import World
from tests.stories.person import eventually

HOLD = "Legal asked to keep it"


@pytest.fixture
def settings() -> dict[str, str]:
    rule = {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "S0REQUEST", "UNDO_WINDOW": "2s"}
    return {**rule, "KORE_CALLS_PER_MINUTE": "600"}


@pytest.fixture
async def world(world: World) -> World:
    """A world whose Kore.ai allows many calls, so that no list waits for minutes."""
    await world.api.post("/sandbox/kore/limit", json={"calls": 600, "seconds": 60})
    return world


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
