"""The steps between an approved request and its outcome, which a delete and a rebuild implement each in its own way."""

from datetime import timedelta
from typing import Protocol

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Attempt, AttemptKind, Request, State
from deletion.lifecycle.transitions import Transitions

RETRY_AFTER = timedelta(seconds=10)  # an attempt that sent nothing


class Executor(Protocol):
    """The steps of one purpose.

    Each step takes the request as it was just read and changes it by compare-and-swap. A step that loses the swap
    changes nothing, so a step may run twice, on two replicas or after a crash.
    """

    async def attempt(self, request: Request, limits: DeleteLimits, checked_at: float) -> None:
        """Send one request to Kore.ai and record its answer, if ``request`` is unchanged and ``limits`` still hold.

        ``checked_at`` is when the check of requester and approvers began, by the monotonic clock of the leases.
        """

    async def verify(self, request: Request) -> None:
        """Read back what the recorded attempt did, and record the outcome."""

    async def recheck(self, request: Request) -> bool:
        """Look again at an unknown outcome. Return whether the request changed."""


async def return_unsent(
    transitions: Transitions, begun: Request, explanation: str, retry_after: timedelta = RETRY_AFTER
) -> None:
    """Return a begun request to "approved" because nothing was sent for it. The next attempt starts anew."""
    unsent = Attempt(kind=AttemptKind.NOT_SENT, at=now(), explanation=explanation)
    execute_after = now() + retry_after
    await transitions.move(
        begun, State.APPROVED, "not sent", details=unsent.told, attempt=unsent, execute_after=execute_after
    )
