"""Requests that wait, decisions about them, and approvers of two groups."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from deletion.domain.approval_rule import ApprovalRule
from deletion.domain.approvals.approval import decide
from deletion.domain.approvals.people import Person
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State
from tests.deletion.values import person, request

POLICY = Policy(approvals_required=2, undo_window=timedelta(seconds=60))
WAITING: dict[str, Any] = {"state": State.AWAITING_APPROVAL, "approvals_required": 2, "execute_after": None}


def waiting(**changes: Any) -> Request:
    return request(**{**WAITING, "expires_at": now() + timedelta(hours=1), **changes})


def by(person_id: str, verdict: Verdict = Verdict.APPROVED) -> Decision:
    return Decision(person_id=person_id, verdict=verdict, at=now())


LEGAL, OPS = person("U0BOB", groups={"S0LEGAL"}), person("U0CAROL", groups={"S0OPS"})
OPS_TOO, BOTH = person("U0DAVE", groups={"S0OPS"}), person("U0ERIN", groups={"S0LEGAL", "S0OPS"})
HEAD = person("U0HEAD", groups={"S0HEADS"})
RULE = ApprovalRule.parse("S0LEGAL:1,S0OPS:1")
BY_GROUP = POLICY.model_copy(update={"approval_quotas": RULE.quotas, "escalation_approvers": ("S0HEADS",)})


def approve(asked: Request, approvers: Sequence[Person], policy: Policy = BY_GROUP, used: int = 0) -> Request:
    """Let these people approve, one after the other."""
    limits = DeleteLimits(now(), approved=(now(),) * used)
    for number, approver in enumerate(approvers, 1):
        found = decide(asked, by(approver.id), policy, limits, approvers[:number])
        assert isinstance(found, Request)
        asked = found
    return asked
