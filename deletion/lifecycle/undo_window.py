"""Give an approved request its whole undo window, even if the database was slow to write the approval."""

from datetime import datetime, timedelta

from deletion.domain.approvals.approval import approved
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.transitions import Transitions

COMMIT_WITHIN = timedelta(seconds=5)  # otherwise the approval is rolled back and judged again
COMMIT_EACH_WITHIN = timedelta(seconds=0.25)  # in addition, for each further request that is written with it
LATE = timedelta(seconds=1)  # a commit that took longer restarts the undo window


def commit_by(at: datetime, expires_at: datetime | None = None, requests: int = 1) -> datetime:
    """Return when an approval of ``at`` may no longer be committed: soon after it, and never after the deadline.

    A slow database needs longer for the ``requests`` of a list.
    """
    within = COMMIT_WITHIN + (requests - 1) * COMMIT_EACH_WITHIN
    return min(at + within, expires_at or datetime.max.replace(tzinfo=at.tzinfo))


async def restart_if_late(transitions: Transitions, request: Request, policy: Policy) -> Request:
    """Restart the undo window of a request that was just approved, if the commit took longer than ``LATE``."""
    at = now()
    if request.state is not State.APPROVED or request.approved_at is None or at - request.approved_at <= LATE:
        return request
    anew = approved(request, at, policy)
    restarted = await transitions.move(
        request,
        State.APPROVED,
        "undo window restarted",
        execute_after=anew.execute_after,
        expires_at=anew.expires_at,
    )
    return restarted or request
