"""Rebuilds: from the card, with their own approval, never started and never created twice."""

from typing import Any

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.picker_steps import chooses, options, picker
from tests.simulation.stories.rebuild_steps import SETTINGS, SIMPLE, deleted, simple_campaign
from tests.simulation.stories.steps import CARDS, approve, buttons, campaigns_of, click, freezes, rebuild, thread
from tests.stories.conftest import World
from tests.stories.person import REASON, shown


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS}


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
