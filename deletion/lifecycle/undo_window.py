"""Give an approved request its whole undo window: after a slow commit, and if it was shortened during a stop."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from deletion.domain.approvals.approval import approved
from deletion.domain.clock import now
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.transitions import Transitions

COMMIT_WITHIN = timedelta(seconds=5)  # otherwise the approval is rolled back and judged again
UNDO_WINDOW = "undo_window"  # the journal's name of the seconds that a form said follow a stop
LATE = timedelta(seconds=1)  # a commit that took longer restarts the undo window


def commit_by(at: datetime, expires_at: datetime | None = None) -> datetime:
    """Return when an approval of ``at`` may no longer be committed: soon after it, and never after the deadline."""
    return min(at + COMMIT_WITHIN, expires_at or datetime.max.replace(tzinfo=at.tzinfo))


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


def window_details(after: Request, policy: Policy) -> dict[str, str]:
    """Return the undo window as a detail of the approval, for the journal, if it begins only after a stop."""
    begins_later = after.state is State.APPROVED and after.purpose is Purpose.STOP_AND_DELETE and after.stop is None
    return {UNDO_WINDOW: f"{policy.undo_window.total_seconds():g}"} if begins_later else {}


def window_after_stop(entries: Sequence[Entry], policy: Policy) -> timedelta:
    """Return the undo window after a stop: today's, or that of the last approval if it was longer."""
    told = [float(entry.details[UNDO_WINDOW]) for entry in entries if UNDO_WINDOW in entry.details]
    return max(policy.undo_window, timedelta(seconds=told[-1] if told else 0))
