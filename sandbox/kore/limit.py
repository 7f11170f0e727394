"""The rate limit of the account: docs.kore.ai/…/rate-limit-ccai."""

import time
from collections import deque
from typing import Any

from aiohttp import web

from sandbox.kore.answers import RATE_LIMIT_TEXT, error

CALLS, SECONDS = 60, 60.0


class Limit:
    """A sliding window of ``seconds``. Refused calls do not count.

    ``most`` is the largest number of calls within one window, ``refused`` the number of refused calls.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._arrived: deque[float] = deque()
        self.set(CALLS, SECONDS)

    def set(self, calls: int, seconds: float) -> None:
        self.calls, self.seconds = calls, seconds
        self.most = self.refused = 0

    def refuse(self) -> web.Response | None:
        """Return a rate limit error, or None. Kore.ai documents neither its status nor a Retry-After."""
        arrived_at = time.monotonic()
        while self._arrived and self._arrived[0] <= arrived_at - self.seconds:
            self._arrived.popleft()
        if len(self._arrived) >= self.calls:
            self.refused += 1
            return error(RATE_LIMIT_TEXT, 429)
        self._arrived.append(arrived_at)
        self.most = max(self.most, len(self._arrived))
        return None

    def told(self) -> dict[str, Any]:
        return {"calls": self.calls, "seconds": self.seconds, "most": self.most, "refused": self.refused}
