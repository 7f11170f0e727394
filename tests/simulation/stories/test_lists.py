"""``many``: campaigns that were approved once are deleted one after the other, and what holds up the rest."""

import signal

import pytest

from deletion.domain.states import State
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import home, opens_home
from tests.simulation.stories.list_steps import (
    MANY_CALLS,
    SETTINGS,
    allow_many_calls,
    approves_many,
    campaigns,
    card_says,
    chooses_many,
    confirms,
    opens_approval,
    requests_many,
    rows,
    submits_approval,
)
from tests.simulation.stories.steps import CARDS, buttons, click, freezes, thread, types, unfreezes
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import eventually, shown

CALLS_PER_CAMPAIGN = 8 + 5


@pytest.fixture
def settings() -> dict[str, str]:
    return {**SETTINGS, **MANY_CALLS}


@pytest.fixture
async def world(world: World) -> World:
    return await allow_many_calls(world)


async def test_twenty_campaigns_are_approved_once_and_deleted_in_order(world: World) -> None:
    made = await campaigns(world, 20)
    bob = world.person("U0BOB")
    await world.api.delete("/sandbox/traffic")
    card = await requests_many(world, list(made.values()))
    assert set(rows(card).values()) == {"Awaits approval"}

    await approves_many(bob, card, 20)

    done = await card_says(bob, card, "20 of 20 deleted")
    assert await world.deletes() == list(made.values())
    assert set(rows(done).values()) == {"Deleted"}
    assert not buttons(done)
    for room in ("C0OPSEMEA", "C0OPSAMER", "C0CAMPAIGNS"):
        assert rows(await bob.reads("20 of 20 campaigns were deleted.", room)) == rows(done)
    cards = [message for message in await bob.messages(CARDS) if message["thread_ts"] in (None, message["ts"])]
    assert len(cards) == 1
    assert sum("20 campaigns" in line for line in await thread(world)) == 2  # requested, approved
    assert len(await world.calls_to_kore()) <= CALLS_PER_CAMPAIGN * 20


async def test_refused_delete_pauses_the_rest_until_a_person_continues(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 5)
    refused, drifted, third, fourth, held = made.values()
    card = await requests_many(world, list(made.values()))
    await types(world.person("U0CAROL"), f"hold {held} Legal asked to keep it")
    view = await opens_approval(bob, card)  # which closes the campaign on hold
    assert "On hold" not in rows(card).values()
    await world.fault("kore", "delete", "status", status=403)
    assert not await submits_approval(bob, view, 4)
    await world.campaign(drifted, name="Renamed meanwhile")

    paused = await card_says(bob, card, "The deletion of a list is paused.")
    assert buttons(paused) >= {ids.LIST_CONTINUE_BUTTON, ids.LIST_STOP_BUTTON}
    await world.outlast(60)
    assert await world.deletes() == [refused]

    await click(bob, paused, ids.LIST_CONTINUE_BUTTON)

    done = await card_says(bob, card, "2 of 5 deleted, 1 changed, 2 not deleted")
    assert await world.deletes() == [refused, third, fourth]
    assert list(rows(done).values()) == ["Not deleted", "Changed, not deleted", "Deleted", "Deleted", "Not deleted"]
    assert not buttons(done)


async def test_requester_reads_of_a_campaign_whose_unclear_result_becomes_known_while_its_list_is_paused(
    world: World,
) -> None:
    alice, bob, made = world.person("U0ALICE"), world.person("U0BOB"), await campaigns(world, 2)
    card = await requests_many(world, list(made.values()))
    await world.fault("kore", "delete", "status", status=500)
    await approves_many(bob, card, 2)
    await card_says(bob, card, "The deletion of a list is paused.")

    await world.outlast(15 * 60)

    _, told = [message["text"] for message in await alice.messages("D0ALICE")]
    assert "*`Otter rettO farewell` was not deleted.* Its result was unclear, and is known now." in told
    assert "It is campaign 1 of the list of 2 campaigns that you requested" in told
    assert f"/archives/{CARDS}/p{card['ts'].replace('.', '')}|approval card>" in told


