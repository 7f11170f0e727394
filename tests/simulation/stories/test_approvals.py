"""Approvals, rejections and stops, with two required approvals."""

from typing import Any

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, NAME, approve, buttons, click, reject, request_deletion, thread
from tests.stories.conftest import World
from tests.stories.person import Person, eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "2", "APPROVERS": "U0ALICE,U0BOB,S0APPROVE", "REQUESTERS": "U0ALICE,U0BOB"}
UNDO_SECONDS = 3


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS, "UNDO_WINDOW": str(UNDO_SECONDS)}


async def test_comment_on_an_approval_is_in_the_thread_and_in_no_other_message(world: World) -> None:
    bob, card = world.person("U0BOB"), await request_deletion(world, await world.fresh_campaign())

    assert not await approve(bob, card, comment="  Checked with\u200b the campaign's owner ")

    line = await bob.reads("approved:", CARDS)
    assert line["text"].endswith("approved: `Checked with the campaign's owner`")
    assert line["thread_ts"] == card["ts"]
    others = [message for channel in (CARDS, "C0CAMPAIGNS") for message in await bob.messages(channel)]
    assert [message["ts"] for message in others if "campaign's owner" in shown(message)] == [line["ts"]]


async def test_two_approvals_delete_after_undo_window_and_every_channel_gets_the_result(
    world: World, campaign: str
) -> None:
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    card = await request_deletion(world, campaign)
    assert buttons(card) == {ids.APPROVE_BUTTON, ids.REJECT_BUTTON, ids.CANCEL_BUTTON}

    assert not await approve(bob, card)
    assert "1 of 2 approvals: <@U0BOB>" in (await bob.reads("1 of 2", CARDS))["text"]
    assert not await world.deletes()
    assert not await approve(carol, card, phrase=campaign[-4:])

    waiting = await bob.reads("will be deleted", CARDS)
    assert buttons(waiting) == {ids.STOP_BUTTON, ids.WITHDRAW_APPROVAL_BUTTON}
    assert not await world.deletes()
    for place in (CARDS, "C0OPSEMEA"):
        assert "2 of 2 approvals: <@U0BOB>, <@U0CAROL>" in (await bob.reads("was deleted.", place))["text"]
    assert (
        "Campaign Interactive Support SMS Campaign deleted successfully"
        in (await world.person("U0ALICE").reads("was deleted.", "D0ALICE"))["text"]
    )
    done = await bob.reads("was deleted.", CARDS)
    assert done["ts"] == card["ts"]
    assert not buttons(done)
    assert await world.deletes() == [campaign]

    async def whole_story() -> bool:
        return len(await thread(world)) == 4

    await eventually(whole_story, "four lines in the thread")
    requested, *lines = await thread(world)
    assert requested.startswith("<@U0ALICE> requested the deletion.")
    assert lines == [
        "<@U0BOB> approved.",
        "<@U0CAROL> approved.",
        "Kore.ai confirmed the deletion, and the campaign is no longer there.",
    ]


async def test_command_in_approvals_channel_posts_one_card(world: World, campaign: str) -> None:
    alice, bob = world.person("U0ALICE", CARDS), world.person("U0BOB")
    assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)
    card = await bob.reads("is waiting for approval to be deleted.", CARDS)

    await reject(bob, card, "Still needed until Friday")

    await bob.reads("the request was rejected", CARDS)
    await alice.reads("the request was rejected", "D0ALICE")
    assert [message["ts"] for message in await bob.messages(CARDS) if message["blocks"]] == [card["ts"]]


async def test_approval_requires_typed_word(world: World, campaign: str) -> None:
    card = await request_deletion(world, campaign)
    errors = await approve(world.person("U0BOB"), card, phrase="yes")
    assert errors == {ids.PHRASE_BLOCK: strings.modals.APPROVE_WRONG.format(what=strings.modals.APPROVE_BY_WORD)}


