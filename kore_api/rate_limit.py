"""The interface of the shared rate limiter, which each call passes before it is sent."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol


class RateLimit(Protocol):
    """Counts the calls of all replicas. docs.kore.ai/…/rate-limit-ccai: 60 calls a minute for the whole account."""

    def acquire(self, reserve: int) -> AbstractAsyncContextManager[None]:
        """Hold one slot while the block runs and for a minute after its end.

        Never waits. Leaving the block never raises, so that it cannot hide the call's result.

        Raises:
            KoreThrottledError: fewer than ``reserve`` slots would stay free; it says when to try again.
            KoreUncountedError: the calls of the other replicas are not known.

        """

    async def report_limited(self, retry_after_seconds: float | None) -> float:
        """Record that Kore.ai itself reports the limit. Returns the seconds for which all replicas pause."""
