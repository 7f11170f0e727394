"""Restart the bot with other settings while a request lives."""

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import opens_home
from tests.simulation.stories.list_steps import campaigns, chooses_many, confirms
from tests.simulation.stories.restart_steps import WITH_APPROVAL, restart
from tests.simulation.stories.steps import (
    CAMPAIGN,
    CARDS,
    NAME,
    approve,
    buttons,
    click,
    new_card,
    request_deletion,
    same,
    types,
)
from tests.simulation.stories.stop_steps import asks_to_stop, submits_stop
from tests.simulation.world import open_simulated_world
from tests.stories.person import eventually, shown

OTHER_CARDS = "C0OPSAMER"


async def test_thread_lines_stay_with_the_card_of_their_channel() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob = world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        await restart(world, APPROVALS_CHANNEL=OTHER_CARDS)
        assert not await approve(bob, card)
        await bob.reads("was deleted.", OTHER_CARDS)
        await eventually(world.has_said_all, "the end of all messages")

        for channel, said in ((CARDS, ["requested"]), (OTHER_CARDS, ["approved", "confirmed the deletion"])):
            first, *lines = await bob.messages(channel)
            assert {line["thread_ts"] for line in lines} == {first["ts"]}, channel
            assert len(lines) == len(said)
            assert all(word in line["text"] for word, line in zip(said, lines, strict=True)), lines


async def test_request_without_a_channel_for_approvals_says_that_it_cannot_be_approved() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        alice, bob = world.person("U0ALICE"), world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        await restart(world, APPROVALS_REQUIRED="0", APPROVALS_CHANNEL="")

        status = (await types(alice, f"status {CAMPAIGN}"))["text"]
        assert "<#None>" not in status
        assert "can't be approved: my settings name no channel for approvals" in status

        assert not await approve(bob, card)
        notice = await bob.modal(ids.NOTICE_VIEW, "my settings name no channel for approvals")
        assert "Try again in a moment" not in shown(notice)

        asked = next(message for message in await alice.messages() if not message["ephemeral"])
        await click(alice, asked, ids.REMIND_BUTTON, channel="C0CAMPAIGNS")
        await alice.reads_privately("my settings name no channel for approvals")
        assert not await world.deletes()


async def test_form_that_was_opened_before_tickets_were_needed_says_so() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        alice = world.person("U0ALICE")
        form = await alice.asks_to_delete(CAMPAIGN)
        await restart(world, TICKET_PATTERN="[A-Z]+-[0-9]+")

        errors = await alice.submits(form, NAME)

        assert errors == {ids.PHRASE_BLOCK: strings.modals.TICKET_MEANWHILE}
        assert not await world.person("U0BOB").messages(CARDS)


async def test_unknown_outcome_says_after_a_restart_whether_it_is_still_checked() -> None:
    async with open_simulated_world(APPROVALS_REQUIRED="0", UNDO_WINDOW="0") as world:
        alice = world.person("U0ALICE")
        await world.fault("kore", "delete", "status", status=500)
        assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
        await alice.reads("Next: I keep checking")

        await restart(world, PRACTICE="on")
        practised = await alice.reads("I don't check real requests in practice.")
        await restart(world, PRACTICE="off", KORE_ACCOUNT_ID="67777ce9")
        elsewhere = await alice.reads(strings.cards.UNKNOWN_IN_OTHER_ACCOUNT)

        assert "I keep checking" not in practised["text"] + elsewhere["text"]


@pytest.mark.parametrize("is_list", [False, True])
async def test_form_that_promised_an_approval_deletes_nothing_without_one(*, is_list: bool) -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        alice = world.person("U0ALICE")
        if is_list:
            form = await chooses_many(alice, list((await campaigns(world, 2)).values()))
        else:
            form = await alice.asks_to_delete(CAMPAIGN)
        assert "must approve" in shown(form)
        await restart(world, APPROVALS_REQUIRED="0")

        assert not await (confirms(alice, form, 2) if is_list else alice.submits(form, NAME))

        await alice.modal(ids.NOTICE_VIEW, "This form has expired")
        await world.outlast(5)
        assert not await world.deletes()


async def test_form_that_promised_an_approval_stops_nothing_without_one() -> None:
    async with open_simulated_world(**WITH_APPROVAL, STOP_APPROVALS_REQUIRED="1") as world:
        alice = world.person("U0ALICE")
        await world.campaign(CAMPAIGN, status="Active")
        form = await asks_to_stop(alice, CAMPAIGN)
        await restart(world, STOP_APPROVALS_REQUIRED="0")

        assert not await submits_stop(alice, form)

        await alice.modal(ids.NOTICE_VIEW, "This form has expired")
        await world.outlast(5)
        assert not await world.calls("stop")


async def test_waiting_request_gets_a_card_in_the_channel_that_is_named_now() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob = world.person("U0BOB")
        await request_deletion(world, CAMPAIGN)
        await restart(world, APPROVALS_CHANNEL=OTHER_CARDS)

        card = await bob.reads("is waiting for approval to be deleted.", OTHER_CARDS)

        assert ids.APPROVE_BUTTON in buttons(card)
        assert f"in <#{OTHER_CARDS}>" in card["text"]
        await restart(world)
        await eventually(world.has_said_all, "the end of all messages")
        assert len(await bob.messages(OTHER_CARDS)) == 1


async def test_waiting_request_names_the_approvers_of_today() -> None:
    async with open_simulated_world(**WITH_APPROVAL, APPROVERS="U0BOB") as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        assert "<@U0BOB>" in card["text"]

        await restart(world, APPROVERS="U0CAROL")

        assert "<@U0BOB>" not in (await same(bob, card, "<@U0CAROL>"))["text"]
        assert "<@U0CAROL>" in (await world.person("U0ALICE").reads("is waiting for approval"))["text"]


async def test_waiting_request_names_as_many_approvals_as_are_required_today() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        alice, bob, card = world.person("U0ALICE"), world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        await restart(world, APPROVALS_REQUIRED="2")

        assert "approval by 2 more people" in (await same(bob, card, "0 of 2 approvals"))["text"]
        for typed in ("status", f"status {CAMPAIGN}", "status support", "history"):
            assert "0 of 2 approvals" in (await types(alice, typed))["text"], typed
        await opens_home(alice, "0/2 approvals")


async def test_comparing_what_waits_after_a_restart_looks_each_user_group_up_once() -> None:
    """Slack answers twenty lookups a minute, which decisions need."""
    async with open_simulated_world(**WITH_APPROVAL, APPROVERS="S0APPROVE,S0REQUEST") as world:
        for _ in range(20):
            await new_card(world, await world.fresh_campaign())
            await world.outlast(10)
        await world.outlast(60)
        await world.bot.stop()
        await world.api.delete("/sandbox/traffic")

        await world.bot.start()
        started = len(await world.calls("usergroups.users.list"))
        await world.outlast(60)

        assert len(await world.calls("usergroups.users.list")) <= started + 2
