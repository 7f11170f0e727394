"""When the bot looks again at a deleted campaign, because a service may show a deleted object again. No I/O."""

from datetime import datetime, timedelta

from deletion.domain.attempt import Observation
from deletion.domain.models import Purpose, Request
from deletion.domain.outcome import outcome
from deletion.domain.states import State

RECHECKED_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
RETRIED_AFTER = timedelta(minutes=1)  # a look without a clear answer, or of a replica that died
GIVEN_UP_AFTER = timedelta(hours=1)
REAPPEARED = "reappeared"  # the event in the journal


def first_recheck(request: Request) -> datetime | None:
    """Return when to look at the campaign of a request that just ended, or None if its end does not call for it.

    It does if the bot's own DELETE made it disappear, or may have.
    """
    if (
        request.due_action is not Purpose.DELETE
        or request.state not in (State.DELETED, State.GONE)
        or not request.attempt
    ):
        return None
    may_return = outcome(request.attempt.kind, Observation.PRESENT) is State.UNKNOWN
    return request.changed_at + RECHECKED_AFTER[0] if may_return else None


def next_recheck(ended_at: datetime, at: datetime) -> datetime | None:
    """Return when to look again at a campaign that was absent ``at`` this time, or None if that was the last time."""
    return next((ended_at + after for after in RECHECKED_AFTER if ended_at + after > at), None)
