"""Requester and approvers are checked again when an approval is written and just before the delete."""

import asyncio
from typing import Any

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, approve, buttons, click, request_deletion, thread
from tests.stories.conftest import World
from tests.stories.person import Person, eventually

UNDO_SECONDS = 3
SETTINGS = {"APPROVALS_REQUIRED": "2", "APPROVERS": "U0ALICE,U0BOB,S0APPROVE", "REQUESTERS": "U0ALICE,U0BOB"}
PHRASE = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}}
UNVERIFIED = "Slack doesn't show a confirmed email address for"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS, "UNDO_WINDOW": str(UNDO_SECONDS)}


async def profile(world: World, user_id: str, **facts: Any) -> None:
    answer = await world.api.post("/sandbox/person", json={"user": user_id, **facts})
    assert answer.status_code == 200, answer.text


async def open_form(person: Person, card: dict[str, Any]) -> dict[str, Any]:
    await click(person, card, ids.APPROVE_BUTTON)
    return await person.modal(ids.APPROVE_VIEW)


async def twice_approved(world: World, campaign: str) -> dict[str, Any]:
    """Approved by Bob and Carol; returns the card in the undo window."""
    card = await request_deletion(world, campaign)
    assert not await approve(world.person("U0BOB"), card)
    assert not await approve(world.person("U0CAROL"), card)
    return await world.person("U0BOB").reads("will be deleted", CARDS)


@pytest.mark.parametrize("latency_ms", [5, 50, 200])
async def test_two_accounts_of_one_person_approving_at_once_count_once(
    world: World, campaign: str, latency_ms: int
) -> None:
    accounts, card = [world.person("U0BOB"), world.person("U0CAROL")], await request_deletion(world, campaign)
    await profile(world, "U0BOB", email="robert@sandbox.example")
    await profile(world, "U0CAROL", email="robert+2@sandbox.example")
    forms = [await open_form(account, card) for account in accounts]
    await world.api.post("/sandbox/latency", json={"slack": latency_ms})

    await asyncio.gather(
        *(
            account.does("modal/submit", view_id=form["id"], values=PHRASE)
            for account, form in zip(accounts, forms, strict=True)
        )
    )

    async def one_is_refused() -> bool:
        views = [view for account in accounts for view in (await account.sees())["views"]]
        return [view["callback_id"] for view in views] == [ids.NOTICE_VIEW]

    await eventually(one_is_refused, "one form accepted and one refused")
    await world.api.post("/sandbox/latency", json={"slack": 5})
    assert "1 of 2 approvals" in (await accounts[0].reads("1 of 2", CARDS))["text"]
    await world.outlast(UNDO_SECONDS)
    assert not await world.deletes()


async def test_unknown_earlier_approver_blocks_the_next_approval(world: World, campaign: str) -> None:
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    card = await request_deletion(world, campaign)
    await profile(world, "U0BOB", email="robert@sandbox.example")
    await profile(world, "U0CAROL", email="robert+2@sandbox.example")
    assert not await approve(bob, card)
    await carol.reads("1 of 2", CARDS)
    await world.api.post("/sandbox/group", json={"group": "S0APPROVE", "user": "U0BOB", "in": False})
    del world.sandbox.slack.workspace.users["U0BOB"]  # Slack answers user_not_found

    await click(carol, card, ids.APPROVE_BUTTON)

    await carol.modal(ids.NOTICE_VIEW, "Slack didn't return an earlier approver's account details")


@pytest.mark.parametrize(("hidden", "named"), [("U0CAROL", "you"), ("U0ALICE", "the requester")])
async def test_approval_without_verified_addresses_does_not_count(
    world: World, campaign: str, hidden: str, named: str
) -> None:
    carol, card = world.person("U0CAROL"), await request_deletion(world, campaign)
    form = await open_form(carol, card)
    await profile(world, hidden, email="")

    await carol.does("modal/submit", view_id=form["id"], values=PHRASE)

    await carol.modal(ids.NOTICE_VIEW, f"{UNVERIFIED} {named}, so")
    assert "0 of 2 approvals" in (await carol.reads("is waiting for approval to be deleted.", CARDS))["text"]


async def test_lapsed_approval_is_struck_at_the_next_one(world: World, campaign: str) -> None:
    carol, card = world.person("U0CAROL"), await request_deletion(world, campaign)
    assert not await approve(world.person("U0BOB"), card)
    await carol.reads("1 of 2", CARDS)
    await profile(world, "U0BOB", deleted=True)

    assert not await approve(carol, card)

    message = await carol.reads("1 of 2 approvals: <@U0CAROL>", CARDS)
    assert "The approval by <@U0BOB> no longer counts: their account is deactivated." in message["text"]
    await world.outlast(UNDO_SECONDS)
    assert not await world.deletes()


async def deactivated(world: World) -> str:
    await profile(world, "U0CAROL", deleted=True)
    return "their account is deactivated"


async def removed_from_group(world: World) -> str:
    await world.api.post("/sandbox/group", json={"group": "S0APPROVE", "user": "U0CAROL", "in": False})
    return "they are no longer an approver"


async def same_person(world: World) -> str:
    await profile(world, "U0CAROL", email="bob+2@sandbox.example")
    return "the same person has approved with another account"


@pytest.mark.parametrize("lapse", [deactivated, removed_from_group, same_person], ids=lambda lapse: lapse.__name__)
async def test_approval_lapsed_in_the_undo_window_reopens_the_request(world: World, campaign: str, lapse: Any) -> None:
    bob, _ = world.person("U0BOB"), await twice_approved(world, campaign)
    why = await lapse(world)

    message = await bob.reads("1 of 2 approvals: <@U0BOB>", CARDS)
    assert f"The approval by <@U0CAROL> no longer counts: {why}." in message["text"]
    deciding = {ids.APPROVE_BUTTON, ids.REJECT_BUTTON, ids.CANCEL_BUTTON}
    assert buttons(message) == {*deciding, ids.WITHDRAW_APPROVAL_BUTTON}

    async def said_in_thread() -> bool:
        return any("The approval by <@U0CAROL> no longer counts" in line for line in await thread(world))

    await eventually(said_in_thread, "the struck approval in the thread")
    assert not await world.deletes()


@pytest.mark.parametrize("facts", [{"deleted": True}, {"is_restricted": True}], ids=["deactivated", "guest"])
async def test_requester_who_loses_the_right_in_the_undo_window_deletes_nothing(
    world: World, campaign: str, facts: dict[str, Any]
) -> None:
    await twice_approved(world, campaign)
    await profile(world, "U0ALICE", **facts)

    message = await world.person("U0BOB").reads("The requester can no longer make requests", CARDS)
    assert "was not deleted" in message["text"]
    assert not await world.deletes()


async def test_delete_waits_until_slack_identifies_the_parties(world: World, campaign: str) -> None:
    await twice_approved(world, campaign)
    await world.fault("slack", "users.info", "error", error="internal_error", times=None)
    await world.outlast(UNDO_SECONDS)
    assert not await world.deletes()

    await world.api.delete("/sandbox/faults")

    await world.person("U0BOB").reads("was deleted.", CARDS)
    assert await world.deletes() == [campaign]