async def test_home_has_one_line_for_a_list_with_its_progress_and_a_link_to_its_card(world: World) -> None:
    alice, bob, made = world.person("U0ALICE"), world.person("U0BOB"), await campaigns(world, 3)
    for person in (alice, bob):
        await opens_home(person)
    card = await requests_many(world, list(made.values()))
    waiting = await home(bob, "0 of 3 deleted, 3 awaiting approval")
    assert f"{strings.lookup_and_home.HOME_WAITING}: 1" in shown(waiting)
    await world.fault("kore", "delete", "status", status=403)

    await approves_many(bob, card, 3)

    for person in (alice, bob):
        paused = await home(person, "0 of 3 deleted, 1 not deleted, 2 waiting")
        (row,) = [block for block in paused["blocks"] if block["type"] == "rich_text"]
        assert "Otter rettO farewell and 2 more" in shown(row)
        assert f"/archives/{CARDS}/p{card['ts'].replace('.', '')}" in shown(row)
        assert not {ids.STOP_BUTTON, ids.CANCEL_BUTTON, ids.APPROVE_BUTTON} & buttons(paused)


async def test_rest_is_stopped_in_the_middle(world: World) -> None:
    alice, bob, made = world.person("U0ALICE"), world.person("U0BOB"), await campaigns(world, 4)
    card = await requests_many(world, list(made.values()))
    await world.fault("kore", "delete", "delay", delay_ms=4_000, times=None)
    await approves_many(bob, card, 4)
    running = await card_says(bob, card, "1 of 4 deleted")

    async def second_has_left() -> bool:
        return len(await world.deletes()) == 2

    await eventually(second_has_left, "a second delete")
    await click(alice, running, ids.LIST_STOP_BUTTON)

    await card_says(bob, card, "2 of 4 deleted, 2 stopped")
    assert await world.deletes() == list(made.values())[:2]
    await bob.reads("<@U0ALICE> stopped the rest: 2 campaigns were not deleted.", CARDS)


async def test_crash_between_two_campaigns_repeats_none_and_loses_none(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 4)
    card = await requests_many(world, list(made.values()))
    await approves_many(bob, card, 4)

    async def has_begun() -> bool:
        return len(await world.deletes()) >= 2

    await eventually(has_begun, "two deletes")
    await world.bot.stop(signal.SIGKILL)
    await world.bot.start()

    await eventually(world.has_said_all, "an end of what was begun")
    done = await card_says(bob, card, "This request is closed.")
    assert set(rows(done).values()) <= {"Deleted", "Gone"}
    assert await world.deletes() == list(made.values())


async def test_freeze_holds_the_rest_and_unfreezing_goes_on(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    await world.fault("kore", "delete", "delay", delay_ms=3_000, times=None)
    await approves_many(bob, card, 3)
    await eventually(world.deletes, "a first delete")

    await freezes(bob)

    frozen = await card_says(bob, card, "All requests are frozen")
    assert ids.LIST_APPROVE_BUTTON not in buttons(frozen)
    await world.outlast(60)
    assert len(await world.deletes()) == 1
    await unfreezes(bob)
    await card_says(bob, card, "3 of 3 deleted")
    assert await world.deletes() == list(made.values())


async def test_list_of_practice_deletes_nothing_and_says_so() -> None:
    async with open_simulated_world(**SETTINGS, PRACTICE="on") as world:
        made, bob = await campaigns(world, 3), world.person("U0BOB")
        view = await chooses_many(world.person("U0ALICE"), list(made.values()))
        assert "This is practice" in shown(view["blocks"][0])
        assert not await confirms(world.person("U0ALICE"), view, 3)
        card = await bob.reads("3 campaigns are waiting for approval, in practice.", CARDS)

        await approves_many(bob, card, 3)

        done = await card_says(bob, card, "The practice with 3 campaigns is done.")
        assert set(rows(done).values()) == {strings.lists.RESULTS[State.PRACTISED]}
        assert done["text"].startswith("practice · ")
        assert all(line.startswith("practice · ") for line in await thread(world))
        assert await world.deletes() == []
