"""The forms of ``many``: what is left out of a list, and what confirms it."""

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import (
    MANY_CALLS,
    SETTINGS,
    allow_many_calls,
    campaigns,
    chooses_many,
    confirms,
    creates,
)
from tests.simulation.stories.steps import CARDS
from tests.stories.conftest import World
from tests.stories.person import shown


@pytest.fixture
def settings() -> dict[str, str]:
    return {**SETTINGS, **MANY_CALLS}


@pytest.fixture
async def world(world: World) -> World:
    return await allow_many_calls(world)


async def test_list_shows_what_is_left_out_and_is_confirmed_by_number_and_name(world: World) -> None:
    alice, made = world.person("U0ALICE"), await campaigns(world, 4)
    running, requested, *rest = made.values()
    await world.campaign(running, status="Active")
    await new_card_of(world, requested)

    view = await chooses_many(alice, list(made.values()))

    said = shown(view["blocks"])
    for part in ("can't be deleted in its current status", "already has an open request", "2 campaigns"):
        assert part in said
    assert "1,204 contacts" in said
    assert set(await confirms(alice, view, 4, "welcome")) == {ids.COUNT_BLOCK, ids.PHRASE_BLOCK}
    await new_card_of(world, rest[1])
    errors = await confirms(alice, view, 2)
    assert "already has a request" in errors[ids.COUNT_BLOCK]
    assert not [message for message in await alice.messages(CARDS) if "2 campaigns" in message["text"]]


async def new_card_of(world: World, campaign_id: str) -> None:
    """Request the deletion of one campaign as Bob."""
    bob = world.person("U0BOB")
    view = await bob.asks_to_delete(campaign_id)
    name = next(block["text"]["text"] for block in view["blocks"] if block["type"] == "header")
    assert not await bob.submits(view, name)


async def test_words_after_many_choose_campaigns_and_similar_names_ask_for_ids(world: World) -> None:
    alice, made = world.person("U0ALICE"), await campaigns(world, 2)
    twin = "cd-00000099-f98e-5f4f-ad41-92803abb0099"
    await creates(world, twin, f"{next(iter(made))} 2")
    await world.outlast(120)  # the cached list has all of them

    await alice.types(f"{ids.COMMAND} many farewell")
    picker = await alice.modal(ids.LIST_PICKER_VIEW)
    chosen = next(block for block in picker["blocks"] if block.get("block_id") == ids.CAMPAIGNS_BLOCK)["element"]
    assert {option["value"] for option in chosen["initial_options"]} == {*made.values(), twin}
    await alice.does("modal/close", view_id=picker["id"], all=True)

    view = await chooses_many(alice, list(made.values()))
    assert set(await confirms(alice, view, 2)) == {ids.ID_END_BLOCK}
    end = {ids.ID_END_BLOCK: {ids.ID_END_INPUT: "0001"}}
    said = await alice.does("modal/submit", view_id=view["id"], values=end)
    assert not said.get("errors")


async def test_list_takes_no_campaign_whose_twin_outside_it_has_the_same_end_of_the_id(world: World) -> None:
    alice, made = world.person("U0ALICE"), await campaigns(world, 2)
    await creates(world, "cd-00000099-f98e-5f4f-ad41-92803abb0001", next(iter(made)))
    await world.outlast(120)  # the cached list has it
    view = await chooses_many(alice, list(made.values()))

    errors = await confirms(alice, view, 2, id_ends="0001")

    assert "as each of these: 1. Request each of these by itself." in errors[ids.ID_END_BLOCK]
    assert not await world.person("U0BOB").messages(CARDS)


async def test_form_sent_again_says_that_the_list_was_recorded_although_names_are_similar_by_now(world: World) -> None:
    alice, made = world.person("U0ALICE"), await campaigns(world, 2)
    view, delivery = await chooses_many(alice, list(made.values())), world.sandbox.slack.delivery
    seconds, delivery.ack_timeout_seconds = delivery.ack_timeout_seconds, 0.001
    await confirms(alice, view, 2)  # Slack gives the answer up
    await world.person("U0BOB").reads("2 campaigns are waiting for approval", CARDS)
    delivery.ack_timeout_seconds = seconds
    await creates(world, "cd-00000099-f98e-5f4f-ad41-92803abb0099", f"{next(iter(made))} 2")
    await world.outlast(120)  # the cached list has it

    errors = await confirms(alice, view, 2)

    assert set(errors) == {ids.COUNT_BLOCK}
    assert "already has a request" in errors[ids.COUNT_BLOCK]
