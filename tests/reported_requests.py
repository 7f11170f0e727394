"""The requests of a month, and their report."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from click.testing import CliRunner, Result

import commands
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.report import Report
from deletion.domain.states import State
from tests.deletion.values import request

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
ENDED = BEGAN + timedelta(days=30)


def asked(day: int, state: State, *approvers: str, **facts: Any) -> Request:
    at = BEGAN + timedelta(days=day)
    approvals = tuple(
        Decision(person_id=each, verdict=Verdict.APPROVED, at=at + timedelta(minutes=30)) for each in approvers
    )
    approved_at = at + timedelta(minutes=30) if approvals else None
    plain = {"requested_at": at, "changed_at": at + timedelta(hours=2), "approved_at": approved_at}
    return request(state=state, decisions=approvals, **{**plain, **facts})


def month() -> list[Request]:
    refused = Attempt(kind=AttemptKind.REFUSED, at=BEGAN, kore_message="Campaign | is =running")
    return [
        asked(1, State.DELETED, "U0BOB"),
        asked(2, State.DELETED, "U0BOB", "U0CAROL"),
        asked(2, State.DELETED),
        asked(3, State.FAILED, "U0BOB", attempt=refused),
        asked(4, State.REJECTED, requester_id="U0DAVE"),
    ]


def report_of(of: Iterable[Request], since: datetime, until: datetime) -> Report:
    report = Report(since, until)
    for each in of:
        report.count(each)
    return report


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.run, ["report", "--since", "2026-03-01", "--until", "2026-03-31", *arguments])
