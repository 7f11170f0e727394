"""Approvals by user group: who is counted for which, one person once."""

from collections.abc import Collection, Sequence
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deletion.domain.approval_rule import ApprovalRule, MissingApprovals, Quota

BOTH = ApprovalRule.parse("S0LEGAL:1,S0OPS:1")
LEGAL, OPS = ("S0LEGAL",), ("S0OPS",)
GROUPS = ("S0A", "S0B", "S0C")
rules = st.builds(
    lambda counts, rest: ApprovalRule(
        required=sum(counts) + rest,
        quotas=tuple(Quota(group, count) for group, count in zip(GROUPS, counts, strict=True) if count),
    ),
    st.tuples(*[st.integers(0, 2)] * len(GROUPS)),
    st.integers(0, 1),
)
people = st.lists(st.frozensets(st.sampled_from(GROUPS)), max_size=4)


def is_met(rule: ApprovalRule, approvers: Sequence[Collection[str]]) -> bool:
    return not rule.missing(approvers).count


@pytest.mark.parametrize(
    ("text", "required", "quotas"),
    [
        ("0", 0, {}),
        ("2", 2, {}),
        ("20", 20, {}),
        ("S0LEGAL:1", 1, {"S0LEGAL": 1}),
        ("S0LEGAL:1, S0OPS:2", 3, {"S0LEGAL": 1, "S0OPS": 2}),
        ("S0LEGAL:10,S0OPS:10", 20, {"S0LEGAL": 10, "S0OPS": 10}),
    ],
)
def test_rule_is_a_number_or_approvals_by_group(text: str, required: int, quotas: dict[str, int]) -> None:
    rule = ApprovalRule.parse(text)
    assert (rule.required, dict(rule.quotas)) == (required, quotas)


@pytest.mark.parametrize(
    "text",
    ["", "-1", "21", "two", "S0LEGAL", "S0LEGAL:0", "U0BOB:1", "S0LEGAL:1,S0LEGAL:1", "S0LEGAL:11,S0OPS:10", "1,"],
)
def test_other_rule_is_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match="a number from 0 to 20, or approvals by user group"):
        ApprovalRule.parse(text)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_member_of_both_groups_is_counted_for_the_one_that_lacks_an_approval(order: tuple[int, int]) -> None:
    approvers = [LEGAL + OPS, LEGAL]
    assert is_met(BOTH, [approvers[index] for index in order])


def test_one_person_in_both_groups_counts_once() -> None:
    assert BOTH.counted([LEGAL + OPS]) == 1
    assert not is_met(BOTH, [LEGAL + OPS])


def test_second_approval_of_one_group_does_not_replace_the_other() -> None:
    assert BOTH.counted([OPS, OPS, OPS]) == 1
    assert BOTH.missing([OPS, OPS]) == MissingApprovals(count=1, groups=LEGAL)


def test_either_group_is_useful_after_an_approval_that_counts_for_both() -> None:
    assert BOTH.missing([LEGAL + OPS]) == MissingApprovals(count=1, groups=LEGAL + OPS)


def test_extra_approval_may_come_from_any_approver() -> None:
    rule = BOTH.more(1)
    assert rule.missing([LEGAL, OPS]) == MissingApprovals(count=1)
    assert is_met(rule, [LEGAL, OPS, ()])
    assert rule.missing([(), ()]) == MissingApprovals(count=2, groups=LEGAL + OPS)


def test_stricter_rule_is_met_only_if_both_are() -> None:
    once = ApprovalRule(required=1)
    assert once.stricter(BOTH) == BOTH.stricter(once) == BOTH
    other = ApprovalRule.parse("S0OPS:2")
    assert BOTH.stricter(other) == ApprovalRule(required=3, quotas=(Quota("S0LEGAL", 1), Quota("S0OPS", 2)))
    assert other.stricter(BOTH) == ApprovalRule(required=3, quotas=(Quota("S0OPS", 2), Quota("S0LEGAL", 1)))
    assert BOTH.more(1).stricter(BOTH).required == 3


@given(rules, people)
def test_counted_is_the_most_that_any_assignment_gives(rule: ApprovalRule, approvers: list[frozenset[str]]) -> None:
    wanted: list[str | None] = [group for group, count in rule.quotas for _ in range(count)]
    wanted += [None] * (rule.required - len(wanted))
    most = max(
        count
        for count in range(min(len(wanted), len(approvers)) + 1)
        for chosen in combinations(wanted, count)
        for order in permutations(approvers, count)
        if all(group is None or group in groups for group, groups in zip(chosen, order, strict=True))
    )
    assert rule.counted(approvers) == most


@given(rules, rules, people)
def test_meeting_the_stricter_rule_meets_each(
    one: ApprovalRule, other: ApprovalRule, approvers: list[frozenset[str]]
) -> None:
    if is_met(one.stricter(other), approvers):
        assert is_met(one, approvers)
        assert is_met(other, approvers)