async def test_requester_cannot_decide_own_request(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    card = await request_deletion(world, campaign)
    for button in (ids.APPROVE_BUTTON, ids.REJECT_BUTTON):
        await click(alice, card, button)
        await alice.modal(ids.NOTICE_VIEW, "You asked for this, so someone else decides")
        await alice.does("modal/close", view_id=(await alice.sees())["views"][-1]["id"])


async def test_second_approval_by_same_user_is_refused(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    card = await request_deletion(world, campaign)
    assert not await approve(bob, card)
    await bob.reads("1 of 2", CARDS)
    await click(bob, card, ids.APPROVE_BUTTON)
    await bob.modal(ids.NOTICE_VIEW, "You have already approved it")
    assert not await world.deletes()


async def test_click_by_non_approver_is_refused_privately(world: World, campaign: str) -> None:
    dan = world.person("U0DAN")
    await world.api.post("/sandbox/member", json={"channel": CARDS, "user": dan.id, "in": True})
    card = await request_deletion(world, campaign)
    await click(dan, card, ids.APPROVE_BUTTON)
    await dan.modal(ids.NOTICE_VIEW, "Only approvers can decide requests: <")
    await click(dan, card, ids.CANCEL_BUTTON)
    await dan.reads_privately("Only the requester can withdraw", CARDS)
    assert "0 of 2" in (await dan.reads("is waiting for approval to be deleted.", CARDS))["text"]


async def test_approver_removed_between_click_and_submit_is_refused(world: World, campaign: str) -> None:
    carol = world.person("U0CAROL")
    card = await request_deletion(world, campaign)
    await click(carol, card, ids.APPROVE_BUTTON)
    view = await carol.modal(ids.APPROVE_VIEW)
    await world.fault("slack", "usergroups.users.list", "error", error="no_such_subteam", times=None)

    values = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: campaign[-4:]}}
    await carol.does("modal/submit", view_id=view["id"], values=values)

    await carol.modal(ids.NOTICE_VIEW, "Only approvers can decide requests: <")
    assert "0 of 2" in (await carol.reads("is waiting for approval to be deleted.", CARDS))["text"]


async def test_one_rejection_closes_request_and_requester_gets_reason(world: World, campaign: str) -> None:
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    card = await request_deletion(world, campaign)
    assert not await approve(bob, card)
    await reject(carol, card, "The lawyers still need its <!channel> reports")

    message = await world.person("U0ALICE").reads("the request was rejected.", "D0ALICE")
    assert "Rejected by <@U0CAROL>." in message["text"]
    assert "The lawyers still need its <!channel> reports" in shown(
        [block for block in message["blocks"] if block["type"] == "rich_text"]
    )
    assert not buttons(await bob.reads("the request was rejected.", CARDS))
    await click_late(bob, card)
    assert not await world.deletes()


async def click_late(person: Person, card: dict[str, Any]) -> None:
    """Click a button of an outdated message, which the sandbox refuses as Slack does."""
    answer = await person.api.post(
        "/sandbox/click",
        json={
            "as": person.id,
            "channel": CARDS,
            "ts": card["ts"],
            "block_id": ids.BUTTONS_BLOCK,
            "action_id": ids.APPROVE_BUTTON,
        },
    )
    assert answer.status_code == 400


async def test_requester_can_withdraw(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    card = await request_deletion(world, campaign)
    await click(alice, card, ids.CANCEL_BUTTON)
    assert "Withdrawn by <@U0ALICE>." in (await alice.reads("was withdrawn.", CARDS))["text"]
    assert not await world.deletes()


@pytest.mark.parametrize("who", ["U0ALICE", "U0CAROL"])
async def test_requester_and_approvers_can_stop_in_undo_window(world: World, campaign: str, who: str) -> None:
    card = await request_deletion(world, campaign)
    assert not await approve(world.person("U0BOB"), card)
    assert not await approve(world.person("U0CAROL"), card)
    person = world.person(who)
    await click(person, await person.reads("will be deleted", CARDS), ids.STOP_BUTTON)

    assert f"Stopped by <@{who}>." in (await person.reads("the deletion was stopped in time.", CARDS))["text"]
    await world.outlast(UNDO_SECONDS)
    assert not await world.deletes()


async def test_rate_limited_deletion_can_be_stopped(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    card = await request_deletion(world, campaign)
    assert not await approve(bob, card)
    assert not await approve(world.person("U0CAROL"), card)
    await world.fault("kore", "get", "rate_limit", retry_after_seconds=60)

    waiting = await bob.reads("Kore.ai's rate limit has been reached. Next: I re-check", CARDS)
    assert buttons(waiting) == {ids.STOP_BUTTON, ids.WITHDRAW_APPROVAL_BUTTON}
    await bob.reads("I'll continue by myself; the message above says when.", CARDS)
    await click(bob, waiting, ids.STOP_BUTTON)

    assert "Stopped by <@U0BOB>." in (await bob.reads("the deletion was stopped in time.", CARDS))["text"]
    assert not await world.deletes()


async def test_unreachable_approvals_channel_is_named_in_channel_of_command(world: World, campaign: str) -> None:
    await world.api.post("/sandbox/member", json={"channel": CARDS, "user": "U0BOT", "in": False})
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)

    async def told() -> bool:
        return any("I can't post in <#C0APPROVALS>" in shown(message["blocks"]) for message in await alice.messages())

    await eventually(told, "that the approvers could not be told")
