"""A channel that becomes shared with another organization shows no names from then on."""

from typing import Any

import pytest

from deletion.domain.freeze_and_budget import FreezeEvent
from deletion.messages.disclosure import VALID_FOR_SECONDS
from slack_ui import strings
from tests.simulation.stories.steps import CARDS, NAME, approve, freezes, reject, request_deletion, thread, unfreezes
from tests.stories.conftest import World
from tests.stories.person import eventually, shown

ROOM, ORIGIN = "C0OPSEMEA", "C0CAMPAIGNS"
REASON = "The reason is confidential"
SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB,S0APPROVE", "REQUESTERS": "U0ALICE", "OPS_ROOMS": ROOM}


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


async def share(world: World, channel: str, **flags: bool) -> None:
    await world.api.post("/sandbox/channel", json={"channel": channel, **flags})


async def bot_messages(world: World, channel: str) -> list[dict[str, Any]]:
    return [message for message in await world.person("U0BOB").messages(channel) if not message["ephemeral"]]


@pytest.mark.parametrize("flag", ["is_ext_shared", "is_pending_ext_shared"])
async def test_cards_in_a_shared_channel_show_no_names(world: World, flag: str) -> None:
    campaign = await world.fresh_campaign()
    card, bob = await request_deletion(world, campaign), world.person("U0BOB")
    for channel in (CARDS, ORIGIN):
        await share(world, channel, **{flag: True})
    await world.outlast(VALID_FOR_SECONDS)

    await reject(bob, card, REASON)
    await eventually(world.has_said_all, "every message")

    for channel in (CARDS, ORIGIN):
        said = shown(await bot_messages(world, channel))
        assert "There is news about the deletion of a campaign." in said
        for secret in (NAME, campaign, REASON):
            assert secret not in said, (channel, secret)
    assert NAME in shown(await bot_messages(world, ROOM))  # which is not shared
    assert "Channel is shared with another organization; names withheld" in world.bot.log.read_text()


async def test_outcome_in_a_shared_ops_room_shows_no_names(world: World) -> None:
    campaign, bob = await world.fresh_campaign(), world.person("U0BOB")
    card = await request_deletion(world, campaign)
    await share(world, ROOM, is_ext_shared=True)
    await world.outlast(VALID_FOR_SECONDS)

    assert not await approve(bob, card)
    await bob.reads("was deleted.", CARDS)
    await eventually(world.has_said_all, "every message")

    (message,) = await bot_messages(world, ROOM)
    assert "There is news about the deletion of a campaign." in message["text"]
    assert not message["blocks"]


async def test_channel_that_is_shared_no_longer_shows_everything_again(world: World) -> None:
    """As after an invitation of another organization that was taken back."""
    await share(world, CARDS, is_pending_ext_shared=True)
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    for _ in range(3):
        assert not await alice.submits(await alice.asks_to_delete(await world.fresh_campaign()), NAME)
    await world.outlast(120)
    cards = await bot_messages(world, CARDS)
    assert ["There is news" in card["text"] for card in cards] == [True] * 3
    asked = len(await world.calls("conversations.info"))

    await world.outlast(120)
    assert len(await world.calls("conversations.info")) - asked <= 3  # it asks once a minute
    await share(world, CARDS, is_pending_ext_shared=False)
    await world.outlast(120)

    first, *_ = again = [card for card in await bot_messages(world, CARDS) if card["ts"] in {c["ts"] for c in cards}]
    assert ["is waiting for approval to be deleted." in card["text"] for card in again] == [True] * 3
    assert not await approve(bob, first)
    await eventually(world.has_said_all, "every message")
    said = " ".join(await thread(world))
    assert said.count("requested the deletion") == len(cards)
    assert "<@U0BOB> approved" in said


async def test_freeze_in_a_shared_ops_room_shows_no_names(world: World) -> None:
    await share(world, ROOM, is_ext_shared=True)
    await world.outlast(VALID_FOR_SECONDS)
    bob = world.person("U0BOB")
    await freezes(bob)
    await bob.reads(strings.freeze.ROOM_LINES[FreezeEvent.FROZEN][1][:30], CARDS)
    await bob.reads("An approver froze all requests.", ROOM)
    await unfreezes(bob)
    await bob.reads("An approver unfroze all requests.", ROOM)

    assert "U0BOB" not in shown(await bot_messages(world, ROOM))


async def test_no_message_is_posted_while_slack_does_not_say_what_the_channel_is(world: World) -> None:
    campaign = await world.fresh_campaign()
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.fault("slack", "conversations.info", "status", status=500, times=40)

    assert not await alice.submits(view, NAME)

    await eventually(lambda: world.calls("conversations.info"), "a question about the channel")
    assert not [message for message in await bot_messages(world, CARDS) if campaign in shown(message)]
    await world.api.delete("/sandbox/faults")
    await world.person("U0BOB").reads("is waiting for approval to be deleted.", CARDS)
