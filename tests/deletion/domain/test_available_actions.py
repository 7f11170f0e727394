"""A user is offered the actions that would count, and the approvers who remain are those whose approval helps."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.approval import Objection, available_actions, remaining_approvers, remind
from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.people import RequestParties
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.policy import Policy
from deletion.domain.states import State
from tests.deletion.domain.approval_steps import BY_GROUP, POLICY, RULE, by, waiting
from tests.deletion.values import freeze, hold, person


@pytest.mark.parametrize(
    ("changes", "objection"),
    [
        ({}, None),
        ({"requested_at": timedelta(minutes=14)}, Objection.REMINDED),
        ({"requested_at": timedelta(minutes=15)}, None),
        ({"reminded_at": timedelta(minutes=14)}, Objection.REMINDED),
        ({"reminded_at": timedelta(minutes=16)}, None),
        ({"state": State.APPROVED}, Objection.ENDED),
        ({"expires_at": timedelta(seconds=1)}, Objection.EXPIRED),
        ({"expires_at": timedelta(0)}, Objection.EXPIRED),
    ],
)
def test_requester_reminds_at_most_every_quarter_of_an_hour(
    changes: dict[str, Any], objection: Objection | None
) -> None:
    facts = {"requested_at": timedelta(hours=1), **changes}
    at = now()
    asked = waiting(**{name: at - fact if isinstance(fact, timedelta) else fact for name, fact in facts.items()})
    found = remind(asked, at, DeleteLimits(at))
    assert found == (objection or asked.model_copy(update={"reminded_at": at}))
    assert isinstance(remind(asked, at, DeleteLimits(at, freeze())), Objection)


def at_present(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the changes with the present time for ``now``: parameters are made minutes before the test."""
    return {name: value() if value is now else value for name, value in changes.items()}


RULES = POLICY.model_copy(update={"requesters": ("U0ALICE",), "approvers": ("U0BOB", "U0CAROL")})
APPROVE_OR_REJECT = (Action.APPROVE, Action.REJECT)


@pytest.mark.parametrize(
    ("who", "changes", "limits", "offered"),
    [
        ("U0ALICE", {}, {}, (Action.CANCEL, Action.REMIND)),
        ("U0ALICE", {"reminded_at": now}, {}, (Action.CANCEL,)),
        ("U0BOB", {}, {}, APPROVE_OR_REJECT),
        ("U0BOB", {}, {"freeze": freeze()}, (Action.REJECT,)),
        ("U0BOB", {}, {"hold": hold()}, (Action.REJECT,)),
        ("U0CAROL", {"decisions": (by("U0CAROL"),)}, {}, (Action.REJECT, Action.WITHDRAW_APPROVAL)),
        ("U0ALICE", {"state": State.APPROVED}, {}, (Action.STOP,)),
        ("U0BOB", {"state": State.APPROVED}, {}, (Action.STOP,)),
        ("U0BOB", {"state": State.APPROVED, "decisions": (by("U0BOB"),)}, {}, (Action.STOP, Action.WITHDRAW_APPROVAL)),
        ("U0BOB", {"state": State.DELETING, "decisions": (by("U0BOB"),)}, {}, ()),
        ("U0DAN", {}, {}, ()),
    ],
)
def test_only_what_would_count_is_offered(
    who: str, changes: dict[str, Any], limits: dict[str, Any], offered: tuple[Action, ...]
) -> None:
    asked = waiting(requested_at=now() - timedelta(hours=1), **at_present(changes))
    approvers = [person(each.person_id) for each in asked.approvals]
    parties = RequestParties(asked, person("U0ALICE"), approvers)
    assert available_actions(person(who), parties, RULES, DeleteLimits(now(), **limits)) == offered


HEADS = BY_GROUP.model_copy(update={"approvers": ("U0BOB", "S0LEGAL"), "escalation_approvers": ("S0HEADS", "U0ALICE")})
ONLY_OPS = MissingApprovals(count=1, groups=("S0OPS",))


@pytest.mark.parametrize(
    ("policy", "changes", "names"),
    [
        (RULES, {}, ["U0BOB", "U0CAROL"]),
        (RULES, {"decisions": (by("U0BOB"),)}, ["U0CAROL"]),
        (RULES, {"requester_id": "U0CAROL"}, ["U0BOB"]),
        (HEADS, {"approval_quotas": RULE.quotas}, ["S0LEGAL", "S0OPS"]),
        (HEADS, {"approval_quotas": RULE.quotas, "missing_approvals": ONLY_OPS}, ["S0OPS"]),
        (
            HEADS,
            {"approval_quotas": RULE.quotas, "missing_approvals": ONLY_OPS, "escalated_at": now},
            ["S0OPS", "S0HEADS"],
        ),
        (HEADS, {"approval_quotas": RULE.quotas, "missing_approvals": MissingApprovals(count=1)}, ["U0BOB", "S0LEGAL"]),
        (HEADS, {"escalated_at": now}, ["U0BOB", "S0LEGAL", "S0HEADS"]),
    ],
)
def test_remaining_approvers_are_those_whose_approval_helps(
    policy: Policy, changes: dict[str, Any], names: list[str]
) -> None:
    assert remaining_approvers(waiting(**at_present(changes)), policy) == names
