"""Facts of a form that come late do not replace what its user has moved on to in the same window."""

import asyncio

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.steps import NAME, click, request_deletion
from tests.stories.conftest import World
from tests.stories.person import REASON

LATE_MS = 6_000
LATER_SECONDS = 10


@pytest.fixture
def settings() -> dict[str, str]:
    return {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE"}


@pytest.fixture
async def running(world: World) -> str:
    """Return the id of a campaign that sends messages, whose contacts are known late."""
    campaign_id = await world.fresh_campaign()
    await world.api.post(f"/sandbox/kore/campaigns/{campaign_id}/send", json={"per_minute": 600})
    await world.fault("kore", "contact_lists", "delay", delay_ms=LATE_MS)
    return campaign_id


async def test_form_to_stop_is_not_replaced_by_the_form_to_delete(world: World, running: str) -> None:
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} {running}")
    summary = await alice.modal(ids.CONFIRM_VIEW, strings.modals.COUNTING)
    button = next(block for block in summary["blocks"] if block["type"] == "actions")

    await alice.does("modal/action", view_id=summary["id"], block_id=button["block_id"], action_id=ids.ONLY_STOP_BUTTON)
    await alice.modal(ids.STOP_VIEW)
    await asyncio.sleep(LATER_SECONDS)

    await alice.modal(ids.STOP_VIEW, "Messages sent so far")
    assert not await world.calls("stop")


@pytest.mark.parametrize("slow_ms", [2_000, 5_000])
async def test_confirmation_of_a_request_is_not_replaced_by_its_form(world: World, slow_ms: int) -> None:
    alice = world.person("U0ALICE")
    await world.fault("kore", "contact_lists", "delay", delay_ms=LATE_MS)
    await alice.types(f"{ids.COMMAND} {await world.fresh_campaign()}")
    summary = await alice.modal(ids.CONFIRM_VIEW, strings.modals.COUNTING)
    await world.fault("slack", "users.info", "delay", delay_ms=slow_ms)

    assert not await alice.submits(summary, NAME)
    await alice.modal(ids.LOADING_VIEW, strings.modals.STILL_WORKING)
    await asyncio.sleep(LATER_SECONDS)

    await alice.modal(ids.NOTICE_VIEW, strings.modals.RECORDED[0])


async def test_confirmation_of_an_approval_is_not_replaced_by_its_form(world: World) -> None:
    bob, card = world.person("U0BOB"), await request_deletion(world, await world.fresh_campaign())
    await world.fault("kore", "contact_lists", "delay", delay_ms=LATE_MS)
    await click(bob, card, ids.APPROVE_BUTTON)
    view = await bob.modal(ids.APPROVE_VIEW, strings.modals.COUNTING)
    await world.fault("slack", "users.info", "delay", delay_ms=2_000, times=2)

    values = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}}
    assert not (await bob.does("modal/submit", view_id=view["id"], values=values)).get("errors")
    await bob.modal(ids.LOADING_VIEW, strings.modals.STILL_WORKING)
    await asyncio.sleep(LATER_SECONDS)

    await bob.modal(ids.NOTICE_VIEW, strings.modals.RECORDED[0])


async def test_confirmation_of_a_stop_is_not_replaced_by_its_form(world: World, running: str) -> None:
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} stop {running}")
    view = await alice.modal(ids.STOP_VIEW, strings.modals.COUNTING)
    await world.fault("slack", "users.info", "delay", delay_ms=2_000)

    values = {ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}, ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}}
    assert not (await alice.does("modal/submit", view_id=view["id"], values=values)).get("errors")
    await alice.modal(ids.LOADING_VIEW, strings.modals.STILL_WORKING)
    await asyncio.sleep(LATER_SECONDS)

    await alice.modal(ids.NOTICE_VIEW, strings.modals.RECORDED[0])
