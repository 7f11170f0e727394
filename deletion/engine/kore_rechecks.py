"""Ask Kore.ai again about requests that have ended, after each sweep has started what is due."""

from collections.abc import Awaitable, Callable

from deletion.lifecycle.applications import Applications

OnChanged = Callable[[str], Awaitable[None]]  # takes a request id


class KoreRechecks:
    """Runs one loop at a time in a process: Kore.ai may take 45 seconds per request, and a sweep starts every 10."""

    def __init__(self, applications: Applications) -> None:
        self._applications = applications
        self._is_running = False

    async def run(self, on_changed: OnChanged) -> None:
        """Recheck what is due, unless an earlier loop is still running."""
        if self._is_running:
            return
        self._is_running = True
        try:
            for recheck in (self._applications.recheck_unknown, self._applications.recheck_deleted):
                for request_id in await recheck():
                    await on_changed(request_id)
                    await self._applications.update_list(request_id)
        finally:
            self._is_running = False
