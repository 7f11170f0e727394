"""What a form said, compared with what its submission leads to."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.approval_rule import ApprovalRule, Quota
from deletion.domain.approvals.approval import decide
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State
from tests.deletion.values import person, request

MINUTE = timedelta(minutes=1)
POLICY = Policy(approvals_required=1, undo_window=MINUTE)
ONE, TWO = ApprovalRule(required=1), ApprovalRule(required=2)
OF_LEGAL = ApprovalRule(required=1, quotas=(Quota("S0LEGAL", 1),))
IN_LEGAL = {"S0LEGAL"}


def after_approval_by(*people: str, required: int = 1) -> Request:
    """Return the request after the approvals of these people."""
    expires_at = now() + timedelta(hours=1)
    asked = request(
        state=State.AWAITING_APPROVAL, approvals_required=required, execute_after=None, expires_at=expires_at
    )
    for each in people:
        decided = decide(
            asked, Decision(person_id=each, verdict=Verdict.APPROVED, at=now()), POLICY, DeleteLimits(now())
        )
        assert isinstance(decided, Request)
        asked = decided
    return asked


@pytest.mark.parametrize(
    ("promise", "people", "groups", "is_broken"),
    [
        (FormPromise(rule=ONE, undo_window=MINUTE), ["U0BOB"], (), False),
        (FormPromise(rule=TWO), ["U0BOB"], (), True),
        (FormPromise(rule=TWO), ["U0BOB", "U0CAROL"], (), False),
        (FormPromise(rule=OF_LEGAL), ["U0BOB"], (), True),
        (FormPromise(rule=OF_LEGAL), ["U0BOB"], IN_LEGAL, False),
        (FormPromise(rule=ONE, undo_window=2 * MINUTE), ["U0BOB"], (), True),
        (FormPromise(rule=ONE, undo_window=MINUTE / 2), ["U0BOB"], (), False),
        (FormPromise(rule=ONE, archives=True), ["U0BOB"], (), True),
        (FormPromise.parse(""), ["U0BOB", "U0CAROL"], (), True),
    ],
)
def test_approval_is_held_to_what_its_form_said(
    promise: FormPromise, people: list[str], groups: Any, *, is_broken: bool
) -> None:
    after = after_approval_by(*people, required=len(people))
    assert after.state is State.APPROVED

    approvers = [person(each, groups=set(groups)) for each in people]

    assert promise.is_broken_by(after, POLICY, approvers) is is_broken


@pytest.mark.parametrize("promise", [FormPromise(rule=ApprovalRule(required=3)), FormPromise(undo_window=2 * MINUTE)])
def test_approval_that_others_must_follow_breaks_no_promise(promise: FormPromise) -> None:
    after = after_approval_by("U0BOB", required=2)

    assert after.state is State.AWAITING_APPROVAL
    assert not promise.is_broken_by(after, POLICY, [person("U0BOB")])


@pytest.mark.parametrize("text", ["", "{", "null", "r1", '{"rule":{"required":"many"}}'])
def test_form_that_carries_no_promise_promised_every_approval(text: str) -> None:
    """It was opened by an earlier version, which carried none."""
    assert FormPromise.parse(text) == FormPromise()
    assert FormPromise().is_broken_by(after_approval_by("U0BOB"), POLICY, [person("U0BOB")])
