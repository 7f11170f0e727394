"""Approvers are called once, reminded, joined by others, and can take an approval back."""

from collections.abc import Iterable
from typing import Any

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.home_steps import opens_home, presses
from tests.simulation.stories.steps import CARDS, approve, buttons, click, request_deletion
from tests.simulation.world import SimulatedWorld
from tests.stories.person import eventually

MINUTE = 60
ORIGIN, CALLED = "C0CAMPAIGNS", "<@U0BOB> <!subteam^S0APPROVE>"
PLEASE = "Please approve or reject it by <!date^"


SETTINGS = {
    "REQUESTERS": "U0ALICE",
    "APPROVERS": "U0ALICE,U0BOB,S0APPROVE",
    "NOTIFY_BY_DM": "on",
    "APPROVALS_REQUIRED": "2",
    "UNDO_WINDOW": "20s",
}
SOON = {"APPROVAL_REMINDER": "1m,2m,4m", "ESCALATE_AFTER": "3m", "ESCALATION_APPROVERS": "U0DAN"}


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


def mentioning(messages: Iterable[dict[str, Any]], mention: str) -> list[str]:
    """Return the texts that notify: Slack does so when a message is posted, and not when a mention is edited in."""
    return [message["text"] for message in messages if mention in message["text"] and not message["blocks"]]


async def lines(world: SimulatedWorld) -> list[str]:
    messages = await world.person("U0BOB").messages(CARDS)
    return [message["text"] for message in messages if message["thread_ts"] not in (None, message["ts"])]


async def test_approvers_are_called_once_with_deadline_and_link(world: SimulatedWorld) -> None:
    campaign = await world.fresh_campaign()
    card = await request_deletion(world, campaign)
    assert "<@U0BOB>, <!subteam^S0APPROVE> (2 members). If it isn't approved" in card["text"]
    await eventually(lambda: lines(world), "a line in the thread")
    called = await world.person("U0BOB").reads("requested the deletion of", "D0BOB")
    link = f"/archives/{CARDS}/p{card['ts'].replace('.', '')}|approval card>"
    assert PLEASE in called["text"]
    assert link in called["text"]

    await world.bot.stop()
    await world.bot.start()
    await world.outlast(MINUTE)

    posted = await world.person("U0BOB").messages(CARDS)
    assert len(mentioning(posted, CALLED)) == 1
    assert (await lines(world))[0].startswith(f"<@U0ALICE> requested the deletion. {CALLED} {PLEASE}")
    assert len(await world.person("U0BOB").messages("D0BOB")) == 1
    posts = [each["request"] for each in await world.calls("chat.postMessage")]
    assert [post["channel"] for post in posts if CALLED in post["text"]] == [CARDS]
    assert [post["text"] for post in posts if post["channel"] == "U0BOB"] == [called["text"]]
    assert not [post for post in posts if post["channel"] in ("U0CAROL", "U0ALICE")]

    assert not await approve(world.person("U0BOB"), card)
    await world.person("U0BOB").reads("It no longer waits for your decision.", "D0BOB")


@pytest.mark.parametrize("settings", [{**SETTINGS, **SOON}], ids=["soon"])
async def test_approvers_are_reminded_until_the_request_is_escalated_and_decided(world: SimulatedWorld) -> None:
    campaign = await world.fresh_campaign()
    card = await request_deletion(world, campaign)
    assert not await approve(world.person("U0BOB"), card)
    await world.outlast(5 * MINUTE)

    reminders = [line for line in await lines(world) if "still waiting for a decision." in line]
    assert len(reminders) == 3
    for reminder in reminders:
        assert reminder.startswith("<!subteam^S0APPROVE> ")  # without Bob, who has approved
        assert f"`{campaign}`" in reminder
        assert PLEASE in reminder
        assert "|approval card>" in reminder
    assert "<@U0DAN>" in reminders[-1]
    (escalated,) = [line for line in await lines(world) if "<@U0DAN> may now decide as well" in line]
    assert "the number of approvals needed stays the same" in escalated
    await world.person("U0DAN").reads(PLEASE, "D0DAN")
    shown = await world.person("U0BOB").reads("1 of 2 approvals: <@U0BOB>", CARDS)
    assert "<@U0DAN> may decide as well." in shown["text"]

    dan = world.person("U0DAN")  # who is not in the approvals channel
    await opens_home(dan)
    await presses(dan, campaign, ids.APPROVE_BUTTON)
    form = await dan.modal(ids.APPROVE_VIEW)
    await dan.does("modal/submit", view_id=form["id"], values={ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}})
    await world.person("U0ALICE").reads("was deleted.", "D0ALICE")


