"""Log and count payloads that were rejected before any listener saw them: the reason, never the content."""

import logging

from prometheus_client import Counter

from deletion.domain.log_throttle import LogThrottle

REFUSED = Counter("campaign_delete_refused", "Payloads that were rejected before any listener", ["reason"])
log = logging.getLogger(__name__)


class RejectionLog:
    """Writes at most one line a minute for each reason; the next one has the number of those suppressed."""

    def __init__(self) -> None:
        self._throttle = LogThrottle()

    def note(self, reason: str, **extra: str | int) -> None:
        """Record a rejection. ``reason`` and ``extra`` come from the code, never from the payload."""
        REFUSED.labels(reason).inc()
        suppressed = self._throttle.admit(reason)
        if suppressed is not None:
            log.warning("Request rejected: %s", reason, extra={**extra, "suppressed": suppressed})
