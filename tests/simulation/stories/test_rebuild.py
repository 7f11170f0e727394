"""Rebuilds: from the card, with their own approval, never started and never created twice."""

from typing import Any

import pytest
from cryptography.fernet import Fernet

from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.stores import archive_writes
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.picker_steps import chooses, options, picker
from tests.simulation.stories.steps import (
    CARDS,
    NAME,
    approve,
    buttons,
    campaigns_of,
    click,
    freezes,
    makes_recheck_due,
    rebuild,
    same,
    thread,
)
from tests.stories.conftest import World
from tests.stories.person import REASON, Person, eventually, shown

SETTINGS = {
    "APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "U0ALICE,U0BOB", "UNDO_WINDOW": "0",
    "ARCHIVE_KEY": Fernet.generate_key().decode(),
}  # fmt: skip
NOTICED_WITHIN_SECONDS = 3600  # the bot looks whether a deleted campaign is there again for half an hour
SIMPLE = {
    "name": "Outage Update", "format": "simple", "status": "Stopped", "description": "As it says",
    "message": {"message": "UG93ZXIgaXMgYmFjaw%3D%3D", "template_name": "Welcome"}, "priority": "4",
    "contactLists": ["Outage Zone 4"], "dncLists": {"id": "cl-1", "name": "Do Not Contact"},
    "schedule": {"isSchedulingEnabled": True, "isRecurrenceEnabled": True},
    "dialingStrategy": {"callerId": {"phoneNumber": "+919876543210"}},
}  # fmt: skip


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS}


async def deleted(world: World, campaign_id: str, name: str = NAME) -> dict[str, Any]:
    """Delete a campaign as Alice with Bob's approval and return its card."""
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    assert not await alice.submits(await alice.asks_to_delete(campaign_id), name)
    card = await bob.reads(f"`{name}` is waiting for approval to be deleted.", CARDS)
    assert not await approve(bob, card, campaign_id[-4:])
    return await bob.reads(f"`{name}` was deleted.", CARDS)


async def simple_campaign(world: World) -> str:
    campaign_id = await world.fresh_campaign()
    await world.campaign(campaign_id, **SIMPLE, experienceFlow=None)
    return campaign_id


async def test_approved_rebuild_restores_campaign_without_schedule(world: World) -> None:
    campaign_id = await simple_campaign(world)
    card = await deleted(world, campaign_id, "Outage Update")
    alice, carol = world.person("U0ALICE", CARDS), world.person("U0CAROL")
    assert buttons(card) == {ids.REBUILD_BUTTON}

    assert not await rebuild(alice, card)
    asked = await carol.reads("is waiting for approval to be rebuilt.", CARDS)
    assert not await campaigns_of(world, "Outage Update")
    await click(alice, asked, ids.APPROVE_BUTTON)
    view = await alice.modal(ids.NOTICE_VIEW, "You asked for this, so someone else decides")
    await alice.does("modal/close", view_id=view["id"], all=True)
    assert not await approve(carol, asked, "Update")

    told = await carol.reads("was rebuilt as a new campaign. I did not start it.", CARDS)
    (made,) = await campaigns_of(world, "Outage Update")
    assert made["_id"] != campaign_id
    assert made["_id"] in shown(told["blocks"])
    assert "Reason for rebuild" in shown(told["blocks"])
    assert "delete" not in told["text"]
    assert made["_id"] in told["text"]
    same = {
        key: made[key] for key in ("format", "description", "message", "priority", "contactLists", "dialingStrategy")
    }
    assert same == {key: SIMPLE[key] for key in same}
    assert made["status"] == "Ready"
    assert made["schedule"] == {"isSchedulingEnabled": False, "isRecurrenceEnabled": False}
    assert made["dncLists"] == {"name": "Do Not Contact"}
    assert not buttons(told)
    await world.person("U0ALICE").reads("was rebuilt", "D0ALICE")
    await carol.reads("The new campaign exists. I made it from the archive and did not start it.", CARDS)
    assert not [line for line in await thread(world) if "The request changed" in line]


