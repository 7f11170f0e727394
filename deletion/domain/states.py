"""The states of a request, and the transitions between them."""

from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """The state of a request, as users see it. The README's diagram shows the same states."""

    AWAITING_APPROVAL = "awaiting approval"
    APPROVED = "approved"
    DELETING = "deleting"
    DELETED = "deleted"
    GONE = "gone"
    CHANGED = "changed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REBUILDING = "rebuilding"
    REBUILT = "rebuilt"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    STOPPED = "stopped"
    PRACTISED = "practised"
    STOPPING = "stopping"
    CAMPAIGN_STOPPED = "campaign stopped"


# The allowed transitions; None is the start. A test compares the README's diagram with this table.
TRANSITIONS: dict[State | None, frozenset[State]] = {
    None: frozenset({State.AWAITING_APPROVAL, State.APPROVED}),
    State.AWAITING_APPROVAL: frozenset({State.APPROVED, State.REJECTED, State.CANCELLED, State.EXPIRED})
    | frozenset({State.CHANGED, State.GONE, State.FAILED, State.UNKNOWN}),
    State.APPROVED: frozenset({State.STOPPED, State.DELETING, State.CHANGED, State.GONE, State.FAILED, State.UNKNOWN})
    | frozenset({State.REBUILDING, State.EXPIRED, State.AWAITING_APPROVAL, State.STOPPING, State.CAMPAIGN_STOPPED}),
    State.DELETING: frozenset({State.DELETED, State.GONE, State.FAILED, State.UNKNOWN, State.APPROVED})
    | frozenset({State.PRACTISED}),
    State.REBUILDING: frozenset({State.REBUILT, State.FAILED, State.UNKNOWN, State.APPROVED}),
    # After the stop of a campaign to delete, the request is approved until its undo window is over.
    State.STOPPING: frozenset({State.CAMPAIGN_STOPPED, State.APPROVED, State.CHANGED, State.GONE, State.FAILED})
    | frozenset({State.UNKNOWN, State.PRACTISED}),
    # A deleted campaign may reappear.
    State.DELETED: frozenset({State.UNKNOWN}),
    State.GONE: frozenset({State.UNKNOWN}),
    # An unknown outcome is rechecked until it is known.
    State.UNKNOWN: frozenset({State.DELETED, State.GONE, State.FAILED, State.REBUILT, State.CAMPAIGN_STOPPED}),
}
WATCHED = timedelta(days=1)  # how long after the attempt an unknown outcome is rechecked


BEGUN = frozenset({State.DELETING, State.REBUILDING, State.STOPPING})  # a call to Kore.ai may have left
OPEN_STATES = BEGUN | {State.AWAITING_APPROVAL, State.APPROVED}
