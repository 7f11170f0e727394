"""Messages that fail for a while: they stay owed, keep their order, and a long failure is told."""

import time
from collections.abc import AsyncIterator

import pytest

from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.messages.message_sync import MessageRef
from slack_ui.parts import ids
from slack_ui.parts.undelivered import cure
from tests.deletion.refusing_slack import ALICE, CARDS, Bot, open_bot

pytestmark = pytest.mark.any_database

TRANSIENT = ["internal_error", "fatal_error", "service_unavailable", "request_timeout"]


@pytest.fixture
async def bot(database_url: str) -> AsyncIterator[Bot]:
    async with open_bot(database_url) as bot:
        yield bot


@pytest.mark.parametrize("error", TRANSIENT)
async def test_line_that_fails_for_now_holds_up_no_later_line(bot: Bot, error: str) -> None:
    asked = await bot.asks()
    bot.refuses(error, text="requested the deletion.")
    busy = await bot.sends_all(asked)
    assert busy == [f"story-{asked.version}"]
    approved = await bot.changes(asked, "approved", state=State.APPROVED, execute_after=now())

    await bot.sends_all(approved)

    assert [line.strip() for line in bot.reads(CARDS, in_thread=True)] == ["<@U0BOB> approved."]
    bot.slack.faults.clear()
    assert await bot.sends_all(approved) == []
    assert len(bot.reads(CARDS, in_thread=True)) == 2


async def test_long_failure_inside_slack_is_told_and_the_message_stays_owed(bot: Bot) -> None:
    bot.refuses("internal_error", channel=CARDS)
    asked = await bot.asks()
    (card, *_) = [ref for ref in await bot.sync.pending(asked.id) if ref.target_id == CARDS]
    await bot.sends_all(asked)

    await bot.sends(await bot.sync.report(card, "internal_error"))

    assert f"I can't post in <#{CARDS}>. {cure('internal_error')}" in bot.reads(ALICE)[0]
    assert card.key in [ref.key for ref in await bot.sync.pending(asked.id)]


async def test_message_that_is_not_needed_any_more_is_no_sign_that_its_channel_accepts_messages(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "deletion.messages.refusal_log")
    bot.refuses("no_permission", channel=CARDS)
    bot.refuses("token_revoked", channel="U0ALICE")
    asked = await bot.asks()
    await bot.sends_all(asked)
    bot.slack.faults.active.pop(0)
    (probe,) = [message for message in await bot.messages.refused() if message.target_id == CARDS]

    await bot.sends([MessageRef(probe.request_id, probe.key, probe.target_id)])

    accepting = [vars(record)["channel"] for record in caplog.records if "accepts" in record.getMessage()]
    assert accepting == [CARDS]


async def test_repeated_report_of_a_long_failure_tells_nothing_anew(bot: Bot) -> None:
    bot.refuses("internal_error", channel=CARDS)
    asked = await bot.asks()
    (card, *_) = [ref for ref in await bot.sync.pending(asked.id) if ref.target_id == CARDS]
    await bot.sends_all(asked)
    await bot.sends(await bot.sync.report(card, "internal_error"))

    assert await bot.sync.report(card, "internal_error") == []
    assert [ref.key for ref in await bot.sync.report(card, "fatal_error")]


async def test_long_failure_is_not_told_of_a_message_that_was_shown_meanwhile(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.refuses("internal_error", channel=CARDS)
    asked = await bot.asks()
    (card, *_) = [ref for ref in await bot.sync.pending(asked.id) if ref.target_id == CARDS]
    await bot.sends_all(asked)
    bot.slack.faults.clear()
    read = bot.store.request

    async def read_while_another_run_shows_it(request_id: str) -> Request | None:
        monkeypatch.setattr(bot.store, "request", read)
        await bot.sends([card])
        return await read(request_id)

    monkeypatch.setattr(bot.store, "request", read_while_another_run_shows_it)

    assert await bot.sync.report(card, "internal_error") == []
    assert not bot.reads(ALICE)


async def test_no_post_before_the_end_of_a_rate_limit_and_updates_go_on(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: at)
    asked = await bot.asks()
    await bot.sends_all(asked)
    bot.refuses("ratelimited", kind="rate_limit", retry_after_seconds=30, channel=CARDS, times=1)
    approved = await bot.changes(asked, "approved", state=State.APPROVED, execute_after=now())

    assert await bot.sends_all(approved) == [f"story-{approved.version}"]
    assert ids.STOP_BUTTON in str(bot.slack.slack.workspace.messages[CARDS][0].payload["blocks"])
    posts = bot.calls("chat.postMessage")
    at = 1_029.0
    assert await bot.sends_all(approved) == [f"story-{approved.version}"]
    assert bot.calls("chat.postMessage") == posts
    at = 1_030.0
    assert await bot.sends_all(approved) == []
    assert len(bot.reads(CARDS, in_thread=True)) == 2


async def test_lines_keep_their_order_over_a_rate_limit(bot: Bot) -> None:
    asked = await bot.asks()
    bot.refuses("ratelimited", kind="rate_limit", retry_after_seconds=0, times=1, in_thread=True)
    assert await bot.sends_all(asked) == [f"story-{asked.version}"]
    await bot.changes(asked, "approved", state=State.APPROVED, execute_after=now())
    first, second = [ref for ref in await bot.sync.pending(asked.id) if ref.key.startswith("story")]

    assert await bot.sends([second, first]) == []

    assert [line.split()[1] for line in bot.reads(CARDS, in_thread=True)] == ["requested", "approved."]