async def test_rebuild_of_advanced_campaign_requires_flow_name(world: World) -> None:
    card = await deleted(world, await world.fresh_campaign())
    alice, carol = world.person("U0ALICE", CARDS), world.person("U0CAROL")

    assert await rebuild(alice, card, flow=" \u200b") == {ids.FLOW_BLOCK: strings.rebuild.FLOW_MISSING}
    view = await alice.modal(ids.REBUILD_VIEW)
    values = {ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}, ids.FLOW_BLOCK: {ids.FLOW_INPUT: "Order Status"}}
    await alice.does("modal/submit", view_id=view["id"], values=values)
    card = await carol.reads("to be rebuilt.", CARDS)
    assert "Order Status" in shown(card["blocks"])
    assert not await approve(carol, card)

    await carol.reads("was rebuilt", CARDS)
    (create,) = await world.calls("create")
    assert create["request"]["body"]["experienceFlowName"] == "Order Status"


async def test_second_rebuild_of_campaign_is_refused(world: World) -> None:
    card = await deleted(world, await simple_campaign(world), "Outage Update")
    alice, bob = world.person("U0ALICE", CARDS), world.person("U0BOB", CARDS)
    assert not await rebuild(alice, card)
    await bob.reads("to be rebuilt.", CARDS)

    await click(bob, card, ids.REBUILD_BUTTON)

    await bob.modal(ids.NOTICE_VIEW, "is waiting for approval to be rebuilt. Nothing new was recorded.")


async def test_messages_of_a_rebuilt_deletion_name_the_new_campaign_and_offer_no_second_rebuild(world: World) -> None:
    card = await deleted(world, await simple_campaign(world), "Outage Update")
    alice, carol = world.person("U0ALICE", CARDS), world.person("U0CAROL")
    assert not await rebuild(alice, card)
    assert not await approve(carol, await carol.reads("to be rebuilt.", CARDS), "Update")
    await carol.reads("was rebuilt", CARDS)
    (made,) = await campaigns_of(world, "Outage Update")

    told = await carol.reads(f"as `…{made['_id'][-4:]}`", CARDS)
    assert told["ts"] == card["ts"]
    assert not buttons(told)
    await world.person("U0ALICE").reads("Rebuilt <!date", "D0ALICE")
    origin = await world.person("U0ALICE").reads("`Outage Update` was deleted.")
    assert "Rebuilt <!date" in origin["text"]
    assert not buttons(origin)


async def comes_back(world: World, campaign_id: str) -> None:
    """Let the deleted campaign be there again, and the bot notice it."""
    await world.campaign(campaign_id, deleted=False)
    await makes_recheck_due(world)
    await world.person("U0CAROL").reads("is there again", CARDS)


async def test_form_of_a_rebuild_records_nothing_once_the_campaign_is_there_again(world: World) -> None:
    campaign_id = await simple_campaign(world)
    card, alice = await deleted(world, campaign_id, "Outage Update"), world.person("U0ALICE", CARDS)
    await click(alice, card, ids.REBUILD_BUTTON)
    view = await alice.modal(ids.REBUILD_VIEW)
    await comes_back(world, campaign_id)

    await alice.does("modal/submit", view_id=view["id"], values={ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}})

    await alice.modal(ids.NOTICE_VIEW, "`Outage Update` was gone and is there again, or may be")
    assert not [message for message in await alice.messages(CARDS) if "to be rebuilt" in message["text"]]


async def test_campaign_that_is_there_again_unnoticed_is_not_created_a_second_time(world: World) -> None:
    campaign_id = await simple_campaign(world)
    card, carol = await deleted(world, campaign_id, "Outage Update"), world.person("U0CAROL")
    await world.outlast(NOTICED_WITHIN_SECONDS)
    await world.campaign(campaign_id, deleted=False)
    assert not await rebuild(world.person("U0ALICE", CARDS), card)
    assert not await approve(carol, await carol.reads("is waiting for approval to be rebuilt.", CARDS), "Update")

    ended = await carol.reads("was not rebuilt", CARDS)

    assert "The deleted campaign is there again" in shown(ended["blocks"])
    assert [made["_id"] for made in await campaigns_of(world, "Outage Update")] == [campaign_id]
    assert not await world.calls("create")


