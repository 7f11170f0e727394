"""When approvers are reminded, and when others may approve instead of them. No I/O."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime

from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.stored import Stored

REMIND_EVERY = timedelta(minutes=15)  # by the requester


class Waiting(Stored):
    """The times of a request that awaits approval."""

    id: str
    requested_at: AwareDatetime
    awaiting_since: AwareDatetime | None = None
    reminded_at: AwareDatetime | None = None
    escalated_at: AwareDatetime | None = None
    application: str = ""
    kore_account: str | None = None
    list_id: str | None = None
    stops: Purpose | None = None

    @classmethod
    def of(cls, request: Request) -> Self:
        return cls(**{name: getattr(request, name) for name in cls.model_fields})

    @property
    def since(self) -> datetime:
        """When its approvers were called to decide."""
        return self.awaiting_since or self.requested_at

    @property
    def heeds_freeze(self) -> bool:
        """See ``Request.heeds_freeze``."""
        return self.stops is not Purpose.STOP


class Call(StrEnum):
    """Why approvers are called, as the journal names it."""

    REMINDED = "reminded"
    ESCALATED = "escalated"


def due_call(waiting: Waiting, policy: Policy, at: datetime) -> Call | None:
    """Return what is due, the escalation before a reminder. Several moments to remind that have passed are one."""
    after = policy.escalate_after if waiting.escalated_at is None else None
    if after is not None and policy.within_hours(waiting.since + after) <= at:
        return Call.ESCALATED
    moments = [policy.within_hours(waiting.since + after) for after in policy.approval_reminders]
    last = max((moment for moment in moments if moment <= at), default=None)
    is_due = last is not None and (waiting.reminded_at is None or waiting.reminded_at < last)
    return Call.REMINDED if is_due else None


def called_before(policy: Policy, at: datetime) -> datetime | None:
    """Return when the approvers of a request must have been called for another call to be due; None if none ever is."""
    after = [*policy.approval_reminders, *([policy.escalate_after] if policy.escalate_after is not None else [])]
    return at - min(after) if after else None


def may_remind_at(request: Request) -> datetime:
    """Return when the requester may next remind the approvers: some time after they were last called."""
    called = [request.requested_at, request.awaiting_since, request.reminded_at]
    return max(moment for moment in called if moment) + REMIND_EVERY
