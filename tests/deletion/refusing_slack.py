"""The bot's messages on the sandbox's Slack, which refuses some of them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
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
from deletion.messages.message_sync import MessageRef, MessageSync
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore
from sandbox.faults import Fault
from sandbox.server import Sandbox, running
from sandbox.slack import seed
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links
from tests.deletion.values import NoGroups, NothingArchived, preview, request
from tests.stories.person import shown

CARDS, ORIGIN, OPS, ALICE = "C0APPROVALS", "C0CAMPAIGNS", "C0OPS", seed.dm_of("U0ALICE")
POLICY = Policy(approvals_channel=CARDS, ops_rooms=(OPS,), approvers=("S0APPROVE",))


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


@asynccontextmanager
async def open_bot(database_url: str) -> AsyncIterator[Bot]:
    engine: AsyncEngine = open_engine(database_url)
    async with running(latency_ms=0) as slack, aiohttp.ClientSession() as session:
        client = AsyncWebClient(seed.BOT_TOKEN, f"{slack.url}/api/", session=session, retry_handlers=[])
        store, messages = RequestStore(engine), MessageStore(engine)
        projector = SlackProjector(client, Policies([POLICY]), Links("https://sandbox.slack.com/"))
        sync = MessageSync(store, messages, projector, Disclosure(ours), rebuilds=NothingArchived(), groups=NoGroups())
        yield Bot(slack, store, messages, sync)
    await engine.dispose()
