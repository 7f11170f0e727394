"""Access control on every surface: guests, other workspaces, second accounts, shared channels, replays."""

from typing import Any

import pytest

from sandbox.slack import seed
from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, NAME, approve, buttons, click, request_deletion
from tests.stories.conftest import World
from tests.stories.person import Person

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0ALICE,S0APPROVE", "REQUESTERS": "U0ALICE,U0BOB"}
NOT_KNOWN = "Slack didn't return your account details"
MEMBERS_ONLY = "Ask a full member of this workspace"
# Slack's facts about a user on every list, and the refusals at a command and at a card.
CHANGES = [
    ({"is_restricted": True}, MEMBERS_ONLY, MEMBERS_ONLY),
    ({"is_restricted": True, "is_ultra_restricted": True}, MEMBERS_ONLY, MEMBERS_ONLY),
    ({"is_restricted": None}, NOT_KNOWN, NOT_KNOWN),
    (
        {"team_id": seed.PARTNER_TEAM},
        "I work for one workspace only, and your action came from another one.",
        "Only members of the workspace that this bot belongs to",
    ),
]


@pytest.fixture
def settings() -> dict[str, str]:
    return {**SETTINGS, "UNDO_WINDOW": "60s"}


async def assert_refused_at_the_card(person: Person, card: dict[str, Any], said: str) -> None:
    """Assert that the card's buttons are refused: Approve and Reject in a modal, Withdraw privately."""
    for button in (ids.APPROVE_BUTTON, ids.REJECT_BUTTON):
        await click(person, card, button)
        view = await person.modal(ids.NOTICE_VIEW, said)
        await person.does("modal/close", view_id=view["id"], all=True)
    await click(person, card, ids.CANCEL_BUTTON)
    await person.reads_privately(said, CARDS)


@pytest.mark.parametrize(("facts", "said", "said_at_the_card"), CHANGES)
async def test_non_member_is_refused_everywhere(
    world: World, campaign: str, facts: dict[str, Any], said: str, said_at_the_card: str
) -> None:
    bob, card = world.person("U0BOB"), await request_deletion(world, campaign)
    await world.api.post("/sandbox/person", json={"user": "U0BOB", **facts})

    await bob.types(f"{ids.COMMAND} {await world.fresh_campaign()}")
    view = await bob.modal(ids.NOTICE_VIEW, said)
    await bob.does("modal/close", view_id=view["id"], all=True)
    await bob.types(f"{ids.COMMAND} help")
    await bob.reads_privately(said, bob.channel)
    await assert_refused_at_the_card(bob, card, said_at_the_card)

    counted = (await world.api.get(f"{world.bot.url}/metrics")).text
    for action in ("ask for a deletion", "read the help", "approve", "reject", "withdraw"):
        assert f'campaign_delete_denied_total{{action="{action}",denial=' in counted
    assert buttons((await bob.messages(CARDS))[0]) == {ids.APPROVE_BUTTON, ids.REJECT_BUTTON, ids.CANCEL_BUTTON}


async def test_user_unknown_to_slack_is_refused_everywhere(world: World, campaign: str) -> None:
    bob, card = world.person("U0BOB"), await request_deletion(world, campaign)
    await world.fault("slack", "users.info", "error", error="internal_error", times=None)
    await assert_refused_at_the_card(bob, card, NOT_KNOWN)


async def test_user_of_other_workspace_is_refused_everywhere(world: World, campaign: str) -> None:
    sam = world.person("U0SAM", "C0SHARED")
    await sam.types(f"{ids.COMMAND} {campaign}")
    await sam.modal(ids.NOTICE_VIEW, "I work for one workspace only")


