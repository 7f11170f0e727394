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
        self._scheduled: list[tuple[float, int, asyncio.TimerHandle]] = []  # a heap: when, number, timer
        self._timers = 0
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

    def _process_events(self, event_list: Any) -> None:
        """Do nothing: there are no sockets."""

    def _write_to_self(self) -> None:
        """Do nothing: nothing blocks."""

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Do nothing: cancelled timers are skipped when they are due."""

    def _run_once(self) -> None:
        """Run callbacks until the loop is told to stop, or everything waits for a later time."""
        while not self._stopping:  # type: ignore[attr-defined]  # of BaseEventLoop
            self._take_due()
            handle, process = self._next_handle()
            if handle is None:
                self._advance()
                return
            self.ran += 1
            if self.ran > STUCK_AFTER_CALLBACKS:
                raise StuckError(f"{self.ran} callbacks by {self.now:.1f} s, and no end")
            if self.before_callback:
                self.before_callback(process)
                if process and process.is_dead:
                    continue
            handle._run()  # noqa: SLF001 - as BaseEventLoop does

    def call_at(  # type: ignore[override]  # without variadic types
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Schedule a timer. Unlike asyncio's, the heap compares numbers: no method is called for each comparison."""
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._timers += 1
        heapq.heappush(self._scheduled, (when, self._timers, timer))
        return timer

    def call_soon(  # type: ignore[override]  # without variadic types
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]  # there are no threads

    def _take_due(self) -> None:
        scheduled, now = self._scheduled, self.now
        while scheduled and (scheduled[0][0] <= now or scheduled[0][2]._cancelled):  # noqa: SLF001
            timer = heapq.heappop(scheduled)[2]
            if not timer._cancelled:  # noqa: SLF001
                self._ready.append(timer)

    def _next_handle(self) -> tuple[asyncio.Handle | None, Process | None]:
        """Choose one ready callback by the seed, with its process, and drop those that never run."""
        ready = self._ready
        while ready:
            index = self._dice(len(ready))
            process = process_of(ready[index])
            if process and process.suspended_until > self.now:
                runnable = [each for each, other in enumerate(ready) if not is_suspended(other, self.now)]
                if not runnable:
                    break
                index = runnable[self._dice(len(runnable))]
                process = process_of(ready[index])
            handle = ready.pop(index)
            if not handle._cancelled and not (process and process.is_dead):  # noqa: SLF001
                return handle, process
        return None, None

    def _dice(self, sides: int) -> int:
        if sides == 1 or (self._shuffle < 1 and self.random.random() >= self._shuffle):
            return 0
        return int(self.random.random() * sides)

    def _advance(self) -> None:
        """Jump to the next timer, or to the end of a suspension."""
        moments = [when for when, _, _ in self._scheduled[:1]]
        moments += [process.suspended_until for handle in self._ready if (process := process_of(handle))]
        if not moments:
            if not self._stopping:  # type: ignore[attr-defined]  # of BaseEventLoop
                raise StuckError("nothing is scheduled any more")
            return
        self.now = max(self.now, min(moments))


def process_of(handle: asyncio.Handle) -> Process | None:
    process: Process | None = handle._context.get(CURRENT)  # type: ignore[attr-defined]  # noqa: SLF001
    return process


def is_suspended(handle: asyncio.Handle, now: float) -> bool:
    process = process_of(handle)
    return process is not None and process.suspended_until > now
