"""Run the sweep at a fixed interval of the monotonic clock, whether or not the wall clock is changed."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from deletion.db.connection import failure_code
from deletion.db.failure import is_of_database

SWEEP_EVERY_SECONDS = 10
LOOKED_BACK = timedelta(days=1)  # for lost messages; the first sweep that succeeds after a start covers all
log = logging.getLogger(__name__)


class SweepTimer:
    """Starts each sweep in the background, even while an earlier one waits for Kore.ai: sweeps may overlap."""

    def __init__(self, sweep: Callable[[timedelta | None], Coroutine[Any, Any, None]]) -> None:
        self._sweep = sweep
        self._timer: asyncio.Task[None] | None = None
        self._sweeps: set[asyncio.Task[None]] = set()
        self._of_all: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.sweep_now()
        self._timer = asyncio.create_task(self._run())

    def stop(self) -> None:
        for task in (self._timer, *self._sweeps):
            if task:
                task.cancel()

    def sweep_now(self) -> None:
        sweep = asyncio.create_task(self._sweep(LOOKED_BACK if self._of_all else None))
        self._of_all = self._of_all or sweep
        self._sweeps.add(sweep)
        sweep.add_done_callback(self._ended)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY_SECONDS)
            self.sweep_now()

    def _ended(self, sweep: asyncio.Task[None]) -> None:
        self._sweeps.discard(sweep)
        if not sweep.cancelled() and (error := sweep.exception()):
            self._of_all = None if sweep is self._of_all else self._of_all
            code = failure_code(error) if isinstance(error, Exception) else type(error).__name__
            log.error("Sweep failed", extra={"error": code}, exc_info=None if is_of_database(error) else error)
