"""``many``: one request for many campaigns, decided together and executed one after the other."""

import signal

import pytest

from deletion.domain.states import State
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import home, opens_home
from tests.simulation.stories.list_steps import (
    approves_many,
    campaigns,
    card_says,
    chooses_many,
    confirms,
    creates,
    opens_approval,
    requests_many,
    rows,
    submits_approval,
)
from tests.simulation.stories.steps import CARDS, buttons, click, freezes, thread, types, unfreezes
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0ALICE,S0APPROVE", "REQUESTERS": "S0REQUEST", "UNDO_WINDOW": "2s"}
CALLS_PER_CAMPAIGN = 8 + 5


@pytest.fixture
def settings() -> dict[str, str]:
    return {**SETTINGS, "KORE_CALLS_PER_MINUTE": "600"}


@pytest.fixture
async def world(world: World) -> World:
    """A world whose Kore.ai allows many calls, so that no list waits for minutes."""
    await world.api.post("/sandbox/kore/limit", json={"calls": 600, "seconds": 60})
    return world


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


async def test_list_is_reminded_once_and_expires_as_a_whole() -> None:
    async with open_simulated_world(**SETTINGS, APPROVAL_TTL="60s", APPROVAL_REMINDER="10s") as world:
        bob, made = world.person("U0BOB"), await campaigns(world, 3)
        card = await requests_many(world, list(made.values()))

        await card_says(bob, card, "0 of 3 deleted, 3 expired")

        await bob.reads("3 campaigns were not approved in time. Nothing was sent to Kore.ai.", CARDS)
        calls = [line for line in await thread(world) if "The request for 3 campaigns is still waiting" in line]
        assert len(calls) == 1
        await world.person("U0ALICE").reads("0 of 3 campaigns were deleted.", "D0ALICE")


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
