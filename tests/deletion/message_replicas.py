"""Replicas that show one message in Slack. A test decides when each sends, and when it learns of the answer."""

import asyncio
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.attempt import Observation
from deletion.domain.clock import now
from deletion.domain.errors import SlackBusyError
from deletion.domain.models import Request
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry, Message
from deletion.domain.states import State
from deletion.messages.disclosure import Disclosure
from deletion.messages.message_sync import MessageRef, MessageSync
from deletion.messages.projection import Rendering
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links
from tests.deletion.values import NoGroups, NothingArchived, request

POLICY = Policy()
ENTRY = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
MINUTE = timedelta(minutes=1)


async def show_overdue(sync: MessageSync) -> None:
    """Show what the sweep would send."""
    for overdue in await sync.overdue(MINUTE):
        await sync.show(overdue)


async def ours(_: str) -> ChannelKind:
    return ChannelKind.OURS


class Slack:
    """The one message in Slack: what it shows."""

    shown = ""


class Replica(SlackProjector):
    """One replica's way to Slack. It can be suspended before it sends, and after Slack accepted what it sent."""

    def __init__(self, slack: Slack) -> None:
        super().__init__(AsyncWebClient(), Policies([POLICY]), Links("https://sandbox.slack.com/"))
        self._slack = slack
        self.may_send, self.may_go_on, self.has_rendered, self.has_sent = (asyncio.Event() for _ in range(4))

    async def post(self, rendering: Rendering, message: Message, thread_ts: str | None) -> Message:  # noqa: ARG002 - no thread
        self._slack.shown = rendering.digest
        return message.model_copy(update={"channel_id": message.target_id, "ts": "1.2"})

    async def update(self, rendering: Rendering, message: Message) -> bool:  # noqa: ARG002 - there is one
        self.has_rendered.set()
        await self.may_send.wait()
        self._slack.shown = rendering.digest
        self.has_sent.set()
        await self.may_go_on.wait()
        return True

    def resume(self) -> None:
        self.may_send.set()
        self.may_go_on.set()


def syncs(store: RequestStore, messages: MessageStore, *replicas: Replica) -> list[MessageSync]:
    return [
        MessageSync(store, messages, replica, Disclosure(ours), rebuilds=NothingArchived(), groups=NoGroups())
        for replica in replicas
    ]


async def added(store: RequestStore, messages: MessageStore) -> tuple[Request, MessageRef]:
    """Add a request with one message, and return both."""
    kept = request()
    await store.add(kept, ENTRY, recipients(kept, ENTRY, POLICY))
    (message,) = await messages.messages(kept.id)
    return kept, MessageRef(kept.id, message.key, message.target_id)


async def change(store: RequestStore, before: Request, state: State) -> Request:
    after = before.model_copy(update={"state": state, "version": before.version + 1})
    if state is State.DELETED:
        after = after.model_copy(update={"observation": Observation.ABSENT})
    assert await store.swap(before, after, ENTRY)
    return after


class Unanswered(Replica):
    """Its next update gets no answer once ``may_send`` is set, and arrives when ``arrive`` is called."""

    late: Rendering | None = None

    async def update(self, rendering: Rendering, message: Message) -> bool:
        if self.late is None:
            self.late = rendering
            self.has_rendered.set()
            await self.may_send.wait()
            raise SlackBusyError("TimeoutError")
        return await super().update(rendering, message)

    def arrive(self) -> None:
        assert self.late
        self._slack.shown = self.late.digest
