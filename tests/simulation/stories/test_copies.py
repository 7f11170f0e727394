"""Copies of a message that a crash or a lost response leaves behind: they stay true and have no working buttons."""

import signal
from typing import Any

import pytest
import sqlalchemy as sa

from deletion.db.connection import read
from deletion.db.tables import messages
from sandbox.slack.workspace import Message
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, NAME, approve, buttons, click, freezes, reject, request_deletion
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB,S0APPROVE", "REQUESTERS": "U0ALICE"}
FIRST = "requested the deletion of"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS}


async def about(world: World, campaign_id: str, channel: str = CARDS) -> list[dict[str, Any]]:
    found = await world.person("U0BOB").messages(channel)
    return [message for message in found if campaign_id in f"{message['text']} {shown(message['blocks'])}"]


async def test_copies_after_lost_responses_have_no_state_and_no_buttons(world: World, campaign: str) -> None:
    await world.fault("slack", "chat.postMessage", "lost_answer", times=3)
    card = await request_deletion(world, campaign)
    await eventually(world.has_said_all, "every message")

    found = [message for room in (CARDS, "C0CAMPAIGNS") for message in await about(world, campaign, room)]
    copies = [message for message in found if FIRST in message["text"]]
    assert len(copies) == 3
    assert not any(message["blocks"] for message in copies)
    assert [message["ts"] for message in found if ids.APPROVE_BUTTON in buttons(message)] == [card["ts"]]


async def is_placed(world: World, ts: str) -> bool:
    """Return whether the bot has stored where Slack posted this message."""
    engine = world.open_engine()
    try:
        return ts in {row["ts"] for row in await read(engine, sa.select(messages.c.ts))}
    finally:
        await engine.dispose()


async def test_message_is_completed_after_a_crash_between_post_and_update() -> None:
    async with open_simulated_world(**SETTINGS) as world:
        campaign = await world.fresh_campaign()
        await world.fault("slack", "chat.update", "delay", delay_ms=60_000, times=None)
        alice = world.person("U0ALICE")
        assert not await alice.submits(await alice.asks_to_delete(campaign), "Interactive Support SMS Campaign")
        await alice.reads(FIRST, "C0CAMPAIGNS")
        (posted,) = await eventually(lambda: about(world, campaign), "a card")
        assert not posted["blocks"]
        await eventually(lambda: is_placed(world, posted["ts"]), "the stored place of the card")
        await world.bot.stop(signal.SIGKILL)
        await world.api.delete("/sandbox/faults")

        await world.bot.start()

        await world.person("U0BOB").reads("is waiting for approval to be deleted.", CARDS)
        await eventually(world.has_said_all, "every message")
        assert [message["ts"] for message in await about(world, campaign)] == [posted["ts"]]


@pytest.mark.parametrize(
    ("button", "channel"),
    [
        (ids.APPROVE_BUTTON, CARDS),
        (ids.REJECT_BUTTON, CARDS),
        (ids.CANCEL_BUTTON, CARDS),
        (ids.REMIND_BUTTON, "C0CAMPAIGNS"),
    ],
)
async def test_button_on_a_copy_does_nothing_and_the_copy_becomes_a_link(
    world: World, campaign: str, button: str, channel: str
) -> None:
    card = await request_deletion(world, campaign)
    bob = world.person("U0BOB")
    current = await bob.reads("is waiting for approval to be deleted.", channel)
    copy = copy_of(world, current["ts"], channel=channel)

    await click(bob, copy.payload, button, channel)

    await bob.reads_privately(strings.cards.NOT_CURRENT, channel)
    link = f"/archives/{channel}/p{current['ts'].replace('.', '')}|{strings.cards.POINTER_LINK}>"

    async def replaced() -> bool:
        found = [message for message in await bob.messages(channel) if message["ts"] == copy.ts]
        return link in found[0]["text"] and not found[0]["blocks"]

    await eventually(replaced, "a link instead of the copy")
    updates = [each["request"] for each in await world.calls("chat.update") if each["request"]["ts"] == copy.ts]
    assert [update.get("parse") for update in updates] == ["none"]
    assert not (await bob.sees())["views"]
    assert not await approve(bob, card)  # the request waits as before, and its own message works
    await bob.reads("was deleted.", CARDS)


