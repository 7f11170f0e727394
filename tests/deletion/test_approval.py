"""What follows from a decision: every verdict in every state."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.approval import Objection, approved, decide
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import TRANSITIONS, Attempt, AttemptKind, Decision, Request, State, Verdict
from deletion.domain.outcome import is_due_for_recheck
from deletion.domain.policy import Policy, is_approval_phrase
from tests.deletion.values import freeze, request

POLICY = Policy(approvals_required=2, undo_window=timedelta(seconds=60))
WAITING: dict[str, Any] = {"state": State.AWAITING_APPROVAL, "approvals_required": 2, "execute_after": None}


def waiting(**changes: Any) -> Request:
    return request(**{**WAITING, "expires_at": now() + timedelta(hours=1), **changes})


def by(person_id: str, verdict: Verdict = Verdict.APPROVED) -> Decision:
    return Decision(person_id=person_id, verdict=verdict, at=now())


def decided(request: Request, decision: Decision, limits: DeleteLimits | None = None) -> Request | Objection:
    return decide(request, decision, POLICY, limits or DeleteLimits(now()))


def test_last_approval_starts_the_undo_window() -> None:
    once = decided(waiting(), by("U0BOB"))
    assert isinstance(once, Request)
    assert once.state is State.AWAITING_APPROVAL
    last = by("U0CAROL")
    twice = decided(once, last)
    assert isinstance(twice, Request)
    assert twice.state is State.APPROVED
    assert twice.execute_after == last.at + timedelta(seconds=60)
    assert [decision.person_id for decision in twice.approvals] == ["U0BOB", "U0CAROL"]


def test_second_approval_of_one_person_does_not_count() -> None:
    once = decided(waiting(), by("U0BOB"))
    assert isinstance(once, Request)
    assert decided(once, by("U0BOB")) is Objection.ALREADY


def test_approver_may_still_reject() -> None:
    once = decided(waiting(), by("U0BOB"))
    assert isinstance(once, Request)
    rejected = decided(once, by("U0BOB", Verdict.REJECTED))
    assert isinstance(rejected, Request)
    assert rejected.state is State.REJECTED


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("state", State)
def test_decision_counts_in_one_state_and_leads_where_the_diagram_says(verdict: Verdict, state: State) -> None:
    person = "U0ALICE" if verdict is Verdict.CANCELLED else "U0BOB"
    found = decided(waiting(state=state), by(person, verdict))
    if isinstance(found, Objection):
        assert found is Objection.ENDED
    else:
        assert state in (State.AWAITING_APPROVAL, State.APPROVED)
        assert found.state is state or found.state in TRANSITIONS[state]


def test_freeze_blocks_approval_but_nothing_that_ends_a_request() -> None:
    frozen = DeleteLimits(now(), freeze())
    assert decided(waiting(), by("U0BOB"), frozen) is Objection.FROZEN
    for state, verdict in ((State.AWAITING_APPROVAL, Verdict.REJECTED), (State.APPROVED, Verdict.STOPPED)):
        assert isinstance(decided(waiting(state=state), by("U0BOB", verdict), frozen), Request)


def test_decision_after_expiry_does_not_count() -> None:
    assert decided(waiting(expires_at=now() - timedelta(seconds=1)), by("U0BOB")) is Objection.EXPIRED


def test_without_an_undo_window_an_approval_is_due_at_once_and_expires() -> None:
    at = now()
    done = approved(waiting(), at, Policy(undo_window=timedelta(0), approval_ttl=timedelta(hours=2)))
    assert (done.approved_at, done.execute_after, done.expires_at) == (at, at, at + timedelta(hours=2))


@pytest.mark.parametrize(
    ("name", "typed", "right"),
    [
        ("Spring Sale", "Sale", True),
        ("Spring Sale", "0001", True),
        ("Spring Sale", "sale", False),
        ("Spring Sale", "Spring", False),
        ("Spring Sale", "", False),
        ("Spring 🔥", "🔥", False),
        ("Spring 🔥", "0001", True),
        ("", "", False),
        ("", "0001", True),
    ],
)
def test_approver_types_the_last_word_or_the_end_of_the_id(name: str, typed: str, right: bool) -> None:
    assert is_approval_phrase(typed, name, "cd-3aefda80-f98e-5f4f-ad41-92803abb0001") == right


@pytest.mark.parametrize(
    ("since_attempt", "since_look", "due"),
    [
        (40, 40, True),
        (20, 20, False),
        (120, 60, True),
        (120, 50, False),
        (3 * 3600, 3600, False),
        (25 * 3600, 24 * 3600, False),
    ],
)
def test_unknown_outcome_is_rechecked_less_and_less_often_for_a_day(
    since_attempt: int, since_look: int, due: bool
) -> None:
    at = now()
    attempt = Attempt(kind=AttemptKind.NO_ANSWER, at=at - timedelta(seconds=since_attempt))
    unknown = request(state=State.UNKNOWN, attempt=attempt, changed_at=at - timedelta(seconds=since_look))
    assert is_due_for_recheck(unknown, at) == due
