"""Counting the people who may approve a request: second accounts, lapsed rights, and what Slack does not say."""

from itertools import permutations

import pytest

from deletion.domain.approval_rule import Quota
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.approvals.quorum import count, most_approvals
from deletion.domain.policy import Policy
from tests.deletion.values import person

POLICY = Policy(requesters=("S0ASK",), approvers=("S0APPROVE", "U0BOB"))
ALICE = person("U0ALICE", groups={"S0ASK"})
BOB, CAROL = person("U0BOB"), person("U0CAROL", groups={"S0APPROVE"})


def other(who: Person, **facts: object) -> Person:
    return CAROL.model_copy(update={"identities": who.identities, **facts})


def test_distinct_approvers_are_counted() -> None:
    found = count(ALICE, [BOB, CAROL], POLICY, 3)
    assert (found.found, found.missing, found.is_unknown) == (2, 1, False)
    assert not found.is_requester_unverified


@pytest.mark.parametrize(
    "second",
    [
        other(ALICE),
        other(BOB),
        other(CAROL, groups=frozenset()),
        other(CAROL, membership=Membership.DEACTIVATED),
        other(CAROL, membership=Membership.GUEST),
        other(CAROL, has_verified_email=False),
    ],
    ids=["requester's account", "approver's account", "on no list", "deactivated", "guest", "no verified address"],
)
def test_account_whose_approval_would_not_count_is_not_counted(second: Person) -> None:
    found = count(ALICE, [BOB, second], POLICY, 2)
    assert (found.found, found.missing) == (1, 1)


@pytest.mark.parametrize("order", [1, -1])
def test_second_account_in_the_required_group_counts_for_its_person(order: int) -> None:
    policy = POLICY.model_copy(
        update={"approvers": ("U0BOB", "S0LEGAL"), "approvals_required": 1, "approval_quotas": (Quota("S0LEGAL", 1),)}
    )
    legal = other(BOB, groups=frozenset({"S0LEGAL"}))
    found = count(ALICE, [BOB, legal][::order], policy, 1)
    assert (found.found, found.missing, found.is_complete) == (1, 0, True)


@pytest.mark.parametrize(
    "second",
    [
        other(CAROL, membership=Membership.UNKNOWN),
        other(CAROL, groups=frozenset(), unread_groups=frozenset({"S0APPROVE"})),
    ],
    ids=["unknown person", "unread group"],
)
def test_unknown_approver_is_neither_counted_nor_missing(second: Person) -> None:
    found = count(ALICE, [BOB, second], POLICY, 2)
    assert (found.found, found.missing, found.is_unknown) == (1, 0, True)


def test_unknown_requester_makes_the_count_unknown() -> None:
    unknown = ALICE.model_copy(update={"membership": Membership.UNKNOWN})
    assert count(unknown, [BOB, CAROL], POLICY, 1).is_unknown


def test_enough_known_approvers_are_enough_despite_unknown_ones() -> None:
    found = count(ALICE, [BOB, CAROL], POLICY, 2, is_complete=False)
    assert (found.missing, found.is_unknown) == (0, False)


def test_requester_without_verified_address_can_get_no_approval() -> None:
    hidden = ALICE.model_copy(update={"has_verified_email": False})
    found = count(hidden, [BOB, CAROL], POLICY, 1)
    assert (found.missing, found.is_requester_unverified) == (1, True)
    trusting = POLICY.model_copy(update={"require_verified_email": False})
    assert not count(hidden, [BOB, CAROL], trusting, 1).is_requester_unverified


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_accounts_that_only_a_third_one_connects_count_once(order: tuple[int, ...]) -> None:
    first, last = person("U0CAROL", groups={"S0APPROVE"}), person("U0DAVE", groups={"S0APPROVE"})
    between = person("U0ERIN", groups={"S0APPROVE"}, identities={"U0CAROL", "U0DAVE"})
    accounts = [first, last, between]
    found = count(ALICE, [accounts[index] for index in order], POLICY, 2)
    assert (found.found, found.missing) == (1, 1)


LEGAL, OPS = "S0LEGAL", "S0OPS"
BY_GROUP = POLICY.model_copy(
    update={"approvers": (LEGAL, OPS), "approvals_required": 2, "approval_quotas": (Quota(LEGAL, 1), Quota(OPS, 1))}
)


@pytest.mark.parametrize(
    ("groups", "found", "lacking"),
    [
        (([LEGAL], [OPS]), 2, ()),
        (([LEGAL, OPS], [LEGAL]), 2, ()),
        (([LEGAL], [LEGAL]), 1, (OPS,)),
        (([LEGAL, OPS],), 1, (LEGAL, OPS)),
        ((), 0, (LEGAL, OPS)),
    ],
)
def test_group_that_must_approve_is_missing_even_if_others_are_enough(
    groups: tuple[list[str], ...], found: int, lacking: tuple[str, ...]
) -> None:
    approvers = [person(f"U0{number}", groups=set(each)) for number, each in enumerate(groups)]
    counted = count(ALICE, approvers, BY_GROUP, 2)
    assert (counted.found, counted.missing, counted.groups) == (found, 2 - found, lacking)


def test_approval_beyond_the_groups_may_come_from_any_approver() -> None:
    approvers = [person("U0X", groups={LEGAL}), person("U0Y", groups={OPS}), person("U0Z", groups={OPS})]
    assert count(ALICE, approvers, BY_GROUP, 3).missing == 0


def test_unread_group_that_must_approve_is_not_missing() -> None:
    approvers = [person("U0X", groups={LEGAL}), person("U0Y", groups={LEGAL}, unread_groups={OPS})]
    assert count(ALICE, approvers, BY_GROUP, 2).is_unknown


@pytest.mark.parametrize("order", [1, -1])
def test_unread_group_of_a_second_account_is_not_missing(order: int) -> None:
    policy = BY_GROUP.model_copy(update={"approvals_required": 1, "approval_quotas": (Quota(OPS, 1),)})
    legal = person("U0X", groups={LEGAL})
    second = person("U0Z", groups={LEGAL}, unread_groups={OPS}, identities={"U0X"})
    assert count(ALICE, [legal, second][::order], policy, 1).is_unknown


@pytest.mark.parametrize(
    ("requesters", "approvers", "most"),
    [
        ("", "", 0),
        ("U0ALICE", "", 0),
        ("U0ALICE", "U0BOB", 1),
        ("U0BOB", "U0BOB", 0),
        ("U0BOB U0ALICE", "U0BOB", 1),
        ("U0BOB U0ALICE", "U0BOB U0ALICE", 1),
        ("U0BOB S0ASK", "U0BOB U0ALICE", 2),
        ("U0BOB", "U0BOB S0APPROVE", None),
    ],
)
def test_ids_alone_tell_the_most_approvals(requesters: str, approvers: str, most: int | None) -> None:
    assert most_approvals(requesters.split(), approvers.split()) == most
