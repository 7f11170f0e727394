"""An event loop in virtual time: no selector, no thread, and one seeded choice among all ready callbacks.

A callback belongs to the process (tests/simulation/process.py) whose task scheduled it. Those of a dead process never
run, and those of a suspended one wait.
"""

import asyncio
import heapq
import random
from collections.abc import Callable
from contextvars import Context
from typing import Any

from tests.simulation.clock import patched_time
from tests.simulation.process import CURRENT, Process

STUCK_AFTER_CALLBACKS = 3_000_000


class StuckError(Exception):
    """Nothing is scheduled, so the awaited result can never come; or the loop never rests."""


class SimulatedLoop(asyncio.BaseEventLoop):
    """Runs until nothing is left, as fast as the processor allows; ``time()`` jumps to the next timer."""

    looks_slower_by = 1.3  # a look costs processor time and a virtual pause none: see tests/stories/person.eventually

    def __init__(self, seed: int = 0, shuffle: float = 1.0) -> None:
        super().__init__()
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.now = 0.0
        self.ran = 0
        self.before_callback: Callable[[Process | None], None] | None = None
        self._shuffle = shuffle
        self._ready: list[asyncio.Handle] = []  # a list, to take from anywhere
        self._scheduled: list[asyncio.TimerHandle] = []
        self.set_debug(False)

    def time(self) -> float:
        return self.now

    def create_task(self, coro: Any, *, name: Any = None, context: Context | None = None) -> asyncio.Task[Any]:
        task = super().create_task(coro, name=name, context=context)
        if owner := context.get(CURRENT) if context is not None else CURRENT.get():
            owner.tasks.add(task)
        return task

    def _asyncgen_finalizer_hook(self, agen: Any) -> None:
        """Leave an open generator that is collected: only dead processes leave one, and none of their code runs."""
        self._asyncgens.discard(agen)  # type: ignore[attr-defined]  # asyncio's own

    def run_forever(self) -> None:
        with patched_time(self):
            super().run_forever()

    def run_in_executor(  # type: ignore[override]  # without variadic types
        self,
        executor: Any,  # noqa: ARG002 - its name is asyncio's
        func: Callable[..., Any],
        *args: Any,
    ) -> asyncio.Future[Any]:
        """Run it at once: a thread would run at a moment that no seed decides."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it belongs to the caller
            done.set_exception(error)
        return done

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncio's
        """Do nothing: there is none."""

    call_soon_threadsafe = asyncio.BaseEventLoop.call_soon  # there are no threads

    def _process_events(self, event_list: Any) -> None:
        """Do nothing: there are no sockets."""

    def _write_to_self(self) -> None:
        """Do nothing: nothing blocks."""

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Do nothing: cancelled timers are skipped when they are due."""

    def _run_once(self) -> None:
        self._take_due()
        handle = self._next_handle()
        if handle is None:
            self._advance()
            return
        self.ran += 1
        if self.ran > STUCK_AFTER_CALLBACKS:
            raise StuckError(f"{self.ran} callbacks by {self.now:.1f} s, and no end")
        if self.before_callback:
            self.before_callback(process_of(handle))
            if is_dead(handle):
                return
        handle._run()  # noqa: SLF001 - as BaseEventLoop does

    def _take_due(self) -> None:
        while self._scheduled and (self._scheduled[0]._cancelled or self._scheduled[0].when() <= self.now):  # noqa: SLF001
            timer = heapq.heappop(self._scheduled)
            timer._scheduled = False  # type: ignore[attr-defined]  # noqa: SLF001 - as BaseEventLoop does
            if not timer._cancelled:  # noqa: SLF001
                self._ready.append(timer)

    def _next_handle(self) -> asyncio.Handle | None:
        """Choose one ready callback by the seed, and drop those that never run."""
        while self._ready:
            index = self._dice(len(self._ready))
            if is_suspended(self._ready[index], self.now):
                runnable = [each for each, other in enumerate(self._ready) if not is_suspended(other, self.now)]
                if not runnable:
                    return None
                index = runnable[self._dice(len(runnable))]
            handle = self._ready.pop(index)
            if not handle._cancelled and not is_dead(handle):  # noqa: SLF001
                return handle
        return None

    def _dice(self, sides: int) -> int:
        if sides == 1 or (self._shuffle < 1 and self.random.random() >= self._shuffle):
            return 0
        return int(self.random.random() * sides)

    def _advance(self) -> None:
        """Jump to the next timer, or to the end of a suspension."""
        moments = [handle.when() for handle in self._scheduled[:1]]
        moments += [process.suspended_until for handle in self._ready if (process := process_of(handle))]
        if not moments:
            if not self._stopping:  # type: ignore[attr-defined]  # of BaseEventLoop
                raise StuckError("nothing is scheduled any more")
            return
        self.now = max(self.now, min(moments))


def process_of(handle: asyncio.Handle) -> Process | None:
    process: Process | None = handle._context.get(CURRENT)  # type: ignore[attr-defined]  # noqa: SLF001
    return process


def is_dead(handle: asyncio.Handle) -> bool:
    process = process_of(handle)
    return process is not None and process.is_dead


def is_suspended(handle: asyncio.Handle, now: float) -> bool:
    process = process_of(handle)
    return process is not None and process.suspended_until > now