async def test_rebuild_cannot_be_approved_once_the_campaign_is_there_again(world: World) -> None:
    campaign_id = await simple_campaign(world)
    card, carol = await deleted(world, campaign_id, "Outage Update"), world.person("U0CAROL")
    assert not await rebuild(world.person("U0ALICE", CARDS), card)
    asked = await carol.reads("is waiting for approval to be rebuilt.", CARDS)
    await comes_back(world, campaign_id)

    await click(carol, asked, ids.APPROVE_BUTTON)

    ended = await carol.reads("was not rebuilt", CARDS)
    assert "there again, or may be, so I created no other one" in shown(ended["blocks"])
    assert [made["_id"] for made in await campaigns_of(world, "Outage Update")] == [campaign_id]


async def asked_again(world: World, campaign_id: str) -> dict[str, Any]:
    """Let the deleted campaign be there again, unnoticed, and return the card of the next request to delete it."""
    await world.outlast(NOTICED_WITHIN_SECONDS)
    await world.campaign(campaign_id, deleted=False)
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(campaign_id), "Outage Update")
    return await alice.reads("`Outage Update` is waiting for approval to be deleted.", CARDS)


async def loses_buttons(person: Person, card: dict[str, Any]) -> None:
    async def look() -> bool:
        return any(found["ts"] == card["ts"] and not buttons(found) for found in await person.messages(CARDS))

    await eventually(look, "the card without buttons")


async def test_only_the_last_deletion_of_a_campaign_can_be_rebuilt(world: World) -> None:
    campaign_id = await simple_campaign(world)
    first, alice = await deleted(world, campaign_id, "Outage Update"), world.person("U0ALICE", CARDS)
    card = await asked_again(world, campaign_id)
    assert not await approve(world.person("U0BOB"), card, "Update")
    last = await same(alice, card, "was deleted.")
    assert buttons(last) == {ids.REBUILD_BUTTON}

    await click(alice, first, ids.REBUILD_BUTTON)

    said = shown(await alice.modal(ids.NOTICE_VIEW, "was there again. Another request ended <!date"))
    assert f"{CARDS}/p{last['ts'].replace('.', '')}" in said
    await loses_buttons(alice, first)
    assert not await rebuild(alice, last)
    asked = await alice.reads("is waiting for approval to be rebuilt.", CARDS)
    assert not await approve(world.person("U0CAROL"), asked, "Update")
    await same(alice, last, "Rebuilt <!date")
    origin, *_ = await alice.messages("C0CAMPAIGNS")
    await click(alice, origin, ids.REBUILD_BUTTON, "C0CAMPAIGNS")
    await alice.modal(ids.NOTICE_VIEW, "`Outage Update` was rebuilt <!date")
    assert len(await campaigns_of(world, "Outage Update")) == 1


async def test_form_of_a_rebuild_records_nothing_once_the_campaign_was_deleted_again(world: World) -> None:
    campaign_id = await simple_campaign(world)
    first, bob = await deleted(world, campaign_id, "Outage Update"), world.person("U0BOB", CARDS)
    await click(bob, first, ids.REBUILD_BUTTON)
    view = await bob.modal(ids.REBUILD_VIEW)
    card = await asked_again(world, campaign_id)
    assert not await approve(world.person("U0CAROL"), card, "Update")
    await same(bob, card, "was deleted.")

    await bob.does("modal/submit", view_id=view["id"], values={ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}})

    await bob.modal(ids.NOTICE_VIEW, "was there again. Another request ended <!date")
    assert not [message for message in await bob.messages(CARDS) if "to be rebuilt" in message["text"]]


async def test_form_of_a_rebuild_names_the_open_request_to_delete_the_campaign(world: World) -> None:
    campaign_id = await simple_campaign(world)
    first, bob = await deleted(world, campaign_id, "Outage Update"), world.person("U0BOB", CARDS)
    await click(bob, first, ids.REBUILD_BUTTON)
    view = await bob.modal(ids.REBUILD_VIEW)
    await asked_again(world, campaign_id)

    await bob.does("modal/submit", view_id=view["id"], values={ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}})

    said = shown(await bob.modal(ids.NOTICE_VIEW, "is waiting for approval to be deleted. Nothing new was recorded."))
    assert "rebuild was already requested" not in said


