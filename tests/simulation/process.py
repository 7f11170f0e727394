"""One life of a simulated operating system process: a replica of the bot, from its start to its end or crash."""

import asyncio
import warnings
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar
from dataclasses import dataclass, field
from typing import Any, cast
from weakref import WeakSet

CURRENT: ContextVar["Process | None"] = ContextVar("process", default=None)
MOST_FINALLY_BLOCKS = 50


@dataclass(eq=False)
class Process:
    """A process and its clocks: ``skew_seconds`` is how far its wall clock is ahead of the true time."""

    name: str
    skew_seconds: float = 0.0
    clock_error_seconds: float = 0.0  # of the time that it has read from the shared database
    booted_at: float = 0.0  # the monotonic clock counts from here, and differs between replicas
    is_dead: bool = False
    suspended_until: float = 0.0
    slept_seconds: float = 0.0  # with its whole computer, whose monotonic clock stood still
    at_death: list[Callable[[], None]] = field(default_factory=list)
    tasks: "WeakSet[asyncio.Task[Any]]" = field(default_factory=WeakSet)
    left: list[asyncio.Task[Any]] = field(default_factory=list)  # at its death; collected, they would go on

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start a task of this process."""
        context = Context()  # a process inherits nothing from what is under way when it starts
        context.run(CURRENT.set, self)
        return asyncio.get_running_loop().create_task(coroutine, context=context)

    def sleep(self, until: float, now: float) -> None:
        """Suspend it with its whole computer, as a closed laptop is."""
        self.suspended_until = until
        self.slept_seconds += until - now

    def kill(self) -> None:
        """End it as ``kill -9`` does: no callback, ``except`` or ``finally`` of it runs any more."""
        self.is_dead = True
        self.left = [task for task in self.tasks if not task.done()]
        for act in self.at_death:
            act()
        self.at_death.clear()

    def bury(self) -> None:
        """Free what a dead process left, once the simulation has ended: its open coroutines, without their effects."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its ``finally`` blocks await in vain
            for task in self.left:
                task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio's own switch
                asyncio.tasks._unregister_task(task)  # noqa: SLF001 - the loop would wait
                _close(cast("Coroutine[Any, Any, Any]", task.get_coro()))


def _close(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Close it. Each ``finally`` that awaits ends one attempt with an error; the next attempt goes on after it."""
    for _ in range(MOST_FINALLY_BLOCKS):
        try:
            coroutine.close()
        except BaseException:  # noqa: BLE001, S112 - a dead process reports nothing
            continue
        return


def in_the_world(coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Start a task that belongs to no replica, such as the server's side of a call: it goes on when a caller dies."""
    return asyncio.get_running_loop().create_task(coroutine, context=Context())
