"""Count what became of the requests of a period, how long they took, and who approved for whom."""

import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from deletion.domain.attempt import AttemptKind
from deletion.domain.models import Request
from deletion.domain.states import State


@dataclass
class Report:
    """The requests that were made from ``since`` to before ``until``.

    ``approved_after`` and ``ended_after`` are from the request on; an unknown outcome is no end. ``approvals`` are by
    requester and approver. ``deleted_alone`` counts deleted campaigns whose request needed no approval by another
    person. Requests of practice are in ``practised`` alone.
    """

    since: datetime
    until: datetime
    requests: int = 0
    states: Counter[State] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    approved_after: list[timedelta] = field(default_factory=list)
    ended_after: list[timedelta] = field(default_factory=list)
    approvals: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    deleted_alone: int = 0
    practised: int = 0

    def count(self, request: Request) -> None:
        if request.is_practice:
            self.practised += 1
            return
        self.requests += 1
        self.states[request.state] += 1
        self.days[request.requested_at.date()] += 1
        if request.approved_at and request.approvals:
            self.approved_after.append(request.approved_at - request.requested_at)
        if not request.is_open and request.state is not State.UNKNOWN:  # which is looked at again
            self.ended_after.append(request.changed_at - request.requested_at)
        self.approvals.update((request.requester_id, approval.person_id) for approval in request.approvals)
        if request.state in (State.FAILED, State.UNKNOWN):
            self.failures[_cause(request)] += 1
        if request.state is State.DELETED and not request.approvals:
            self.deleted_alone += 1

    @property
    def deleted(self) -> int:
        return self.states[State.DELETED]


def median(durations: list[timedelta]) -> timedelta | None:
    return timedelta(seconds=statistics.median(each.total_seconds() for each in durations)) if durations else None


def _cause(request: Request) -> str:
    attempt = request.attempt
    if attempt is None:
        return "no attempt"
    if request.reappeared_at:
        return "the deleted campaign is there again"
    if attempt.kind is AttemptKind.CONFIRMED:
        return "Kore.ai confirmed it, but it could not be verified"
    if attempt.retry_after_seconds is not None:  # nothing happened then, so another reason ended it later
        return attempt.explanation or attempt.kore_message or str(attempt.kind)
    return attempt.kore_message or attempt.explanation or str(attempt.kind)