async def test_rebuild_is_not_offered_while_a_request_to_delete_the_campaign_is_open(world: World) -> None:
    campaign_id = await simple_campaign(world)
    first, bob = await deleted(world, campaign_id, "Outage Update"), world.person("U0BOB", CARDS)
    await asked_again(world, campaign_id)

    await click(bob, first, ids.REBUILD_BUTTON)

    await bob.modal(ids.NOTICE_VIEW, "is waiting for approval to be deleted. Nothing new was recorded.")


async def test_card_whose_archive_was_purged_loses_its_button_at_a_click(world: World) -> None:
    card = await deleted(world, await simple_campaign(world), "Outage Update")
    await world.outlast(NOTICED_WITHIN_SECONDS)  # no update of the card is due any more
    alice, engine = world.person("U0ALICE", CARDS), world.open_engine()
    purged = Entry(at=now(), event="archive purged", actor_id="operator", surface="test")
    assert await archive_writes.purge(engine, now(), purged)
    await engine.dispose()

    await click(alice, card, ids.REBUILD_BUTTON)

    await alice.modal(ids.NOTICE_VIEW, "`Outage Update`: The archive has no copy of it.")
    await loses_buttons(alice, card)


async def test_rebuild_that_a_freeze_refuses_is_not_headed_as_a_deletion(world: World) -> None:
    card = await deleted(world, await world.fresh_campaign())
    await freezes(world.person("U0CAROL"))
    alice = world.person("U0ALICE")
    await click(alice, card, ids.REBUILD_BUTTON)
    refused = await alice.modal(ids.NOTICE_VIEW, "frozen")
    assert refused["title"]["text"] == strings.rebuild.TITLE


async def test_rebuild_requires_requester(world: World) -> None:
    card = await deleted(world, await simple_campaign(world), "Outage Update")
    carol = world.person("U0CAROL", CARDS)
    await click(carol, card, ids.REBUILD_BUTTON)
    await carol.modal(ids.NOTICE_VIEW, "Only requesters can request rebuilds: <@U0ALICE>")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"kind": "lost_answer"}, "may or may not have been rebuilt."),
        ({"kind": "status", "status": 403}, "was not rebuilt."),
        ({"kind": "rate_limit"}, "was not rebuilt."),  # a create that Kore.ai has received is not repeated
    ],
)
async def test_create_is_sent_once_and_unknown_result_is_reported(
    world: World, fault: dict[str, Any], said: str
) -> None:
    card = await deleted(world, await simple_campaign(world), "Outage Update")
    alice, carol = world.person("U0ALICE", CARDS), world.person("U0CAROL")
    await world.fault("kore", "create", **fault)
    if fault["kind"] == "lost_answer":
        await world.fault("kore", "list", "status", status=503, times=3)

    assert not await rebuild(alice, card)
    assert not await approve(carol, await carol.reads("to be rebuilt.", CARDS), "Update")

    await carol.reads(said, CARDS)
    assert len(await world.calls("create")) == 1


async def test_rebuilt_campaign_is_offered_at_once_and_the_old_id_leads_to_it(world: World) -> None:
    campaign_id = await simple_campaign(world)
    card = await deleted(world, campaign_id, "Outage Update")
    alice, carol = world.person("U0ALICE"), world.person("U0CAROL")
    assert not await rebuild(world.person("U0ALICE", CARDS), card)
    assert not await approve(carol, await carol.reads("is waiting for approval to be rebuilt.", CARDS), "Update")
    await carol.reads("`Outage Update` was rebuilt", CARDS)
    (created,) = await campaigns_of(world, "Outage Update")

    view = await picker(alice, containing="campaigns in Kore.ai's list, as of")
    assert f"Outage Update · …{created['_id'][-4:]}" in await options(alice, view, "outage update")
    await chooses(alice, view, campaign_id)
    said = shown(await alice.modal(ids.NOTICE_VIEW, "You asked for that: <"))
    assert f"It was rebuilt as `{created['_id']}`." in said
