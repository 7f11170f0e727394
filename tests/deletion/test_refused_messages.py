"""One message that Slack refuses: no other waits for it, and people learn which channel refuses messages and why."""

import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import open_engine
from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.messages.disclosure import Disclosure
from deletion.messages.message_order import Importance
from deletion.messages.message_sync import MessageRef, MessageSync
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore
from sandbox.faults import Fault
from sandbox.server import Sandbox, running
from sandbox.slack import seed
from slack_ui import strings
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts import ids
from slack_ui.parts.links import Links
from slack_ui.parts.undelivered import cure
from tests.deletion.values import NoGroups, NothingArchived, preview, request
from tests.stories.person import shown

pytestmark = pytest.mark.any_database

CARDS, ORIGIN, OPS, ALICE = "C0APPROVALS", "C0CAMPAIGNS", "C0OPS", seed.dm_of("U0ALICE")
POLICY = Policy(approvals_channel=CARDS, ops_rooms=(OPS,), approvers=("S0APPROVE",))
NO_THREADS = "restricted_action_non_threadable_channel"
PERMANENT = ["no_permission", "restricted_action_thread_only_channel", "is_inactive", "ekm_access_denied",
             "missing_scope", "msg_too_long", "not_in_channel", "a_code_of_next_year"]  # fmt: skip
TRANSIENT = ["internal_error", "fatal_error", "service_unavailable", "request_timeout"]


async def ours(_: str) -> ChannelKind:
    return ChannelKind.OURS


@dataclass
class Bot:
    """The bot's messages on a real database and the sandbox's Slack, without queues."""

    slack: Sandbox
    store: RequestStore
    messages: MessageStore
    sync: MessageSync

    async def asks(self, campaign_id: str = "cd-1") -> Request:
        """Record a request that waits for approval."""
        asked = request(
            state=State.AWAITING_APPROVAL,
            channel_id=ORIGIN,
            approvals_required=1,
            campaign=preview(_id=campaign_id).campaign,
        )
        entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
        await self.store.add(asked, entry, recipients(asked, entry, POLICY))
        return asked

    async def changes(self, before: Request, event: str, **fields: Any) -> Request:
        after = before.model_copy(update={**fields, "version": before.version + 1, "changed_at": now()})
        entry = Entry(at=now(), event=event, actor_id="U0BOB", surface="test")
        assert await self.store.swap(before, after, entry, recipients(after, entry, POLICY))
        return after

    async def sends(self, refs: Iterable[MessageRef]) -> list[str]:
        """Send messages and all that they bring. Return the keys of those that are to be retried."""
        todo, busy = list(refs), []
        while todo:
            progress = await self.sync.show(todo.pop(0))
            todo += progress.owed
            busy += [ref.key for ref, _ in progress.busy]
        return busy

    async def sends_all(self, request: Request) -> list[str]:
        return await self.sends(await self.sync.pending(request.id))

    def refuses(self, error: str, **details: Any) -> None:
        fault = {"operation": "chat.postMessage", "kind": "error", "error": error, "times": None, **details}
        self.slack.faults.add(Fault("slack", **fault))

    def reads(self, channel: str, *, in_thread: bool = False) -> list[str]:
        """Return the text of the channel's messages."""
        found = [message.payload for message in self.slack.slack.workspace.messages[channel]]
        return [f"{each['text']} {shown(each['blocks'])}" for each in found if ("thread_ts" in each) == in_thread]

    def calls(self, method: str) -> int:
        return sum(exchange["what"] == method for exchange in self.slack.traffic.after(0))


@pytest.fixture
async def bot(database_url: str) -> AsyncIterator[Bot]:
    engine: AsyncEngine = open_engine(database_url)
    async with running(latency_ms=0) as slack, aiohttp.ClientSession() as session:
        client = AsyncWebClient(seed.BOT_TOKEN, f"{slack.url}/api/", session=session, retry_handlers=[])
        store, messages = RequestStore(engine), MessageStore(engine)
        projector = SlackProjector(client, Policies([POLICY]), Links("https://sandbox.slack.com/"))
        sync = MessageSync(store, messages, projector, Disclosure(ours), rebuilds=NothingArchived(), groups=NoGroups())
        yield Bot(slack, store, messages, sync)
    await engine.dispose()


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
