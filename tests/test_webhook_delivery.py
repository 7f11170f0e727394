"""An outcome is posted again until it is accepted, by one replica at a time."""

import asyncio
import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import webhook_positions
from deletion.domain.clock import now
from deletion.engine import webhooks
from deletion.engine.webhooks import deliver
from deletion.stores.webhook_store import OutcomeEvent, WebhookStore
from tests.ended_requests import ended
from tests.time_limits import HANGS_AFTER_SECONDS
from tests.webhook_receiver import Inbox, receiver


@pytest.fixture
async def store(engine: AsyncEngine) -> WebhookStore:
    store = WebhookStore(engine)
    await store.begin()
    return store


@pytest.mark.parametrize("status", [301, 307, 404, 500])
async def test_refused_event_is_posted_again_after_a_pause_and_later_ones_wait(
    engine: AsyncEngine, store: WebhookStore, status: int
) -> None:
    asked = [await ended(engine, number) for number in (1, 2)]
    inbox = Inbox(status)
    async with receiver(inbox.answer) as webhook:
        await deliver(store, webhook.post)
        await deliver(store, webhook.post)
        assert inbox.received == []
        async with engine.begin() as connection:
            await connection.execute(webhook_positions.update().values(claimed_until=now() - timedelta(seconds=1)))
        await deliver(store, webhook.post)

    assert [each["request_id"] for each in inbox.received] == [each.id for each in asked]


async def test_pauses_grow_up_to_five_minutes(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1)
    event = await store.claim(timedelta(0))
    assert event
    pauses = [(await store.failed(event)).total_seconds() for _ in range(7)]
    assert pauses == [10, 20, 40, 80, 160, 300, 300]


async def test_clock_that_is_set_back_holds_up_no_event(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1)
    async with engine.begin() as connection:  # claimed when the clock was an hour ahead
        await connection.execute(webhook_positions.update().values(claimed_until=now() + timedelta(hours=1)))
    inbox = Inbox()
    async with receiver(inbox.answer) as webhook:
        await deliver(store, webhook.post)

    assert len(inbox.received) == 1


async def test_two_replicas_do_not_post_the_same_event(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1)
    posted, is_posted, answering = [], asyncio.Event(), asyncio.Event()

    async def slow(event: OutcomeEvent) -> str:
        posted.append(event.id)
        is_posted.set()
        await answering.wait()
        return ""

    async def at_once(event: OutcomeEvent) -> str:
        posted.append(event.id)
        return ""

    first = asyncio.create_task(deliver(store, slow))
    await is_posted.wait()
    await deliver(WebhookStore(engine), at_once)
    answering.set()
    await first
    assert len(posted) == 1


async def test_event_of_a_replica_that_died_is_posted_by_another(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1)
    assert await store.claim(timedelta(0))
    assert await WebhookStore(engine).claim(timedelta(seconds=30))


async def test_event_that_is_being_posted_at_the_stop_is_not_posted_again(
    engine: AsyncEngine, store: WebhookStore
) -> None:
    await ended(engine, 1)
    posting, may_answer = asyncio.Event(), asyncio.Event()
    posted: list[int] = []

    async def accept(event: OutcomeEvent) -> str:
        posted.append(event.id)
        posting.set()
        await may_answer.wait()
        return ""

    async with webhooks.delivering(store, accept), asyncio.timeout(HANGS_AFTER_SECONDS):
        await posting.wait()
        asyncio.get_running_loop().call_soon(may_answer.set)

    async with engine.connect() as connection:
        (accepted,) = await connection.execute(sa.select(webhook_positions.c.seq, webhook_positions.c.claimed_until))
    assert tuple(accepted) == (posted[0], None)


async def test_database_error_is_logged_with_its_code_and_without_a_traceback(
    engine: AsyncEngine, store: WebhookStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def accept(_: OutcomeEvent) -> str:
        return ""

    monkeypatch.setattr(webhooks, "LOOKS_EVERY_SECONDS", 0)
    async with webhooks.delivering(store, accept), asyncio.timeout(HANGS_AFTER_SECONDS):
        async with engine.begin() as connection:
            await connection.execute(sa.text("DROP TABLE webhook_positions"))
        while not (logged := failures(caplog)):  # noqa: ASYNC110 - a log line sets no Event
            await asyncio.sleep(0.01)
    assert getattr(logged[0], "error", "").startswith(("OperationalError", "ProgrammingError"))
    assert logged[0].exc_info is None


def failures(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [each for each in caplog.records if each.msg.startswith("Webhook delivery failed")]