async def test_requester_reminds_at_most_every_quarter_of_an_hour(world: SimulatedWorld) -> None:
    alice, dan = world.person("U0ALICE"), world.person("U0DAN")
    await request_deletion(world, await world.fresh_campaign())
    asked = await alice.reads("is waiting for approval", ORIGIN)
    assert buttons(asked) == {ids.CANCEL_BUTTON, ids.REMIND_BUTTON}

    await click(alice, asked, ids.REMIND_BUTTON, ORIGIN)
    await alice.reads_privately("The request began to wait, or was last reminded, only a few minutes ago.", ORIGIN)
    await world.outlast(16 * MINUTE)
    await click(dan, asked, ids.REMIND_BUTTON, ORIGIN)
    await dan.reads_privately("Only the requester can remind the approvers: <@U0ALICE>.", ORIGIN)
    await click(alice, asked, ids.REMIND_BUTTON, ORIGIN)
    await alice.reads_privately(f"I'm posting the reminder in <#{CARDS}>.", ORIGIN)
    await click(alice, asked, ids.REMIND_BUTTON, ORIGIN)

    await eventually(lambda: reminded(world), "a reminder")
    (line,) = await reminded(world)
    assert line.startswith(f"{CALLED} ")
    assert "Reminder sent by <@U0ALICE>." in line


async def reminded(world: SimulatedWorld) -> list[str]:
    return [line for line in await lines(world) if "still waiting for a decision." in line]


async def test_approval_withdrawn_in_the_undo_window_stops_the_deletion(world: SimulatedWorld) -> None:
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    campaign = await world.fresh_campaign()
    card = await request_deletion(world, campaign)
    assert not await approve(bob, card)
    assert not await approve(carol, card)
    await bob.reads("will be deleted", CARDS)

    await click(world.person("U0ALICE"), card, ids.WITHDRAW_APPROVAL_BUTTON)
    await world.person("U0ALICE").reads_privately("There is no approval of yours to withdraw.", CARDS)
    await click(bob, card, ids.WITHDRAW_APPROVAL_BUTTON)

    waiting = await bob.reads("1 of 2 approvals: <@U0CAROL>", CARDS)
    assert "The approval by <@U0BOB> no longer counts: they withdrew it." in waiting["text"]
    await world.outlast(2 * MINUTE)
    assert not await world.deletes()
    (line,) = [line for line in await lines(world) if "withdrew their approval" in line]
    assert line.startswith(
        f"<@U0BOB> withdrew their approval. This request is waiting for a decision. {CALLED} {PLEASE}"
    )

    assert not await approve(bob, card)
    await world.person("U0ALICE").reads("was deleted.", "D0ALICE")
    assert await world.deletes() == [campaign]


async def test_withdraw_click_that_slack_repeats_keeps_the_approval_given_since(world: SimulatedWorld) -> None:
    bob = world.person("U0BOB")
    card = await request_deletion(world, await world.fresh_campaign())
    assert not await approve(bob, card)
    await bob.reads("1 of 2 approvals", CARDS)
    delivery = world.sandbox.slack.delivery
    await click(bob, card, ids.WITHDRAW_APPROVAL_BUTTON)
    withdrawn = delivery._last  # noqa: SLF001 - the sandbox repeats only the last payload by itself
    assert withdrawn
    await bob.reads("0 of 2 approvals", CARDS)
    assert not await approve(bob, card)
    await bob.reads("1 of 2 approvals", CARDS)

    await delivery.deliver(*withdrawn)

    await bob.reads_privately("You approved this after the button was shown", CARDS)
    await world.outlast(MINUTE)
    assert "1 of 2 approvals: <@U0BOB>" in (await bob.messages(CARDS))[0]["text"]


async def test_form_that_slack_repeats_after_the_withdrawal_approves_nothing(world: SimulatedWorld) -> None:
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    card = await request_deletion(world, await world.fresh_campaign())
    assert not await approve(bob, card)
    await bob.reads("1 of 2 approvals", CARDS)
    delivery = world.sandbox.slack.delivery
    approved = delivery._last  # noqa: SLF001 - the sandbox repeats only the last payload by itself
    assert approved

    await click(bob, card, ids.WITHDRAW_APPROVAL_BUTTON)
    await bob.reads("0 of 2 approvals", CARDS)
    await delivery.deliver(*approved)
    assert not await approve(carol, card)

    await bob.reads("1 of 2 approvals: <@U0CAROL>", CARDS)
    await world.outlast(MINUTE)
    assert not await world.deletes()
    assert not await approve(bob, card)
    again = await bob.reads("2 of 2 approvals: <@U0CAROL>, <@U0BOB>", CARDS)
    assert "no longer counts" not in again["text"]


@pytest.mark.parametrize(
    "settings", [{**SETTINGS, **SOON, "ESCALATION_APPROVERS": "U0ALICE,U0DAN"}], ids=["requester among them"]
)
async def test_escalation_names_no_requester_among_those_who_may_decide(world: SimulatedWorld) -> None:
    await request_deletion(world, await world.fresh_campaign())
    await world.outlast(5 * MINUTE)

    (escalated,) = [line for line in await lines(world) if "may now decide as well" in line]
    assert "No decision has been made yet. <@U0DAN> may now decide as well" in escalated
    shown = await world.person("U0BOB").reads("may decide as well.", CARDS)
    assert "Escalated" in shown["text"]
    assert ": <@U0DAN> may decide as well." in shown["text"]
