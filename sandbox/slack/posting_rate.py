"""The posting rate limit of a channel. docs.slack.dev/apis/web-api/rate-limits."""

import time

from sandbox.slack.errors import SlackError

PER_SECOND = 1.0
BURST = 20.0


class PostingRate:
    """Allows one message per second and channel, with short bursts."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, float]] = {}

    def spend(self, channel_id: str) -> None:
        """Count one message. Raises SlackError ``ratelimited``, which becomes HTTP 429 with Retry-After."""
        now = time.monotonic()
        left, since = self._left.get(channel_id, (BURST, now))
        left = min(BURST, left + (now - since) * PER_SECOND)
        if left < 1:
            raise SlackError("ratelimited")
        self._left[channel_id] = (left - 1, now)
