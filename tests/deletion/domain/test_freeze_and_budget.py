"""What a used-up budget asks of a request, and when it has room again."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from deletion.domain.budget import Budget, Overrun
from deletion.domain.freeze_and_budget import (
    DeleteLimits,
    apply_budget,
    budget,
    free_again_at,
    is_nearly_used_up,
    is_refused,
    over_budget,
    with_own,
)
from deletion.domain.list_limits import with_others
from deletion.domain.models import Purpose
from deletion.domain.policy import Policy
from tests.deletion.values import NOON, request

MINUTE = timedelta(minutes=1)


def spent(approved: int = 0, own: int = 0, limit: int = 10) -> Budget:
    return Budget(at=NOON, approved=approved, limit=limit, approved_for_requester=own, limit_for_requester=5)


@pytest.mark.parametrize(
    ("budget", "required"), [(spent(9, 4), 1), (spent(10), 2), (spent(11, 6), 2), (spent(5, 5), 2)]
)
def test_used_up_budget_requires_one_more_approval_once(budget: Budget, required: int) -> None:
    counted = apply_budget(request(approvals_required=1), budget)
    assert (counted.budget, counted.approvals_required) == (budget, required)
    assert apply_budget(counted, spent(20)).approvals_required == 2
    assert apply_budget(counted, spent(0)).approvals_required == required


@pytest.mark.parametrize("changes", [{"stops": Purpose.STOP}, {"rebuilds": "r"}])
def test_stop_and_rebuild_have_no_budget(changes: dict[str, Any]) -> None:
    other = request(approvals_required=1, **changes)
    assert apply_budget(other, spent(20)) == other


@pytest.mark.parametrize(
    ("policy", "is_possible"),
    [
        (Policy(approvals_required=0), False),
        (Policy(approvals_required=0, approvers=("U0BOB",)), False),
        (Policy(approvals_required=0, approvals_channel="C0"), False),
        (Policy(approvals_required=0, approvers=("U0BOB",), approvals_channel="C0"), True),
        (Policy(approvals_required=1), True),
    ],
)
def test_request_over_budget_is_refused_where_no_approver_can_be_asked(policy: Policy, is_possible: bool) -> None:
    assert is_refused(spent(10), policy) == (not is_possible)
    assert not is_refused(spent(9), policy)


@pytest.mark.parametrize(
    ("budget", "is_nearly"),
    [
        (spent(7), False),
        (spent(8), True),
        (spent(0, 3), False),
        (spent(0, 4), True),
        (spent(1, limit=3), False),
        (spent(2, limit=3), True),
    ],
)
def test_budget_is_nearly_used_up_when_a_fifth_or_one_is_left(budget: Budget, is_nearly: bool) -> None:
    assert is_nearly_used_up(budget) == is_nearly


@pytest.mark.parametrize(
    ("budget", "is_approved", "shown"),
    [
        (None, True, None),
        (spent(7), False, None),
        (spent(7), True, spent(8, 1)),
        (spent(0, 3), True, spent(1, 4)),
        (spent(8), False, spent(8)),
        (spent(10), True, spent(10)),
    ],
)
def test_budget_near_its_limit_counts_the_approved_request_too(
    budget: Budget | None, is_approved: bool, shown: Budget | None
) -> None:
    assert with_own(request(budget=budget, approved_at=NOON if is_approved else None)) == shown


def test_journal_names_the_budget_that_is_used_up() -> None:
    assert over_budget(spent(10, 5)) == {"over_budget": "the team's", "approved_in_the_hour": "10", "limit": "10"}
    assert over_budget(spent(9, 6)) == {"over_budget": "the requester's", "approved_in_the_hour": "6", "limit": "5"}
    assert over_budget(spent(9, 4)) == over_budget(None) == {}


def ago(*minutes: int) -> tuple[datetime, ...]:
    return tuple(NOON - each * MINUTE for each in minutes)


def test_campaigns_of_a_list_count_each_other() -> None:
    limits = DeleteLimits(NOON, approved=ago(30, -5), approved_for_requester=ago(30))
    counted = with_others(limits, 2, NOON)
    assert (counted.approved, counted.approved_for_requester) == (ago(30, 0, 0, -5), ago(30, 0, 0))


@pytest.mark.parametrize(
    ("approved", "theirs", "overrun", "free_in_minutes"),
    [
        ((), (), None, 0),
        ((50, 40), (40,), None, 0),
        ((50, 40, 30), (40,), Overrun.TEAM, 10),
        ((59, 50, 40, 30), (), Overrun.TEAM, 10),
        ((50, 40), (50, 40), Overrun.REQUESTER, 10),
        ((50, 40, 30), (40, 30), Overrun.TEAM, 20),
    ],
)
def test_budget_is_used_up_by_as_many_approved_and_free_again_when_they_are_an_hour_old(
    approved: tuple[int, ...], theirs: tuple[int, ...], overrun: Overrun | None, free_in_minutes: int
) -> None:
    policy = Policy(deletes_per_hour=3, deletes_per_person_per_hour=2)
    limits = DeleteLimits(NOON, None, 0, ago(*approved), ago(*theirs))
    assert budget(limits, policy).overrun is overrun
    assert free_again_at(limits, policy) == NOON + timedelta(minutes=free_in_minutes)