async def test_copy_that_can_no_longer_be_edited_is_deleted_at_a_click(world: World, campaign: str) -> None:
    card = await request_deletion(world, campaign)
    copy = copy_of(world, card["ts"])
    bob = world.person("U0BOB")
    await world.fault("slack", "chat.update", "error", error="edit_window_closed", channel=CARDS)

    await click(bob, copy.payload, ids.APPROVE_BUTTON)

    await bob.reads_privately(strings.cards.NOT_CURRENT, CARDS)
    cards = [message for message in await about(world, campaign) if ids.APPROVE_BUTTON in buttons(message)]
    assert [message["ts"] for message in cards] == [card["ts"]]


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_message_that_can_no_longer_be_edited_is_replaced(world: World, campaign: str, code: str) -> None:
    card = await request_deletion(world, campaign)
    bob = world.person("U0BOB")
    await world.fault("slack", "chat.update", "error", error=code, channel=CARDS)

    await reject(bob, card, "Still used by the shops")

    rejected = await bob.reads("was not deleted", CARDS)
    await eventually(world.has_said_all, "every message")
    cards = [message for message in await about(world, campaign) if not message.get("thread_ts")]
    assert [message["ts"] for message in cards] == [rejected["ts"]]


async def test_message_that_can_be_neither_edited_nor_deleted_is_posted_again(world: World, campaign: str) -> None:
    card = await request_deletion(world, campaign)
    bob = world.person("U0BOB")
    await world.fault("slack", "chat.update", "error", error="edit_window_closed", channel=CARDS)
    await world.fault("slack", "chat.delete", "error", error="cant_delete_message", channel=CARDS)

    await reject(bob, card, "Still used by the shops")

    rejected = await bob.reads("was not deleted", CARDS)
    await eventually(world.has_said_all, "every message")
    cards = [message for message in await about(world, campaign) if not message.get("thread_ts")]
    assert [message["ts"] for message in cards] == [card["ts"], rejected["ts"]]
    assert "Outdated message not deleted" in world.bot.log.read_text()


async def test_channel_that_lets_no_message_be_edited_is_named_and_not_filled(world: World, campaign: str) -> None:
    await world.fault("slack", "chat.update", "error", error="edit_window_closed", channel=CARDS, times=None)
    alice = world.person("U0ALICE")

    assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)

    told = await alice.reads(f"I couldn't post this in <#{CARDS}>. Slack refuses it", "C0CAMPAIGNS")
    assert "edit_window_closed" in told["text"]
    posted = [each["request"] for each in await world.calls("chat.postMessage")]
    assert len([each for each in posted if each["channel"] == CARDS and not each.get("thread_ts")]) == 1
    assert await about(world, campaign) == []


async def test_link_in_place_of_a_copy_of_practice_says_so_also_when_practice_is_over() -> None:
    async with open_simulated_world(**SETTINGS, PRACTICE="1") as world:
        bob, alice = world.person("U0BOB"), world.person("U0ALICE")
        campaign = await world.fresh_campaign()
        assert not await alice.submits(await alice.asks_to_delete(campaign), "Interactive Support SMS Campaign")
        card = await bob.reads("is waiting for approval, in practice.", CARDS)
        copies = [copy_of(world, card["ts"], seconds) for seconds in (1, 2)]

        await click(bob, copies[0].payload, ids.APPROVE_BUTTON)
        await eventually(lambda: pointers(world, 1), "a link in the place of the first copy")
        await world.bot.stop()
        world.bot.settings["PRACTICE"] = ""
        await world.bot.start()
        await click(bob, copies[1].payload, ids.APPROVE_BUTTON)

        for text in await eventually(lambda: pointers(world, 2), "a link in the place of the second copy"):
            assert text.startswith("practice · ")


async def pointers(world: World, count: int) -> list[str] | None:
    found = [message["text"] for message in await world.person("U0BOB").messages(CARDS)]
    links = [text for text in found if strings.cards.POINTER_LINK in text]
    return links if len(links) == count else None


def copy_of(world: World, ts: str, seconds_before: int = 1, channel: str = CARDS) -> Message:
    """What a bot that died between Slack's response and its database, or an earlier version, has left."""
    workspace = world.sandbox.slack.workspace
    original = next(message for message in workspace.messages[channel] if message.ts == ts)
    seconds, _, fraction = ts.partition(".")
    return workspace.put(channel, {**original.payload, "ts": f"{int(seconds) - seconds_before}.{fraction}"})


async def test_channel_that_lets_no_message_be_edited_any_more_is_not_filled(world: World, campaign: str) -> None:
    await request_deletion(world, campaign)
    await eventually(world.has_said_all, "every message")
    await world.fault("slack", "chat.update", "error", error="edit_window_closed", channel=CARDS, times=None)

    await freezes(world.person("U0BOB"))

    await world.outlast(50)
    posted = [each["request"] for each in await world.calls("chat.postMessage")]
    cards = [each for each in posted if each["channel"] == CARDS and not each.get("thread_ts")]
    assert len([card for card in cards if NAME in card["text"]]) == 2
    await world.person("U0ALICE").reads(f"I couldn't post this in <#{CARDS}>. Slack refuses it", "C0CAMPAIGNS")
