"""Two replicas that show one message at the same time: Slack ends with the present state."""

import asyncio
from datetime import timedelta

import pytest
from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.attempt import Observation
from deletion.domain.clock import now
from deletion.domain.errors import SlackBusyError
from deletion.domain.rebuildable import NOT_REBUILDABLE
from deletion.domain.recipients import is_result_file, recipients, result_file
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.lifecycle.undo_window import commit_by
from deletion.messages.disclosure import Disclosure
from deletion.messages.message_sync import MessageRef, MessageSync
from deletion.messages.projection import Rendering, RequestView
from deletion.stores.list_store import ListStore, Written
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore
from tests.deletion.message_replicas import (
    ENTRY,
    MINUTE,
    POLICY,
    Replica,
    Slack,
    Unanswered,
    added,
    change,
    ours,
    show_overdue,
    syncs,
)
from tests.deletion.values import NoGroups, NothingArchived, campaign_list, request

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("first_to_save", ["earlier version", "later version"])
async def test_message_overwritten_by_a_suspended_replica_is_shown_again(
    engine: AsyncEngine, mocker: MockerFixture, first_to_save: str
) -> None:
    store, messages, slack = RequestStore(engine), MessageStore(engine), Slack()
    first, second, third = (Replica(slack) for _ in range(3))
    earlier, later, sweep = syncs(store, messages, first, second, third)
    third.resume()
    kept, ref = await added(store, messages)
    await sweep.show(ref)

    deleting = await change(store, kept, State.DELETING)
    shows_earlier = asyncio.create_task(earlier.show(ref))
    await first.has_rendered.wait()
    deleted = await change(store, deleting, State.DELETED)
    second.may_send.set()
    shows_later = asyncio.create_task(later.show(ref))
    await second.has_sent.wait()
    if first_to_save == "later version":
        second.may_go_on.set()
        await shows_later
    first.resume()
    await shows_earlier
    second.may_go_on.set()
    await shows_later
    await show_overdue(sweep)
    (message,) = await messages.messages(kept.id)
    assert slack.shown == third.render(RequestView(deleted), message).digest

    mocker.patch("deletion.messages.message_sender.now", return_value=now() + MINUTE)  # nothing arrives that late
    await show_overdue(sweep)
    (message,) = await messages.messages(kept.id)
    assert (message.shown, message.shown_version) == (slack.shown, deleted.version)
    assert await sweep.overdue(MINUTE) == []


@pytest.mark.parametrize("times_out_after", ["the earlier version", "the later version was saved"])
async def test_message_overwritten_by_an_update_without_an_answer_is_shown_again(
    engine: AsyncEngine, mocker: MockerFixture, times_out_after: str
) -> None:
    store, messages, slack = RequestStore(engine), MessageStore(engine), Slack()
    normal, slow = Replica(slack), Unanswered(slack)
    sync, times_out = syncs(store, messages, normal, slow)
    normal.resume()
    kept, ref = await added(store, messages)
    await sync.show(ref)

    deleting = await change(store, kept, State.DELETING)
    shows_earlier = asyncio.create_task(times_out.show(ref))
    await slow.has_rendered.wait()
    if times_out_after == "the earlier version":
        slow.may_send.set()
        await shows_earlier
    deleted = await change(store, deleting, State.DELETED)
    await sync.show(ref)
    slow.may_send.set()
    await shows_earlier
    await show_overdue(sync)
    slow.arrive()
    await show_overdue(sync)
    (message,) = await messages.messages(kept.id)
    assert slack.shown == normal.render(RequestView(deleted), message).digest

    mocker.patch("deletion.messages.message_sender.now", return_value=now() + MINUTE)  # nothing arrives that late
    await show_overdue(sync)
    assert await sync.overdue(MINUTE) == []


@pytest.mark.parametrize("is_posted_before", [True, False], ids=["an update", "the update after its post"])
async def test_message_overwritten_by_an_update_of_a_process_that_died_is_shown_again(
    engine: AsyncEngine, *, is_posted_before: bool
) -> None:
    store, messages, slack = RequestStore(engine), MessageStore(engine), Slack()
    normal, slow = Replica(slack), Unanswered(slack)
    sync, dies = syncs(store, messages, normal, slow)
    normal.resume()
    kept, ref = await added(store, messages)
    if is_posted_before:
        await sync.show(ref)
    deleting = await change(store, kept, State.DELETING)

    shows_earlier = asyncio.create_task(dies.show(ref))
    await slow.has_rendered.wait()
    shows_earlier.cancel()
    deleted = await change(store, deleting, State.DELETED)
    await sync.show(ref)
    slow.arrive()
    await show_overdue(sync)

    (message,) = await messages.messages(kept.id)
    assert slack.shown == normal.render(RequestView(deleted), message).digest


class RateLimited(Replica):
    """Slack refuses its updates for a while: such an update cannot arrive."""

    async def update(self, rendering: Rendering, message: Message) -> bool:  # noqa: ARG002 - none arrives
        raise SlackBusyError("ratelimited", 30)


