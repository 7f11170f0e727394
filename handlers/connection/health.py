"""The readiness and liveness of this process, and the gauges that it sets."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

Check = Callable[[], Awaitable[str]]
Refresh = Callable[[], Awaitable[None]]
REFRESHED_WITHIN_SECONDS = 5.0  # less than Prometheus's usual scrape time-out of ten
log = logging.getLogger(__name__)


class Health:
    """Collects why the bot cannot serve (``/readyz``) and why it should be restarted (``/healthz``)."""

    def __init__(self) -> None:
        self.phase = "starting"  # empty once the bot has started
        self._readiness: list[Check] = []
        self._liveness: list[Check] = []
        self._gauges: list[Refresh] = []

    def needs(self, check: Check) -> None:
        """Be ready only while ``check`` returns an empty text; otherwise it returns the reason."""
        self._readiness.append(check)

    def lives_by(self, check: Check) -> None:
        """Ask for a restart as soon as ``check`` returns a reason for one."""
        self._liveness.append(check)

    def measures(self, refresh: Refresh) -> None:
        """Set gauges by ``refresh`` each time before the metrics are read."""
        self._gauges.append(refresh)

    async def refresh_gauges(self) -> None:
        """Set the gauges. A failure is logged, and leaves the other metrics readable."""
        for refresh in self._gauges:
            try:
                async with asyncio.timeout(REFRESHED_WITHIN_SECONDS):
                    await refresh()
            except Exception as error:  # noqa: BLE001 - whatever keeps the database from answering
                log.warning("Gauges not refreshed", extra={"error": type(error).__name__})

    async def why_not_ready(self) -> str:
        return self.phase or await _first(self._readiness)

    async def why_restart(self) -> str:
        return await _first(self._liveness)


async def _first(checks: list[Check]) -> str:
    for check in checks:
        if reason := await check():
            return reason
    return ""
