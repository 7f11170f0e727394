"""The steps between an approved request and its outcome, which a delete and a rebuild implement each in its own way."""

from typing import Protocol

from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request


class Executor(Protocol):
    """The steps of one purpose.

    Each step takes the request as it was just read and changes it by compare-and-swap. A step that loses the swap
    changes nothing, so a step may run twice, on two replicas or after a crash.
    """

    async def attempt(self, request: Request, limits: DeleteLimits) -> None:
        """Send one request to Kore.ai and record its answer, if ``request`` is unchanged and ``limits`` still hold."""

    async def verify(self, request: Request) -> None:
        """Read back what the recorded attempt did, and record the outcome."""

    async def recover(self, request: Request) -> None:
        """Read back what an attempt did whose answer was never recorded."""

    async def recheck(self, request: Request) -> bool:
        """Look again at an unknown outcome. Return whether the request changed."""
