"""What follows from a decision: every verdict in every state."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.approvals.approval import Objection, approved, decide, decision_of, under_todays_rule
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import CampaignStop, Decision, Purpose, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import TRANSITIONS, State
from tests.deletion.domain.approval_steps import POLICY, by, waiting
from tests.deletion.values import freeze, hold, person


def decided(request: Request, decision: Decision, limits: DeleteLimits | None = None) -> Request | Objection:
    return decide(request, decision, POLICY, limits or DeleteLimits(now()))


def test_last_approval_starts_the_undo_window() -> None:
    once = decided(waiting(), by("U0BOB"))
    assert isinstance(once, Request)
    assert (once.state, once.missing_approvals) == (State.AWAITING_APPROVAL, None)
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


def test_hold_blocks_approval_but_no_rejection() -> None:
    held = DeleteLimits(now(), hold=hold())
    assert decided(waiting(), by("U0BOB"), held) is Objection.HELD
    assert isinstance(decided(waiting(), by("U0BOB", Verdict.REJECTED), held), Request)


@pytest.mark.parametrize("late_by", [timedelta(0), timedelta(seconds=1)])
def test_decision_does_not_count_from_the_moment_of_expiry(late_by: timedelta) -> None:
    decision = by("U0BOB")
    assert decided(waiting(expires_at=decision.at - late_by), decision) is Objection.EXPIRED


def test_without_an_undo_window_an_approval_is_due_at_once_and_expires() -> None:
    at = now()
    done = approved(waiting(), at, Policy(undo_window=timedelta(0), approval_ttl=timedelta(hours=2)))
    assert (done.approved_at, done.execute_after, done.expires_at) == (at, at, at + timedelta(hours=2))


STOP_VERIFIED = CampaignStop(at=now(), status_before="Active")


@pytest.mark.parametrize(
    ("changes", "undo_window"),
    [
        ({}, POLICY.undo_window),
        ({"rebuilds": "r"}, POLICY.undo_window),
        ({"stops": Purpose.STOP}, timedelta(0)),
        ({"stops": Purpose.STOP_AND_DELETE}, timedelta(0)),
        ({"stops": Purpose.STOP_AND_DELETE, "stop": STOP_VERIFIED}, POLICY.undo_window),
    ],
    ids=["delete", "rebuild", "stop", "stop before a delete", "delete after its stop"],
)
def test_only_a_stop_has_no_undo_window(changes: dict[str, Any], undo_window: timedelta) -> None:
    at = now()
    assert approved(waiting(**changes), at, POLICY).execute_after == at + undo_window


def test_stricter_number_at_the_last_approval_wins() -> None:
    once = decided(waiting(approvals_required=1), by("U0BOB"))
    assert isinstance(once, Request)
    assert (once.state, once.approvals_required) == (State.AWAITING_APPROVAL, 2)
    relaxed = decide(waiting(), by("U0BOB"), Policy(approvals_required=1), DeleteLimits(now()))
    assert isinstance(relaxed, Request)
    assert (relaxed.state, relaxed.approvals_required) == (State.AWAITING_APPROVAL, 2)


@pytest.mark.parametrize(("action", "verdict"), [(Action.REJECT, Verdict.REJECTED), (Action.STOP, Verdict.STOPPED)])
def test_decision_is_that_of_the_permit(action: Action, verdict: Verdict) -> None:
    found = decision_of(Permit(action, person("U0BOB"), "r"), "The wrong list")
    assert (found.person_id, found.verdict, found.reason) == ("U0BOB", verdict, "The wrong list")
    assert decision_of(Permit(Action.APPROVE, person("U0BOB"), "r")).reason == ""


@pytest.mark.parametrize(
    ("decisions", "rule", "required", "lacks"),
    [
        ((), {"approvals_required": 1}, 1, True),
        ((by("U0BOB"),), {"approvals_required": 1}, 1, False),
        ((by("U0BOB"),), {"approvals_required": 2}, 2, True),
        ((by("U0BOB"),), {"approval_quotas": (("S0LEGAL", 1), ("S0OPS", 1)), "approvals_required": 2}, 2, True),
    ],
)
def test_approved_request_lacks_the_approvals_that_todays_rule_requires(
    decisions: tuple[Decision, ...], rule: dict[str, Any], required: int, *, lacks: bool
) -> None:
    approved_before = waiting(state=State.APPROVED, decisions=decisions, approvals_required=len(decisions))
    executed_by = under_todays_rule(approved_before, Policy(**rule))
    assert (executed_by.approvals_required, executed_by.lacks_approvals) == (required, lacks)
