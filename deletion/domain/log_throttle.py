"""Limit how often one kind of log line is written."""

import time

EVERY_SECONDS = 60
MOST_KEYS = 1000  # then those that were logged more than a minute ago are forgotten


class LogThrottle:
    """Admits one line a minute for each key, and counts those that it suppresses.

    ``forgotten`` of these are of keys that it has forgotten, so that no line will tell their number.
    """

    def __init__(self) -> None:
        self.forgotten = 0
        self._logged_at: dict[str, float] = {}
        self._suppressed: dict[str, int] = {}

    def admit(self, key: str) -> int | None:
        """Return the number of lines suppressed since the last one with this key; None if this one is suppressed."""
        at = time.monotonic()
        if len(self._logged_at) >= MOST_KEYS:
            self._forget_before(at - EVERY_SECONDS)
        if at - self._logged_at.get(key, -EVERY_SECONDS) < EVERY_SECONDS:
            self._suppressed[key] = self._suppressed.get(key, 0) + 1
            return None
        self._logged_at[key] = at
        return self._suppressed.pop(key, 0)

    def _forget_before(self, at: float) -> None:
        for key in [key for key, logged_at in self._logged_at.items() if logged_at < at]:
            del self._logged_at[key]
            self.forgotten += self._suppressed.pop(key, 0)
