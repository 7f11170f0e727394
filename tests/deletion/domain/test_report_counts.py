"""A report adds up requests of one kind, and names the cause of a failure as the attempt does."""

from typing import Any

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.report import Report
from deletion.domain.states import State
from tests.deletion.values import NOON, request


def counted(*states: State, **facts: Any) -> Report:
    report = Report(NOON, NOON)
    for state in states:
        report.count(request(state=state, **facts))
    return report


def refused(**facts: Any) -> Attempt:
    return Attempt(kind=AttemptKind.REFUSED, at=NOON, **facts)


def test_requests_of_one_kind_are_added_up() -> None:
    found = counted(State.DELETED, State.DELETED, State.FAILED, State.FAILED, attempt=refused(kore_message="Locked"))
    assert (found.requests, found.deleted, found.deleted_alone, found.failures) == (4, 2, 2, {"Locked": 2})

    practised = counted(State.PRACTISED, State.PRACTISED, application="practice")
    assert (practised.requests, practised.practised) == (0, 2)


@pytest.mark.parametrize(
    ("attempt", "cause"),
    [
        (None, "no attempt"),
        (refused(kore_message="Locked", explanation="It was refused."), "Locked"),
        (refused(explanation="It was refused."), "It was refused."),
        (refused(), "refused"),
        (refused(kore_message="Too many", explanation="It is held.", retry_after_seconds=30), "It is held."),
        (refused(kore_message="Too many", retry_after_seconds=30), "Too many"),
        (refused(retry_after_seconds=30), "refused"),
    ],
)
def test_cause_of_a_failure_is_what_the_attempt_says(attempt: Attempt | None, cause: str) -> None:
    assert set(counted(State.FAILED, attempt=attempt).failures) == {cause}
