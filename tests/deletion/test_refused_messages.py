"""One message that Slack refuses: no other waits for it, and people learn which channel refuses messages and why."""

from collections.abc import AsyncIterator

import pytest

from deletion.domain.clock import now
from deletion.domain.states import State
from deletion.messages.message_order import Importance
from deletion.messages.message_sync import MessageRef
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.undelivered import cure
from tests.deletion.refusing_slack import ALICE, CARDS, OPS, ORIGIN, Bot, open_bot

pytestmark = pytest.mark.any_database

NO_THREADS = "restricted_action_non_threadable_channel"
PERMANENT = ["no_permission", "restricted_action_thread_only_channel", "is_inactive", "ekm_access_denied",
             "missing_scope", "msg_too_long", "not_in_channel", "a_code_of_next_year"]  # fmt: skip


@pytest.fixture
async def bot(database_url: str) -> AsyncIterator[Bot]:
    async with open_bot(database_url) as bot:
        yield bot


async def test_thread_line_is_queued_once_however_often_its_request_changes(bot: Bot) -> None:
    asked = await bot.asks()
    for card in await bot.sync.pending(asked.id):
        await bot.sync.show(card)
    begun = await bot.changes(asked, "attempting", state=State.DELETING)
    noted = await bot.changes(begun, "deleted", state=State.DELETED)
    queued = await bot.sync.pending(asked.id)

    await bot.changes(noted, "looked again")

    again = await bot.sync.pending(asked.id)
    lines = [ref for ref in queued if ref.importance is Importance.THREAD_LINE]
    assert lines
    assert [ref for ref in again if ref.importance is Importance.THREAD_LINE] == lines
    assert not set(again) & (set(queued) - set(lines))  # the other messages show another version


async def test_refused_thread_lines_hold_up_neither_card_nor_buttons(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.refuses(NO_THREADS, in_thread=True)
    asked = await bot.asks()
    assert await bot.sends_all(asked) == []
    approved = await bot.changes(asked, "approved", state=State.APPROVED, execute_after=now())

    assert await bot.sends_all(approved) == []

    (card,) = bot.reads(CARDS)
    assert ids.STOP_BUTTON in str(bot.slack.slack.workspace.messages[CARDS][0].payload["blocks"])
    assert f"I can't post in this message's thread. {cure(NO_THREADS)}" in card
    assert not bot.reads(CARDS, in_thread=True)
    assert caplog.text.count("Channel refuses messages") == 1
    assert await bot.messages.probes() == []
    posts = bot.calls("chat.postMessage")
    assert await bot.sends_all(approved) == []
    assert bot.calls("chat.postMessage") == posts  # no line is tried twice


@pytest.mark.parametrize("error", PERMANENT)
async def test_requester_is_told_at_once_that_approvers_are_not(bot: Bot, error: str) -> None:
    bot.refuses(error, channel=CARDS)

    assert await bot.sends_all(await bot.asks()) == []

    said = strings.delivery.APPROVERS_UNREACHED.format(channel=f"<#{CARDS}>", cure=cure(error))
    assert said in bot.reads(ALICE)[0]
    assert said in bot.reads(ORIGIN)[0]
    posts = [each["request"]["channel"] for each in bot.slack.traffic.after(0) if each["what"] == "chat.postMessage"]
    assert posts.count(CARDS) == 1


async def test_approvers_are_told_as_soon_as_their_channel_accepts_messages(bot: Bot) -> None:
    bot.refuses("no_permission", channel=CARDS)
    asked = await bot.asks()
    other = await bot.asks("cd-2")
    await bot.sends_all(asked)
    await bot.sends_all(other)
    bot.slack.faults.clear()
    (probe, *_) = await bot.messages.refused()

    await bot.sends([MessageRef(probe.request_id, probe.key, probe.target_id)])

    assert len(bot.reads(CARDS)) == 2
    assert len(bot.reads(CARDS, in_thread=True)) == 2
    assert "may not have seen this" not in str([bot.reads(ALICE), bot.reads(ORIGIN)])
    assert await bot.messages.refused() == []


async def test_outcome_is_a_new_direct_message_after_an_alert(bot: Bot) -> None:
    bot.refuses("no_permission", channel=CARDS)
    asked = await bot.asks()
    await bot.sends_all(asked)

    await bot.sends_all(await bot.changes(asked, "expired", state=State.EXPIRED))

    assert len(bot.reads(ALICE)) == 2


@pytest.mark.parametrize("error", ["no_permission", "a_code_of_next_year"])
async def test_requester_and_card_learn_that_the_commands_channel_refuses_messages(bot: Bot, error: str) -> None:
    bot.refuses(error, channel=ORIGIN)

    assert await bot.sends_all(await bot.asks()) == []

    said = strings.delivery.ORIGIN_UNREACHED.format(channel=f"<#{ORIGIN}>", cure=cure(error))
    assert said in bot.reads(ALICE)[0]
    assert f"I couldn't post this in <#{ORIGIN}>. {cure(error)}" in bot.reads(CARDS)[0]


async def test_card_and_requester_learn_that_an_ops_room_refuses_messages(bot: Bot) -> None:
    bot.refuses("is_inactive", channel=OPS)
    asked = await bot.asks()
    await bot.sends_all(asked)

    await bot.sends_all(await bot.changes(asked, "rejected", state=State.REJECTED))

    for channel in (CARDS, ORIGIN, ALICE):
        assert f"I couldn't post this in <#{OPS}>. {cure('is_inactive')}" in bot.reads(channel)[0]


async def test_crash_after_a_refusal_was_saved_and_one_after_its_end_hide_neither(bot: Bot) -> None:
    bot.refuses("is_inactive", channel=OPS)
    asked = await bot.asks()
    rejected = await bot.changes(asked, "rejected", state=State.REJECTED)
    pending = await bot.sync.pending(asked.id)
    (room,) = [ref for ref in pending if ref.target_id == OPS]
    await bot.sends(ref for ref in pending if ref != room)
    said = f"I couldn't post this in <#{OPS}>. {cure('is_inactive')}"

    await bot.sync.show(room)  # the process dies before it sends what that brings
    await bot.sends_all(rejected)
    assert [said in bot.reads(channel)[0] for channel in (CARDS, ORIGIN, ALICE)] == [True] * 3
    bot.slack.faults.clear()
    await bot.sync.show(room)
    await bot.sends_all(rejected)
    assert [said in bot.reads(channel)[0] for channel in (CARDS, ORIGIN, ALICE)] == [False] * 3


async def test_crash_after_a_thread_accepted_a_line_again_leaves_no_card_that_says_otherwise(bot: Bot) -> None:
    bot.refuses(NO_THREADS, in_thread=True)
    asked = await bot.asks()
    await bot.sends_all(asked)
    (card,) = bot.reads(CARDS)
    assert cure(NO_THREADS) in card
    bot.slack.faults.clear()

    await bot.sync.show(MessageRef(asked.id, f"story-{asked.version}", CARDS))
    await bot.sends_all(asked)

    (card,) = bot.reads(CARDS)
    assert cure(NO_THREADS) not in card