async def test_rights_are_rechecked_at_submit(world: World, campaign: str) -> None:
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    form = await bob.asks_to_delete(await world.fresh_campaign())
    card = await request_deletion(world, campaign)
    await click(carol, card, ids.APPROVE_BUTTON)
    asked = await carol.modal(ids.APPROVE_VIEW)
    await world.api.post("/sandbox/group", json={"group": "S0APPROVE", "user": "U0CAROL", "in": False})
    await world.api.post("/sandbox/person", json={"user": "U0BOB", "is_restricted": True})

    await carol.does("modal/submit", view_id=asked["id"], values={ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}})
    await bob.submits(form, NAME)

    await carol.modal(ids.NOTICE_VIEW, "Only approvers can decide requests: <")
    await bob.modal(ids.NOTICE_VIEW, "Ask a full member of this workspace")
    assert "0 of 1 approvals" in (await carol.reads(NAME, CARDS))["text"]


async def test_second_account_of_requester_cannot_approve(world: World, campaign: str) -> None:
    carol, card = world.person("U0CAROL"), await request_deletion(world, campaign)
    await world.api.post("/sandbox/person", json={"user": "U0CAROL", "email": "Alice+approver@sandbox.example"})

    await click(carol, card, ids.APPROVE_BUTTON)

    await carol.modal(ids.NOTICE_VIEW, "You asked for this, so someone else decides")


@pytest.mark.parametrize("flag", ["is_ext_shared", "is_pending_ext_shared"])
async def test_shared_channel_allows_only_stop(world: World, campaign: str, flag: str) -> None:
    bob, card = world.person("U0BOB"), await request_deletion(world, campaign)
    for channel in (bob.channel, CARDS):
        await world.api.post("/sandbox/channel", json={"channel": channel, flag: True})

    await bob.types(f"{ids.COMMAND} {await world.fresh_campaign()}")
    view = await bob.modal(ids.NOTICE_VIEW, "People of another organization are in the channel")
    await bob.does("modal/close", view_id=view["id"], all=True)
    await click(bob, card, ids.APPROVE_BUTTON)
    view = await bob.modal(ids.NOTICE_VIEW, "People of another organization are in the channel")
    await bob.does("modal/close", view_id=view["id"], all=True)
    await click(bob, card, ids.REJECT_BUTTON)
    await bob.modal(ids.REJECT_VIEW)


async def test_channel_shared_between_click_and_submit_refuses_approval(world: World, campaign: str) -> None:
    bob, card = world.person("U0BOB"), await request_deletion(world, campaign)
    await click(bob, card, ids.APPROVE_BUTTON)
    asked = await bob.modal(ids.APPROVE_VIEW)
    await world.api.post("/sandbox/channel", json={"channel": CARDS, "is_ext_shared": True})

    await bob.does("modal/submit", view_id=asked["id"], values={ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}})

    await bob.modal(ids.NOTICE_VIEW, "People of another organization are in the channel")


async def sent_again(world: World) -> None:
    """Send Slack's last payload three more times."""
    for _ in range(3):
        answer = await world.api.post("/sandbox/delivery", json={"again": True})
        assert answer.json() == {"delivered": True}


async def test_repeated_command_opens_nothing_and_is_answered(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)

    await sent_again(world)

    await alice.reads_privately("Slack sent me the same action twice", alice.channel)
    assert [open_view["id"] for open_view in (await alice.sees())["views"]] == [view["id"]]


async def test_repeated_form_and_click_count_once(world: World, campaign: str) -> None:
    carol, card = world.person("U0CAROL"), await request_deletion(world, campaign)
    await sent_again(world)
    assert not await approve(carol, card)
    await sent_again(world)
    await click(carol, await carol.reads("1 of 1 approvals", CARDS), ids.STOP_BUTTON)
    await sent_again(world)

    await carol.reads_privately(
        "was not deleted: the deletion was stopped in time. Approved by <@U0CAROL>. Stopped by", CARDS
    )
    await carol.reads("stopped the deletion in time", CARDS)
    told = [message["text"] for message in await carol.messages(CARDS) if not message["ephemeral"]]
    assert [line.partition(">")[2].partition(" <!subteam")[0] for line in told[1:]] == [
        " requested the deletion.",
        " approved.",
        " stopped the deletion in time. Nothing was sent to Kore.ai.",
    ]
    assert not await world.deletes()
