"""The health of this process: what it waits for, and what it lost since it started."""

from collections.abc import Awaitable, Callable

Check = Callable[[], Awaitable[str]]


class Health:
    """Collects why the bot cannot serve (``/readyz``) and why it should be restarted (``/healthz``)."""

    def __init__(self) -> None:
        self.phase = "starting"  # empty once the bot has started
        self._readiness: list[Check] = []
        self._liveness: list[Check] = []

    def needs(self, check: Check) -> None:
        """Be ready only while ``check`` returns an empty text, and not the reason against it."""
        self._readiness.append(check)

    def lives_by(self, check: Check) -> None:
        """Ask for a restart as soon as ``check`` returns a reason for one."""
        self._liveness.append(check)

    async def why_not_ready(self) -> str:
        return self.phase or await _first(self._readiness)

    async def why_restart(self) -> str:
        return await _first(self._liveness)


async def _first(checks: list[Check]) -> str:
    for check in checks:
        if reason := await check():
            return reason
    return ""
