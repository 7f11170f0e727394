"""The campaign is read again at an approval and before the delete: changed, gone or unreadable."""

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, approve, buttons, click, request_deletion
from tests.stories.conftest import World
from tests.stories.person import shown

SETTINGS = {"APPROVALS_REQUIRED": "2", "APPROVERS": "U0ALICE,U0BOB,S0APPROVE", "REQUESTERS": "U0ALICE,U0BOB"}
UNDO_SECONDS = 3


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS, "UNDO_WINDOW": str(UNDO_SECONDS)}


async def test_campaign_change_found_at_approval_closes_request(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    card = await request_deletion(world, campaign)
    await world.campaign(campaign, contactLists=["VIP customers"])

    await click(bob, card, ids.APPROVE_BUTTON)

    await bob.modal(ids.NOTICE_VIEW, strings.modals.DRIFTED[0])
    message = await bob.reads("it has changed since the request.", CARDS)
    assert "Contact lists: was Renewal Due - May/June 2025, now VIP customers" in shown(message["blocks"])
    assert not buttons(message)


async def test_campaign_change_in_undo_window_prevents_deletion(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    card = await request_deletion(world, campaign)
    assert not await approve(bob, card)
    assert not await approve(world.person("U0CAROL"), card)
    await world.campaign(campaign, status="Active")

    assert "Status: was Stopped, now Active" in shown(await bob.reads("it has changed since the request.", CARDS))
    assert not await world.deletes()


async def test_campaign_gone_at_approval_closes_request(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    card = await request_deletion(world, campaign)
    await world.api.delete(f"/sandbox/kore/campaigns/{campaign}")
    await click(bob, card, ids.APPROVE_BUTTON)
    await bob.modal(ids.NOTICE_VIEW, strings.modals.VANISHED[0])
    await bob.reads("is gone.", CARDS)


async def test_approval_modal_waits_for_rate_limit_and_then_opens(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    card = await request_deletion(world, campaign)
    await world.fault("kore", "get", "rate_limit", retry_after_seconds=2)

    await click(bob, card, ids.APPROVE_BUTTON)

    waiting = await bob.modal(ids.LOADING_VIEW, "I'll try again <!date")
    assert (await bob.modal(ids.APPROVE_VIEW))["id"] == waiting["id"]


async def test_unreadable_campaign_at_approval_leaves_request_open(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    card = await request_deletion(world, campaign)
    await world.fault("kore", "get", "status", status=503, times=None)
    await click(bob, card, ids.APPROVE_BUTTON)
    await bob.modal(ids.NOTICE_VIEW, "press Approve again in a minute")
    assert buttons(await bob.reads("is waiting for approval to be deleted.", CARDS))
