"""Approvals of every group that the rule names before a request is approved."""

import pytest

from deletion.domain.approval_rule import MissingApprovals, Quota
from deletion.domain.approvals.approval import decide, missing_after
from deletion.domain.approvals.people import Person
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.states import State
from tests.deletion.domain.approval_steps import (
    BOTH,
    BY_GROUP,
    HEAD,
    LEGAL,
    OPS,
    OPS_TOO,
    POLICY,
    RULE,
    approve,
    by,
    waiting,
)
from tests.deletion.values import person


@pytest.mark.parametrize(
    ("groups", "count", "after", "of"),
    [({"S0OPS"}, 1, 0, ()), ({"S0LEGAL"}, 1, 1, ("S0OPS",)), (set(), 1, 1, ("S0OPS",))],
)
def test_what_is_missing_after_an_approval_depends_on_the_groups_of_the_approver(
    groups: set[str], count: int, after: int, of: tuple[str, ...]
) -> None:
    quotas = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))
    policy = POLICY.model_copy(
        update={"approval_quotas": quotas, "approvers": ("S0LEGAL", "S0OPS", "U0BOB", "U0CAROL")}
    )
    asked = waiting(approval_quotas=quotas, decisions=(by("U0BOB"),))
    bob, carol = person("U0BOB", groups={"S0LEGAL"}), person("U0CAROL", groups=groups)

    missing, then = missing_after(asked, carol, policy, [bob])

    assert (missing.count, then.count, then.groups) == (count, after, of)


def test_what_is_missing_follows_a_number_raised_since_the_request() -> None:
    policy = POLICY.model_copy(update={"approvals_required": 3, "approvers": ("U0BOB",)})
    _, then = missing_after(waiting(), person("U0BOB"), policy, [])
    assert then == MissingApprovals(count=2)


@pytest.mark.parametrize(
    ("approvers", "missing"),
    [
        ([LEGAL], MissingApprovals(count=1, groups=("S0OPS",))),
        ([BOTH], MissingApprovals(count=1, groups=("S0LEGAL", "S0OPS"))),
        ([OPS, OPS_TOO], MissingApprovals(count=1, groups=("S0LEGAL",))),
        ([OPS, OPS_TOO, LEGAL], None),
        ([BOTH, LEGAL], None),
        ([LEGAL, BOTH], None),
    ],
)
@pytest.mark.parametrize("since", ["the request", "after the request"])
def test_approvals_of_every_group_approve(
    approvers: list[Person], missing: MissingApprovals | None, since: str
) -> None:
    asked = waiting(approval_quotas=RULE.quotas if since == "the request" else ())
    done = approve(asked, approvers)
    assert done.state is (State.AWAITING_APPROVAL if missing else State.APPROVED)
    assert done.missing_approvals == (missing or MissingApprovals(count=0))
    assert (done.approval_rule, done.approvals_counted) == (RULE, 2 - (missing.count if missing else 0))


def test_approval_by_a_person_whose_groups_are_unknown_is_of_no_group() -> None:
    found = decide(waiting(), by("U0BOB"), BY_GROUP, DeleteLimits(now()), [])
    assert isinstance(found, Request)
    assert found.missing_approvals == MissingApprovals(count=2, groups=("S0LEGAL", "S0OPS"))


def test_rule_of_the_request_outlives_a_relaxed_setting() -> None:
    asked = waiting(approval_quotas=RULE.quotas)
    assert approve(asked, [OPS, OPS_TOO], POLICY).state is State.AWAITING_APPROVAL
    assert approve(asked, [OPS, LEGAL], POLICY).state is State.APPROVED


def test_used_up_budget_needs_one_more_approval_of_any_approver() -> None:
    done = approve(waiting(approval_quotas=RULE.quotas), [LEGAL, OPS], used=10)
    assert (done.state, done.missing_approvals) == (State.AWAITING_APPROVAL, MissingApprovals(count=1))
    again = decide(done, by("U0DAVE"), BY_GROUP, DeleteLimits(now()), [LEGAL, OPS, OPS_TOO])
    assert isinstance(again, Request)
    assert again.state is State.APPROVED


def test_escalation_approver_stands_in_for_a_group_once_escalated() -> None:
    asked = waiting(approval_quotas=RULE.quotas)
    assert approve(asked, [OPS, HEAD]).state is State.AWAITING_APPROVAL
    escalated = asked.model_copy(update={"escalated_at": now()})
    assert approve(escalated, [HEAD]).state is State.AWAITING_APPROVAL
    assert approve(escalated, [OPS, HEAD]).state is State.APPROVED
