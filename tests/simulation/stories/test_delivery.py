"""A Slack that refuses or fails some messages for ever: no other message is more than three seconds late."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.engine.queues import SHOW_QUEUE
from slack_ui.parts import ids
from slack_ui.parts.undelivered import cure
from tests.simulation.engine_store import EngineStore, StoredWorkflow
from tests.simulation.stories.steps import CAMPAIGN, CARDS, NAME, approve, buttons, request_deletion, same
from tests.simulation.world import SimulatedWorld
from tests.stories.person import eventually, shown

ORIGIN, ALICE = "C0CAMPAIGNS", "D0ALICE"
NO_THREADS = "restricted_action_non_threadable_channel"
LATE_SECONDS = 3.0
PAUSE_SECONDS = 3.0  # so that the channel's own limit of two messages a second is not reached
FOR_EVER: list[tuple[str, dict[str, Any]]] = [
    ("error", {"error": "a_code_of_next_year"}),
    ("error", {"error": "internal_error"}),
    ("delay", {"delay_ms": 60_000}),
]


@pytest.fixture
def settings() -> dict[str, str]:
    return {
        "APPROVALS_REQUIRED": "1",
        "APPROVERS": "U0BOB,S0APPROVE",
        "REQUESTERS": "U0ALICE",
        "UNDO_WINDOW": "30s",
    }


def now() -> float:
    return asyncio.get_running_loop().time()


async def seconds_until(look: Callable[[], Any], what: str) -> float:
    """Return after how many virtual seconds this is seen."""
    since = now()
    await eventually(look, what)
    return now() - since


async def about(world: SimulatedWorld, campaign_id: str, channel: str, button: str) -> list[dict[str, Any]]:
    """Return the messages of a channel that name a campaign and have this button."""
    found = await world.person("U0BOB").messages(channel)
    named = [message for message in found if campaign_id in f"{message['text']} {shown(message['blocks'])}"]
    return [message for message in named if button in buttons(message)]


async def asks(world: SimulatedWorld, campaign_id: str) -> None:
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(campaign_id), NAME)


async def test_result_is_shown_without_the_queue_of_messages(world: SimulatedWorld, mocker: MockerFixture) -> None:
    card = await request_deletion(world, CAMPAIGN)
    claim = EngineStore.claim

    def without_messages(store: EngineStore, queue: str, *args: Any) -> list[StoredWorkflow]:
        return [] if queue == SHOW_QUEUE else claim(store, queue, *args)

    mocker.patch.object(EngineStore, "claim", without_messages)
    assert not await approve(world.person("U0BOB"), card)

    await same(world.person("U0BOB"), card, "was deleted.")
    assert await world.person("U0ALICE").reads("was deleted.", ORIGIN)


async def test_stop_appears_where_slack_refuses_every_thread_line(world: SimulatedWorld) -> None:
    await world.fault("slack", "chat.postMessage", "error", error=NO_THREADS, in_thread=True, times=None)
    campaign = await world.fresh_campaign()
    card = await request_deletion(world, campaign)
    assert not await approve(world.person("U0BOB"), card)

    late = await seconds_until(lambda: about(world, campaign, CARDS, ids.STOP_BUTTON), "a Stop button")

    assert late < LATE_SECONDS
    assert not await world.deletes()

    async def named() -> bool:
        (card,) = await about(world, campaign, CARDS, ids.STOP_BUTTON)
        return cure(NO_THREADS) in shown(card["blocks"])

    assert await seconds_until(named, "the cure on the card") < LATE_SECONDS
    assert world.bot.log.read_text().count("Channel refuses messages") == 1


@pytest.mark.parametrize(("kind", "details"), FOR_EVER)
async def test_message_that_fails_for_ever_delays_no_other(
    world: SimulatedWorld, kind: str, details: dict[str, Any]
) -> None:
    refused, *others = [await world.fresh_campaign() for _ in range(3)]
    for method in ("chat.postMessage", "chat.update"):
        await world.fault("slack", method, kind, channel=CARDS, text=refused, times=None, **details)
    await asks(world, refused)

    for campaign in others:
        await asyncio.sleep(PAUSE_SECONDS)
        await asks(world, campaign)
        late = await seconds_until(lambda: about(world, campaign, CARDS, ids.APPROVE_BUTTON), "a card")  # noqa: B023
        assert late < LATE_SECONDS
        (card,) = await about(world, campaign, CARDS, ids.APPROVE_BUTTON)
        assert not await approve(world.person("U0BOB"), card)
        for channel in (CARDS, ORIGIN):
            late = await seconds_until(lambda: about(world, campaign, channel, ids.STOP_BUTTON), "Stop")  # noqa: B023
            assert late < LATE_SECONDS

    assert not await about(world, refused, CARDS, ids.APPROVE_BUTTON)


@pytest.mark.parametrize("error", ["no_permission", "a_code_of_next_year"])
async def test_requester_learns_within_ten_seconds_that_approvers_are_not_told(
    world: SimulatedWorld, error: str
) -> None:
    await world.fault("slack", "chat.postMessage", "error", error=error, channel=CARDS, times=None)
    campaign = await world.fresh_campaign()
    since = now()
    await asks(world, campaign)

    told = await world.person("U0ALICE").reads("is waiting for approval", ALICE)

    assert now() - since < 10
    assert cure(error) in shown(told["blocks"])
    await asyncio.sleep(45)
    refusals = [call for call in await world.calls("chat.postMessage") if call["response"].get("error") == error]
    assert len(refusals) == 1
    await world.api.delete("/sandbox/faults")
    await eventually(lambda: about(world, campaign, CARDS, ids.APPROVE_BUTTON), "a card")
    assert now() - since < 90
