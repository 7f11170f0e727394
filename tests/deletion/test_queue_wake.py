"""A queue looks at once for what was enqueued, however long its polling interval is, and stops at once."""

import asyncio
import threading
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from deletion.db.connection import migrate
from deletion.engine import queues
from deletion.engine.queue_wake import THREAD_OF, WakeableEvent
from deletion.engine.queues import SHOW_QUEUE

HOUR_SECONDS, PATIENCE_SECONDS = 3600.0, 60.0


def wakeable() -> WakeableEvent:
    event = WakeableEvent()
    event.woken = set()
    return event


def waiting(event: WakeableEvent, queue: str, ended: list[bool]) -> threading.Thread:
    thread = threading.Thread(
        target=lambda: ended.append(event.wait(HOUR_SECONDS)), name=THREAD_OF.format(queue), daemon=True
    )
    thread.start()
    return thread


@pytest.mark.parametrize("is_early", [True, False])
def test_wait_of_a_woken_queue_ends_and_does_not_stop_it(is_early: bool) -> None:
    event, ended = wakeable(), list[bool]()
    if is_early:
        event.wake(SHOW_QUEUE)
    thread = waiting(event, SHOW_QUEUE, ended)
    event.wake(SHOW_QUEUE)
    thread.join(PATIENCE_SECONDS)
    assert ended == [False]


def test_wake_ends_the_wait_of_no_other_queue_and_stop_ends_every_wait() -> None:
    event, ended = wakeable(), list[bool]()
    other = waiting(event, "execute", ended)
    event.wake(SHOW_QUEUE)
    assert not ended
    event.set()
    other.join(PATIENCE_SECONDS)
    assert ended == [True]


async def test_dbos_starts_an_enqueued_workflow_before_its_next_poll(tmp_path: Path, mocker: MockerFixture) -> None:
    url = f"sqlite:///{tmp_path}/engine.sqlite3"
    await asyncio.to_thread(migrate, url)
    options = {SHOW_QUEUE: {**queues.queue_options(60)[SHOW_QUEUE], "polling_interval_sec": HOUR_SECONDS}}
    mocker.patch.object(queues, "queue_options", autospec=True, return_value=options)
    queues.configure(url, "test")
    started = threading.Event()

    @queues.workflow("wake-test")
    async def wake_test() -> None:
        started.set()

    await queues.launch(60)
    try:
        await queues.enqueue(SHOW_QUEUE, wake_test, "wake-test.1", partition="C0ONE", priority=1)
        assert await asyncio.to_thread(started.wait, PATIENCE_SECONDS)
    finally:
        await queues.stop(0)
