"""Stop a running campaign: before its deletion with one approval, or alone and at once, also during a freeze."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from deletion.db.tables import previews
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, NAME, approve, buttons, click, freezes, request_deletion, same, types
from tests.simulation.stories.stop_steps import asks_to_stop, submits_stop
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import shown

SETTINGS = {
    "APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "60s",
    "OPS_ROOMS": "C0OPSEMEA",
}  # fmt: skip


@pytest.fixture(params=["v1", "v2"])
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"KORE_API_VERSION": request.param, **SETTINGS}


@pytest.fixture
async def running(world: World) -> str:
    """Return the id of a campaign that sends 600 messages a minute."""
    campaign_id = await world.fresh_campaign()
    await world.campaign(campaign_id, createdAt="2026-01-02T03:04:05.000Z", totalMessagesSent=100)
    await world.api.post(f"/sandbox/kore/campaigns/{campaign_id}/send", json={"per_minute": 600})
    return campaign_id


@pytest.fixture
async def running_with_approval() -> AsyncIterator[tuple[World, str]]:
    """Return a world whose stops need an approval, and a campaign that sends."""
    async with open_simulated_world(**SETTINGS, STOP_APPROVALS_REQUIRED="1") as world:
        campaign_id = await world.fresh_campaign()
        await world.api.post(f"/sandbox/kore/campaigns/{campaign_id}/send", json={"per_minute": 600})
        yield world, campaign_id


async def stored(world: World, campaign_id: str) -> dict[str, Any]:
    found = (await world.api.get("/sandbox/kore/campaigns")).json()
    return next(raw for raw in found if raw["_id"] == campaign_id)


async def test_running_campaign_is_stopped_then_deleted_with_one_approval(world: World, running: str) -> None:
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    view = await alice.asks_to_delete(running)
    assert view["submit"]["text"] == strings.modals.MODAL_SUBMIT_ASK
    assert "I first stop it" in shown(view)
    assert not await alice.submits(view, NAME)
    card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)
    assert not await world.calls("stop")

    assert not await approve(bob, card)

    stopped = await same(bob, card, "is stopped, and will be deleted unless the deletion is stopped.")
    assert "Stopped and verified" in stopped["text"]
    assert (await stored(world, running))["status"] == "Stopped"
    assert not await world.deletes()
    assert ids.STOP_BUTTON in buttons(stopped)

    gone = await same(bob, card, "was stopped and deleted.")
    sent = (await stored(world, running))["totalMessagesSent"]
    assert f"{sent:,} when stopped, {sent:,} when deleted" in shown(gone["blocks"])
    assert "Active · " in shown(gone["blocks"])
    assert await world.deletes() == [running]
    assert len(await world.calls("stop")) == 1
    await alice.reads("was stopped and deleted.", "D0ALICE")
    await world.person("U0ALICE").reads("was stopped and deleted.", "C0OPSEMEA")


async def test_deletion_is_stopped_in_the_undo_window_and_the_campaign_stays_stopped(
    world: World, running: str
) -> None:
    bob = world.person("U0BOB")
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(running), NAME)
    card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)
    assert not await approve(bob, card)

    await click(bob, await same(bob, card, "is stopped, and will be deleted"), ids.STOP_BUTTON)

    await same(bob, card, "was stopped, but not deleted: its deletion was stopped in time.")
    await alice.reads("was stopped, but not deleted", "C0OPSEMEA")
    assert not await world.deletes()


async def test_approver_stops_a_campaign_during_a_freeze_without_an_approval(world: World, running: str) -> None:
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    await freezes(carol)
    await world.person("U0ALICE").types(f"{ids.COMMAND} {running}")
    assert "stop` and its ID" in shown(await world.person("U0ALICE").modal(ids.NOTICE_VIEW, "frozen"))

    view = await asks_to_stop(bob, running)
    assert "a stop can be reversed in Kore.ai's console" in shown(view)
    assert ids.PHRASE_BLOCK in await submits_stop(bob, view, "Wrong")
    assert not await submits_stop(bob, view)

    told = await bob.reads("was stopped.")
    assert "Stopped, by two sources" in told["text"]
    assert "when requested" in told["text"]
    assert (await stored(world, running))["status"] == "Stopped"
    assert not await world.deletes()
    await bob.reads("was stopped.", "C0OPSEMEA")


async def test_only_stop_is_offered_in_the_summary_and_leads_to_its_own_form(world: World, running: str) -> None:
    alice = world.person("U0ALICE")
    summary = await alice.asks_to_delete(running)
    button = next(block for block in summary["blocks"] if block["type"] == "actions")

    await alice.does("modal/action", view_id=summary["id"], block_id=button["block_id"], action_id=ids.ONLY_STOP_BUTTON)
    view = await alice.modal(ids.STOP_VIEW, "Messages sent so far")
    assert not await submits_stop(alice, view, running[-4:])

    await alice.reads("was stopped.")
    told = (await types(alice, f"status {running}"))["text"]
    assert "was stopped." in told
    assert "Reason for stop" in told
    assert not await world.deletes()


async def test_only_stop_of_an_expired_summary_says_that_it_has_expired(world: World, running: str) -> None:
    alice = world.person("U0ALICE")
    summary = await alice.asks_to_delete(running)
    button = next(block for block in summary["blocks"] if block["type"] == "actions")
    engine = world.open_engine()
    async with engine.begin() as connection:
        await connection.execute(previews.delete())
    await engine.dispose()

    await alice.does("modal/action", view_id=summary["id"], block_id=button["block_id"], action_id=ids.ONLY_STOP_BUTTON)

    assert strings.modals.PREVIEW_LOST[0] in shown(await alice.modal(ids.NOTICE_VIEW, "Nothing was done"))


async def test_stop_that_cannot_be_verified_is_unknown_and_seen_later_and_nothing_is_deleted(
    world: World, running: str
) -> None:
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    assert not await alice.submits(await alice.asks_to_delete(running), NAME)
    card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)
    await world.fault("kore", "stop", "reset")
    assert not await approve(bob, card)
    unknown = await same(bob, card, "may or may not have been stopped. It was not deleted.")
    assert "I won't delete it" in unknown["text"]

    await world.campaign(running, status="Stopped")

    await same(bob, card, "was stopped, but not deleted.")
    await alice.reads("was stopped, but not deleted.", "D0ALICE")
    assert len(await world.calls("stop")) == 1
    assert not await world.deletes()


async def test_campaign_that_changes_after_its_stop_is_not_deleted(world: World, running: str) -> None:
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    assert not await alice.submits(await alice.asks_to_delete(running), NAME)
    card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)
    assert not await approve(bob, card)
    await same(bob, card, "is stopped, and will be deleted")

    await world.campaign(running, contactLists=["VIP customers"])

    changed = await same(bob, card, "was stopped, but not deleted: it has changed since the request.")
    assert "Contact lists" in changed["text"]
    assert not await world.deletes()


async def test_hold_after_the_stop_prevents_the_deletion(world: World, running: str) -> None:
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    assert not await alice.submits(await alice.asks_to_delete(running), NAME)
    card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)
    assert not await approve(bob, card)
    await same(bob, card, "is stopped, and will be deleted")

    await types(world.person("U0CAROL"), f"hold {running} Legal asked to keep it")

    held = await same(bob, card, "was stopped, but not deleted.")
    assert "put on hold after the request" in held["text"]
    assert not await world.deletes()


async def test_stop_does_not_wait_for_an_open_request_to_delete(world: World, running: str) -> None:
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    assert not await alice.submits(await alice.asks_to_delete(running), NAME)
    card = await bob.reads("is waiting for approval to be stopped and deleted.", CARDS)

    assert not await submits_stop(bob, await asks_to_stop(bob, running))
    await bob.reads("was stopped.")

    assert not await approve(bob, card)
    await same(bob, card, "is stopped, and will be deleted")
    assert len(await world.calls("stop")) == 1


async def test_stop_that_needs_an_approval_is_approved_during_a_freeze(
    running_with_approval: tuple[World, str],
) -> None:
    world, campaign_id = running_with_approval
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    await freezes(carol)
    assert not await submits_stop(bob, await asks_to_stop(bob, campaign_id))

    card = await bob.reads("is waiting for approval to be stopped.", CARDS)
    assert ids.APPROVE_BUTTON in buttons(card)
    assert not await approve(carol, card)

    await same(bob, card, "was stopped.")
    assert not await world.deletes()


async def test_ordinary_member_cannot_stop(world: World, running: str) -> None:
    dan = world.person("U0DAN")
    await dan.types(f"{ids.COMMAND} stop {running}")
    await dan.modal(ids.NOTICE_VIEW, "can stop a campaign")
    assert not await world.calls("stop")


async def test_ready_campaign_needs_no_stop(world: World) -> None:
    campaign_id = await world.fresh_campaign()
    await world.campaign(campaign_id, status="Ready")
    await request_deletion(world, campaign_id)
    bob = world.person("U0BOB")
    await bob.types(f"{ids.COMMAND} stop {campaign_id}")
    refused = await bob.modal(ids.NOTICE_VIEW, "can't be stopped in its current status")
    assert refused["title"]["text"] == "Stop campaign"


async def test_stop_with_the_dash_of_a_phone_opens_the_form(world: World, running: str) -> None:
    bob = world.person("U0BOB")
    await bob.types(f"{ids.COMMAND} stop\N{EM DASH}{running}")
    assert running in shown(await bob.modal(ids.STOP_VIEW))


async def test_refused_stop_is_not_headed_as_a_deletion(world: World) -> None:
    bob = world.person("U0BOB")
    await bob.types(f"{ids.COMMAND} stop {await world.fresh_campaign()}")
    refused = await bob.modal(ids.NOTICE_VIEW, "No request was made")
    assert refused["title"]["text"] == strings.stop.TITLE


async def test_late_approval_of_a_stop_is_not_headed_as_a_deletion(
    running_with_approval: tuple[World, str],
) -> None:
    world, campaign_id = running_with_approval
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    assert not await submits_stop(world.person("U0ALICE"), await asks_to_stop(world.person("U0ALICE"), campaign_id))
    card = await bob.reads("is waiting for approval to be stopped.", CARDS)
    await click(carol, card, ids.APPROVE_BUTTON)
    form = await carol.modal(ids.APPROVE_VIEW)
    assert not await approve(bob, card)

    values = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}}
    assert not (await carol.does("modal/submit", view_id=form["id"], values=values)).get("errors")

    refused = await carol.modal(ids.NOTICE_VIEW, strings.modals.NOTHING_DONE)
    assert refused["title"]["text"] == form["title"]["text"] == "Approve stop"
