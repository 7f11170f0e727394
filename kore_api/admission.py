"""What a call needs before it may leave: a place in the minute that the whole account shares."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Admission(Protocol):
    """Kept by somebody who counts for all replicas. docs.kore.ai/…/rate-limit-ccai: 60 calls a minute and account."""

    def place(self, leaving: int) -> AbstractAsyncContextManager[None]:
        """One place, taken for as long as the block lasts and given back a minute after its end.

        Never waits. Raises KoreThrottledError, which says when to try again, unless ``leaving`` places stay free.
        """

    async def used_up(self, retry_after_seconds: float | None) -> float:
        """Kore.ai itself says that the limit is reached. Returns the seconds for which nobody calls now."""
