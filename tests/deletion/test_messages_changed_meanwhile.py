"""A row that changes between the read of a message and its update: nothing outdated stays in Slack."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.clock import now
from deletion.domain.errors import SlackBusyError
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request
from deletion.domain.recipients import recipients
from deletion.domain.records import Message
from deletion.domain.states import State
from deletion.messages.disclosure import Disclosure
from deletion.messages.message_sync import MessageRef, MessageSync
from deletion.messages.projection import Rendering, RequestView
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore
from tests.deletion.message_replicas import ENTRY, POLICY, Replica, Slack, Unanswered, change, ours, show_overdue
from tests.deletion.values import NoGroups, NothingArchived, request

FREEZE = Freeze(id="f1", frozen_by="U0JUDY", team_id="T0HOME", frozen_in="C0OPS", reason="", frozen_at=now())


class Suspended:
    """Suspends a replica between its read of a message and the call to Slack."""

    def __init__(self) -> None:
        self.has_read, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def kind_of(self, _: str) -> ChannelKind:
        self.has_read.set()
        await self.may_go_on.wait()
        return ChannelKind.OURS


@dataclass
class World:
    """A request with one message that the normal replica has posted, unless ``is_posted`` is False."""

    store: RequestStore
    messages: MessageStore
    freezes: FreezeStore
    slack: Slack
    normal: Replica
    kept: Request
    ref: MessageRef

    def sync(self, replica: Replica, suspended: Suspended | None = None) -> MessageSync:
        disclosure = Disclosure(suspended.kind_of if suspended else ours)
        return MessageSync(
            self.store, self.messages, replica, disclosure, rebuilds=NothingArchived(), groups=NoGroups()
        )

    async def row(self) -> Message:
        (message,) = await self.messages.messages(self.kept.id)
        return message

    async def shows(self, current: Request, freeze: Freeze | None = None) -> bool:
        rendering = self.normal.render(RequestView(current, freeze=freeze), await self.row())
        return self.slack.shown == rendering.digest


async def world(engine: AsyncEngine, *, is_posted: bool = True) -> World:
    store, messages, slack, kept = RequestStore(engine), MessageStore(engine), Slack(), request()
    normal = Replica(slack)
    normal.resume()
    await store.add(kept, ENTRY, recipients(kept, ENTRY, POLICY))
    (message,) = await messages.messages(kept.id)
    ref = MessageRef(kept.id, message.key, message.target_id)
    made = World(store, messages, FreezeStore(engine), slack, normal, kept, ref)
    if is_posted:
        await made.sync(normal).show(ref)
    return made


async def test_update_that_began_after_the_read_of_another_and_died_is_not_forgotten(engine: AsyncEngine) -> None:
    made, first, second = await world(engine), Suspended(), Suspended()
    slow = Unanswered(made.slack)
    await made.messages.mark_stale(await made.row())
    deleting = await change(made.store, made.kept, State.DELETING)
    dies = asyncio.create_task(made.sync(slow, first).show(made.ref))
    await first.has_read.wait()
    deleted = await change(made.store, deleting, State.DELETED)
    shows_later = asyncio.create_task(made.sync(made.normal, second).show(made.ref))
    await second.has_read.wait()

    first.may_go_on.set()
    await slow.has_rendered.wait()
    dies.cancel()
    second.may_go_on.set()
    await shows_later
    slow.arrive()
    await show_overdue(made.sync(made.normal))

    assert await made.shows(deleted)


async def test_reason_given_between_read_and_update_is_shown(engine: AsyncEngine) -> None:
    made, suspended = await world(engine), Suspended()
    assert await made.freezes.freeze(FREEZE, ENTRY, [])
    await made.messages.mark_stale(await made.row())
    shows = asyncio.create_task(made.sync(made.normal, suspended).show(made.ref))
    await suspended.has_read.wait()
    explained = FREEZE.model_copy(update={"reason": "Wrong list"})
    assert await made.freezes.give_reason(explained, ENTRY)
    suspended.may_go_on.set()
    await shows
    await show_overdue(made.sync(made.normal))

    assert await made.shows(made.kept, explained)


class SlowPost(Replica):
    """Its post takes until ``may_post`` is set."""

    def __init__(self, slack: Slack) -> None:
        super().__init__(slack)
        self.is_posting, self.may_post = asyncio.Event(), asyncio.Event()
        self.resume()

    async def post(self, rendering: Rendering, message: Message, thread_ts: str | None) -> Message:
        self.is_posting.set()
        await self.may_post.wait()
        return await super().post(rendering, message, thread_ts)


async def test_reason_given_during_the_post_of_a_message_is_shown(engine: AsyncEngine) -> None:
    made = await world(engine, is_posted=False)
    slow = SlowPost(made.slack)
    assert await made.freezes.freeze(FREEZE, ENTRY, [])
    shows = asyncio.create_task(made.sync(slow).show(made.ref))
    await slow.is_posting.wait()
    explained = FREEZE.model_copy(update={"reason": "Wrong list"})
    assert await made.freezes.give_reason(explained, ENTRY)
    slow.may_post.set()
    await shows
    await show_overdue(made.sync(made.normal))

    assert await made.shows(made.kept, explained)


class Replaced(Replica):
    """Slack doesn't find its message, and takes no update of the new one for a while."""

    is_found: bool | None = None

    async def update(self, rendering: Rendering, message: Message) -> bool:  # noqa: ARG002 - none arrives
        if self.is_found is None:
            self.is_found = False
            return False
        raise SlackBusyError("ratelimited", 30)


async def test_message_that_replaced_another_does_not_count_as_showing_what_that_one_showed(
    engine: AsyncEngine,
) -> None:
    made = await world(engine)
    assert await made.shows(made.kept)
    assert await made.freezes.freeze(FREEZE, ENTRY, [])
    assert (await made.sync(Replaced(made.slack)).show(made.ref)).busy
    lifted = FREEZE.model_copy(update={"lifted_by": "U0JUDY", "lifted_at": now(), "lifted_in": "C0OPS"})
    assert await made.freezes.lift(lifted, ENTRY, [])
    assert not await made.shows(made.kept)
    await made.sync(made.normal).show(made.ref)

    assert await made.shows(made.kept)


async def test_update_that_left_within_the_minute_of_an_unanswered_one_is_sent_again_however_long_it_takes(
    engine: AsyncEngine, mocker: MockerFixture
) -> None:
    made = await world(engine)
    clock = mocker.patch("deletion.messages.message_sender.now", return_value=now())
    unanswered, slow = Unanswered(made.slack), Replica(made.slack)
    unanswered.may_send.set()
    deleting = await change(made.store, made.kept, State.DELETING)
    assert (await made.sync(unanswered).show(made.ref)).busy
    deleted = await change(made.store, deleting, State.DELETED)

    clock.return_value += timedelta(seconds=59)
    shows = asyncio.create_task(made.sync(slow).show(made.ref))
    slow.may_send.set()
    await slow.has_sent.wait()
    unanswered.arrive()
    clock.return_value += timedelta(seconds=2)
    slow.may_go_on.set()
    await shows
    await show_overdue(made.sync(made.normal))

    assert await made.shows(deleted)
