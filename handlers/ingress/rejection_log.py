"""Tells the operator what was refused at the door, in the log and as a number: why, and never what was in it."""

import logging
import time

from prometheus_client import Counter

EVERY_SECONDS = 60
REFUSED = Counter("campaign_delete_refused", "A payload that no listener saw", ["reason"])
log = logging.getLogger(__name__)


class RefusalLog:
    """At most one line a minute for each reason, however many knock; the next one says how many had none."""

    def __init__(self) -> None:
        self._told_at: dict[str, float] = {}
        self._untold: dict[str, int] = {}

    def note(self, reason: str, **extra: str | int) -> None:
        """``reason`` is one of a few sentences of ours, ``extra`` words of ours."""
        REFUSED.labels(reason).inc()
        now = time.monotonic()
        if now - self._told_at.get(reason, -EVERY_SECONDS) < EVERY_SECONDS:
            self._untold[reason] = self._untold.get(reason, 0) + 1
            return
        self._told_at[reason] = now
        untold = self._untold.pop(reason, 0)
        log.warning("A request was refused: %s", reason, extra={**extra, "untold": untold})