async def test_refused_update_is_not_taken_for_one_that_may_arrive(engine: AsyncEngine) -> None:
    store, messages, slack = RequestStore(engine), MessageStore(engine), Slack()
    normal, busy = Replica(slack), RateLimited(slack)
    sync, is_refused = syncs(store, messages, normal, busy)
    normal.resume()
    kept, ref = await added(store, messages)
    await sync.show(ref)
    (before,) = await messages.messages(kept.id)
    await change(store, kept, State.DELETING)

    assert (await is_refused.show(ref)).busy
    assert await messages.messages(kept.id) == [before]
    await sync.show(ref)
    assert await sync.overdue(MINUTE) == []


class WithoutFiles(Replica):
    """A network that lets nothing through to the address of uploads."""

    async def post(self, rendering: Rendering, message: Message, thread_ts: str | None) -> Message:
        if is_result_file(message):
            raise SlackBusyError("ClientConnectorError")
        return await super().post(rendering, message, thread_ts)


@pytest.mark.parametrize(("ended_before", "is_retried"), [(MINUTE, True), (2 * HOUR, False)])
async def test_file_that_fails_an_hour_after_the_end_is_given_up(
    engine: AsyncEngine, ended_before: timedelta, is_retried: bool
) -> None:
    store, messages, replica = ListStore(engine), MessageStore(engine), WithoutFiles(Slack())
    replica.resume()
    sync = MessageSync(store, messages, replica, Disclosure(ours), rebuilds=NothingArchived(), groups=NoGroups())
    made = campaign_list(State.DELETED, changed_at=now() - ended_before)
    first = made.requests[0]
    room = Message(request_id=made.id, kind=MessageKind.ROOM, key="room-C0", target_id="C0", ts="1.2", shown_version=99)
    assert await store.add_all([Written(first, ENTRY, [room, result_file(first, "C0")])], commit_by(now()))

    shown = await sync.show(MessageRef(made.id, "file-C0", "C0"))

    assert bool(shown.busy) is is_retried
    assert bool(await sync.overdue(timedelta(0))) is is_retried


async def test_line_of_a_thread_and_approver_call_need_neither_group_sizes_nor_the_archive(
    engine: AsyncEngine, mocker: MockerFixture
) -> None:
    """Slack may be slow to tell a group's size, and they do not show it."""
    store, messages, replica = RequestStore(engine), MessageStore(engine), Replica(Slack())
    replica.resume()
    groups, rebuilds = (mocker.create_autospec(each, instance=True) for each in (NoGroups, NothingArchived))
    groups.of_approvers.return_value, rebuilds.state_of.return_value = {}, NOT_REBUILDABLE
    sync = MessageSync(store, messages, replica, Disclosure(ours), rebuilds=rebuilds, groups=groups)
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=1)
    told = [
        Message(request_id=asked.id, kind=kind, key=kind, target_id="C0", entry=ENTRY)
        for kind in (MessageKind.DIRECT, MessageKind.STORY)
    ]
    card = Message(request_id=asked.id, kind=MessageKind.CARD, key="card", target_id="C0")
    await store.add(asked, ENTRY, [card, *told])
    for message in (card, *told):
        await sync.show(MessageRef(asked.id, message.key, message.target_id))
    assert all(each.ts for each in await messages.messages(asked.id))
    assert (groups.of_approvers.await_count, rebuilds.state_of.await_count) == (1, 1)


async def test_two_updates_at_once_do_not_forget_one_without_an_answer(engine: AsyncEngine) -> None:
    store, messages, slack = RequestStore(engine), MessageStore(engine), Slack()
    normal, slow, suspended = Replica(slack), Unanswered(slack), Replica(slack)
    sync, times_out, overtaken = syncs(store, messages, normal, slow, suspended)
    normal.resume()
    slow.may_send.set()
    kept, ref = await added(store, messages)
    await sync.show(ref)
    deleting = await change(store, kept, State.DELETING)
    await times_out.show(ref)
    deleted = await change(store, deleting, State.DELETED)

    shows_at_once = asyncio.create_task(overtaken.show(ref))
    await suspended.has_rendered.wait()
    await sync.show(ref)
    suspended.resume()
    await shows_at_once
    await show_overdue(sync)
    slow.arrive()
    await show_overdue(sync)

    (message,) = await messages.messages(kept.id)
    assert slack.shown == normal.render(RequestView(deleted), message).digest


async def test_message_of_a_deletion_that_was_rebuilt_while_it_was_posted_is_shown_again(engine: AsyncEngine) -> None:
    store, messages, replica = RequestStore(engine), MessageStore(engine), Replica(Slack())
    sync = MessageSync(store, messages, replica, Disclosure(ours), rebuilds=NothingArchived(), groups=NoGroups())
    deleted = request(state=State.DELETED, observation=Observation.ABSENT)
    await store.add(deleted, ENTRY, recipients(deleted, ENTRY, POLICY))
    rebuild = request(state=State.REBUILDING, rebuilds=deleted.id)
    await store.add(rebuild, ENTRY, [])
    (message,) = await messages.messages(deleted.id)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sync.show(MessageRef(deleted.id, message.key, message.target_id)))
        await replica.has_rendered.wait()
        await change(store, rebuild, State.REBUILT)
        replica.resume()

    assert [each.key for each in await sync.overdue(MINUTE)] == [message.key]
