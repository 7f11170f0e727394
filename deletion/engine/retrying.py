"""Run work that needs Slack without holding up its queue: what fails is retried later, each piece on its own timer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import copy_context
from typing import Any, Generic, TypeVar

from deletion.domain.errors import SlackBusyError
from deletion.messages.progress import Progress

RELEASED_AFTER_SECONDS = 2.0  # a call that takes longer goes on, and its queue with it
FIRST_BACKOFF_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 60.0
REPORTED_FROM_FAILURE = 6  # half a minute after the first; again at each failure, because the code may change
T = TypeVar("T")
log = logging.getLogger(__name__)


class Retrying(Generic[T]):
    """Retries with exponential backoff, and not before Slack's Retry-After.

    Timers are in memory: after a crash the sweep finds in the database what is owed.
    ``key`` names a piece of work, ``enqueue`` starts it again, ``report`` is told of each failure of one that has
    failed for long, and returns what is owed then, ``fields`` are for the log.
    """

    def __init__(
        self,
        run: Callable[[T], Coroutine[Any, Any, Progress[T]]],
        *,
        key: Callable[[T], str],
        enqueue: Callable[[T], Coroutine[Any, Any, None]],
        report: Callable[[T, str], Awaitable[list[T]]],
        fields: Callable[[T], dict[str, str]],
    ) -> None:
        self._run = run
        self._key = key
        self._enqueue = enqueue
        self._report = report
        self._fields = fields
        # The context at start-up: in a workflow's own, DBOS would count the retry as its child.
        self._context = copy_context()
        self._failures: dict[str, int] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._limited: set[str] = set()  # those whose timer is the end of a rate limit
        self._next: dict[str, T] = {}
        self._running: dict[str, asyncio.Task[Progress[T]]] = {}
        self._background: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        for task in self._background:
            task.cancel()

    def is_waiting(self, item: T) -> bool:
        """Return whether a retry is due later, or Slack has not answered yet."""
        return self._key(item) in self._timers or self._key(item) in self._running

    async def attempt(self, item: T) -> list[T]:
        """Run the work once, and return what is owed from now on. While a rate limit lasts, leave it to its timer."""
        key = self._key(item)
        if key in self._limited:
            return []
        if key in self._running:  # Slack has not answered: an older version must not arrive after a newer one
            self._next[key] = item
            return []
        running = self._running[key] = asyncio.create_task(self._run(item))
        await asyncio.wait({running}, timeout=RELEASED_AFTER_SECONDS)
        if running.done():
            return await self._conclude(item, running)
        log.warning("Slack is slow; the queue continues", extra=self._fields(item))
        self._start(self._follow(item, running))
        return []

    async def _follow(self, item: T, running: asyncio.Task[Progress[T]]) -> None:
        await asyncio.wait({running})
        for owed in await self._conclude(item, running):
            await self._enqueue(owed)

    async def _conclude(self, item: T, ended: asyncio.Task[Progress[T]]) -> list[T]:
        key = self._key(item)
        del self._running[key]
        if error := ended.exception():
            log.error("Slack message failed", exc_info=error, extra=self._fields(item))
            progress = Progress(busy=[(item, SlackBusyError(type(error).__name__))])
        else:
            progress = ended.result()
        owed = [*progress.owed, *([self._next.pop(key)] if key in self._next else [])]
        for other, busy in progress.busy:
            owed += await self._retry(other, busy)
        if not progress.busy:
            self._failures.pop(key, None)
        return owed

    async def _retry(self, item: T, busy: SlackBusyError) -> list[T]:
        """Start the timer of the next try. Return what is owed because the work has failed for long."""
        key, delay_seconds = self._key(item), busy.retry_after_seconds
        if delay_seconds is None:  # a rate limit says nothing about the message, so it does not count
            failures = self._failures[key] = self._failures.get(key, 0) + 1
            delay_seconds = min(FIRST_BACKOFF_SECONDS * 2.0 ** min(failures - 1, 10), LONGEST_BACKOFF_SECONDS)
        fields = {**self._fields(item), "error": str(busy), "retry_seconds": round(delay_seconds, 1)}
        log.warning("Slack call failed; retrying later", extra=fields)
        self._start_timer(item, delay_seconds)
        if busy.retry_after_seconds is not None:
            self._limited.add(key)
        is_long = busy.retry_after_seconds is None and self._failures[key] >= REPORTED_FROM_FAILURE
        return await self._report(item, str(busy)) if is_long else []

    def _start_timer(self, item: T, delay_seconds: float) -> None:
        key = self._key(item)
        if earlier := self._timers.get(key):
            earlier.cancel()
        loop = asyncio.get_running_loop()
        self._timers[key] = loop.call_later(delay_seconds, self._ring, item, context=self._context.copy())

    def _ring(self, item: T) -> None:
        del self._timers[self._key(item)]
        self._limited.discard(self._key(item))
        self._start(self._enqueue(item))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, context=self._context.copy())
        self._background.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("Retry failed; the sweep continues", exc_info=error)
