"""Work that was left undone is found once it is late, and one message probes a channel that refuses messages."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.clock import now
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore
from tests.deletion.stored_journal import entry
from tests.deletion.values import preview, request


async def test_what_was_left_unfinished_or_unsaid_is_found_once_it_is_late(
    store: RequestStore, engine: AsyncEngine
) -> None:
    kept = request()
    await store.add(kept, entry("requested"), recipients(kept, entry("requested"), Policy()))

    assert await store.unfinished(timedelta(minutes=1)) == [kept.id]
    assert await store.unfinished(timedelta(minutes=10)) == []
    late = await MessageStore(engine).overdue_messages(timedelta(minutes=1))
    assert [message.target_id for message in late] == [kept.channel_id]
    assert await MessageStore(engine).overdue_messages(timedelta(minutes=10)) == []

    (message,) = await MessageStore(engine).messages(kept.id)
    await MessageStore(engine).save_shown(message, ts="1.2", shown_version=1)
    assert await MessageStore(engine).overdue_messages(timedelta(minutes=1)) == []

    shown = message.model_copy(update={"shown_version": 1})
    assert await MessageStore(engine).save_shown(shown, error="not_in_channel", tried_at=now())
    assert await MessageStore(engine).overdue_messages(timedelta(minutes=1)) == []
    long_ago = now() - timedelta(minutes=2)
    assert await MessageStore(engine).probes() == []
    (refused,) = await MessageStore(engine).messages(kept.id)
    assert await MessageStore(engine).save_shown(refused, error="not_in_channel", tried_at=long_ago)
    assert await MessageStore(engine).overdue_messages(timedelta(minutes=1)) == []
    assert [probe.key for probe in await MessageStore(engine).probes()] == [message.key]


async def test_channel_that_refuses_messages_is_probed_with_one_of_them(
    store: RequestStore, engine: AsyncEngine
) -> None:
    messages, tried_at = MessageStore(engine), [now() - timedelta(minutes=minutes) for minutes in (2, 4, 3)]
    asked = [request(campaign=preview(_id=f"cd-{number}").campaign) for number in range(3)]
    for each, at in zip(asked, tried_at, strict=True):
        await store.add(each, entry("requested"), recipients(each, entry("requested"), Policy()))
        (message,) = await messages.messages(each.id)
        await messages.save_shown(message, shown_version=1, error="is_archived", tried_at=at)

    (probe,) = await messages.probes()
    assert probe.request_id == asked[1].id
    await messages.save_shown(probe, tried_at=now())
    assert await messages.probes() == []


async def test_each_channel_is_probed_however_many_messages_another_refuses(
    store: RequestStore, engine: AsyncEngine
) -> None:
    kept, tried_at = request(), [*[now() - timedelta(minutes=9)] * 150, now() - timedelta(minutes=2)]
    refused = {"request_id": kept.id, "kind": MessageKind.DIRECT, "error": "is_archived", "shown_version": 1}
    channels = ["C0"] * 150 + ["C1"]
    owed = [
        Message(**refused, key=str(number), target_id=channel, tried_at=at)
        for number, (channel, at) in enumerate(zip(channels, tried_at, strict=True))
    ]
    await store.add(kept, entry("requested"), owed)

    assert {probe.target_id for probe in await MessageStore(engine).probes()} == {"C0", "C1"}


@pytest.mark.parametrize(("state", "is_probed"), [(State.AWAITING_APPROVAL, True), (State.REJECTED, False)])
async def test_refused_message_is_retried_as_long_as_its_request_is_open(
    store: RequestStore, engine: AsyncEngine, state: State, is_probed: bool
) -> None:
    long_ago = now() - timedelta(days=1)
    kept = request(state=state, changed_at=long_ago)
    await store.add(kept, entry("requested"), recipients(kept, entry("requested"), Policy()))
    for message in await MessageStore(engine).messages(kept.id):
        await MessageStore(engine).save_shown(message, shown_version=1, error="is_archived", tried_at=long_ago)

    assert bool(await MessageStore(engine).probes()) == is_probed
