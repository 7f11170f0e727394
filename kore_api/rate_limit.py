"""What a call needs before it may leave: a place in the minute that the whole account shares."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol


class RateLimit(Protocol):
    """Kept by somebody who counts for all replicas. docs.kore.ai/…/rate-limit-ccai: 60 calls a minute and account."""

    def acquire(self, reserve: int) -> AbstractAsyncContextManager[None]:
        """One place, taken for as long as the block lasts and given back a minute after its end.

        Never waits. Raises KoreThrottledError, which says when to try again, unless ``reserve`` places stay free.
        """

    async def report_limited(self, retry_after_seconds: float | None) -> float:
        """Kore.ai itself says that the limit is reached. Returns the seconds for which nobody calls now."""
