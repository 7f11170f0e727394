"""Work that Slack fails is retried on its own timer, while its queue continues. In virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from deletion.domain.errors import SlackBusyError
from deletion.engine.retrying import Retrying
from deletion.messages.progress import Progress
from tests.simulation.loop import SimulatedLoop

BUSY = SlackBusyError("internal_error")


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": SimulatedLoop}


def now() -> float:
    return round(asyncio.get_running_loop().time(), 1)


class Queue:
    """A queue that runs its work at once. ``runs`` are the seconds at which each piece was tried."""

    def __init__(self, run: Callable[[str], Awaitable[Progress[str]]]) -> None:
        self._run = run
        self.runs: dict[str, list[float]] = {}
        self.reports: list[tuple[float, str]] = []
        self.retrying = Retrying(
            self._work, key=str, enqueue=self.put, report=self._report, fields=lambda item: {"item": item}
        )

    async def put(self, item: str) -> None:
        for owed in await self.retrying.attempt(item):
            await self.put(owed)

    async def _work(self, item: str) -> Progress[str]:
        self.runs.setdefault(item, []).append(now())
        return await self._run(item)

    async def _report(self, item: str, code: str) -> list[str]:
        self.reports.append((now(), f"{item}: {code}"))
        return ["report"]


async def fails(item: str) -> Progress[str]:
    return Progress(busy=[(item, BUSY)]) if item == "bad" else Progress()


async def test_failure_is_retried_ever_later_and_reported_from_half_a_minute_on() -> None:
    queue = Queue(fails)

    await queue.put("bad")
    await asyncio.sleep(200)

    assert queue.runs["bad"] == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    assert queue.reports == [(at, "bad: internal_error") for at in (31, 63, 123, 183)]
    assert queue.runs["report"] == [31, 63, 123, 183]


async def test_other_work_does_not_wait_for_a_failure() -> None:
    queue = Queue(fails)
    for number in range(100):
        await queue.put("bad")
        began = now()
        await queue.put(f"good {number}")
        assert now() == began
        await asyncio.sleep(1)


async def test_retry_waits_as_long_as_slack_asks_and_is_not_reported() -> None:
    async def limited(item: str) -> Progress[str]:
        return Progress(busy=[(item, SlackBusyError("ratelimited", 30.0))])

    queue = Queue(limited)
    await queue.put("one")
    await asyncio.sleep(301)

    assert queue.runs["one"] == [30.0 * number for number in range(11)]
    assert queue.reports == []


async def test_newer_state_waits_as_long_as_slack_asks_too() -> None:
    async def limited(item: str) -> Progress[str]:
        return Progress(busy=[(item, SlackBusyError("ratelimited", 30.0))]) if now() < 60 else Progress()

    queue = Queue(limited)
    await queue.put("one")
    await asyncio.sleep(10)

    await queue.put("one")
    await asyncio.sleep(60)
    await queue.put("one")

    assert queue.runs["one"] == [0, 30, 60, 70]


async def test_newer_state_is_tried_at_once_and_takes_over_the_retry() -> None:
    queue = Queue(fails)
    await queue.put("bad")
    await asyncio.sleep(0.5)

    await queue.put("bad")
    await asyncio.sleep(5)

    assert queue.runs["bad"] == [0, 0.5, 2.5]
    assert queue.retrying.is_waiting("bad")
    assert not queue.retrying.is_waiting("good")


async def test_slow_call_releases_its_queue_and_is_followed_by_what_it_brings() -> None:
    async def slow(item: str) -> Progress[str]:
        if item == "slow":
            await asyncio.sleep(9)
            return Progress(owed=["brought"])
        return Progress()

    queue = Queue(slow)
    await queue.put("slow")
    assert now() == 2
    await queue.put("slow")  # a newer version must not overtake the one under way
    await asyncio.sleep(20)

    assert queue.runs == {"slow": [0, 9], "brought": [9, 18]}


async def test_exception_holds_up_no_other_work(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(item: str) -> Progress[str]:
        if item == "bad":
            raise KeyError("a bug")
        return Progress()

    queue = Queue(broken)
    await queue.put("bad")
    await queue.put("good")
    await asyncio.sleep(2)

    assert queue.runs == {"bad": [0, 1], "good": [0]}
    assert "Slack message failed" in caplog.text


async def test_stopped_work_is_not_retried() -> None:
    queue = Queue(fails)
    await queue.put("bad")

    queue.retrying.stop()
    await asyncio.sleep(100)

    assert queue.runs["bad"] == [0]
