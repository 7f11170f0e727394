"""A list that can't be recorded any more names the campaign that is in its way, and why."""

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import campaigns, chooses_many, confirms, creates
from tests.simulation.stories.steps import CARDS, approve, types
from tests.stories.conftest import World

TWIN = "cd-00000099-f98e-5f4f-ad41-92803abb0099"


@pytest.fixture
def settings() -> dict[str, str]:
    who = {"REQUESTERS": "U0ALICE,U0BOB", "APPROVERS": "U0BOB,U0CAROL", "APPROVALS_REQUIRED": "1"}
    return {**who, "UNDO_WINDOW": "0"}


async def twins(world: World) -> tuple[str, list[str]]:
    """Create two campaigns of one name, and return it with their ids."""
    ((name, first),) = (await campaigns(world, 1)).items()
    await creates(world, TWIN, name)
    return name, [first, TWIN]


async def test_list_with_a_campaign_on_hold_names_it(world: World) -> None:
    alice, (name, both) = world.person("U0ALICE"), await twins(world)
    view = await chooses_many(alice, both)
    await types(world.person("U0CAROL"), f"hold {TWIN} Legal asked to keep it")

    errors = await confirms(alice, view, 2)

    assert errors[ids.COUNT_BLOCK].startswith(f"2. {name} · …0099: This campaign was put on hold")


async def test_list_with_a_requested_campaign_tells_it_from_the_other_one_of_its_name(world: World) -> None:
    alice, bob, (name, both) = world.person("U0ALICE"), world.person("U0BOB"), await twins(world)
    view = await chooses_many(alice, both)
    assert not await bob.submits(await bob.asks_to_delete(TWIN), name, id_end="0099")

    errors = await confirms(alice, view, 2)

    assert errors[ids.COUNT_BLOCK].startswith(f"2. {name} · …0099: This campaign already has a request (awaiting")


async def test_list_with_an_unsettled_delete_says_when_it_is_settled(world: World) -> None:
    alice, bob, (name, both) = world.person("U0ALICE"), world.person("U0BOB"), await twins(world)
    view = await chooses_many(alice, both)
    assert not await bob.submits(await bob.asks_to_delete(TWIN), name, id_end="0099")
    card = await bob.reads("is waiting for approval to be deleted.", CARDS)
    await world.fault("kore", "delete", "status", status=500)
    assert not await approve(world.person("U0CAROL"), card, "farewell")
    await bob.reads("I can't tell yet whether it was deleted. I keep checking.", CARDS)

    errors = await confirms(alice, view, 2)

    assert errors[ids.COUNT_BLOCK].startswith(
        f"2. {name} · …0099: The last delete of this campaign got no clear answer"
    )
