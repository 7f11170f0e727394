"""What an account may do by the settings, which entry of a list grants it, and what takes it away."""

import pytest

from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.approvals.rights import Right, Role, rights_of
from deletion.domain.policy import Policy
from tests.deletion.values import person

POLICY = Policy(requesters=("U0ALICE", "S0ASK"), approvers=("U0BOB", "S0APPROVE"), escalation_approvers=("S0HEADS",))
REQUESTER, APPROVER, ESCALATION = Role.REQUESTER, Role.APPROVER, Role.ESCALATION_APPROVER


def rights(who: Person, policy: Policy = POLICY) -> dict[Role, Right]:
    return {right.role: right for right in rights_of(who, policy)}


@pytest.mark.parametrize(
    ("who", "granted"),
    [
        (person("U0ALICE"), {REQUESTER: ("U0ALICE",)}),
        (person("U0ALICE", groups={"S0ASK"}), {REQUESTER: ("U0ALICE", "S0ASK")}),
        (person("U0BOB", groups={"S0HEADS"}), {APPROVER: ("U0BOB",), ESCALATION: ("S0HEADS",)}),
        (person("U0DAN", groups={"S0OTHER"}), {}),
    ],
)
def test_right_names_the_entries_that_grant_it(who: Person, granted: dict[Role, tuple[str, ...]]) -> None:
    found = rights(who)
    assert {role: right.granted_by for role, right in found.items() if right.denial is None} == granted
    lacking = {role: right.denial for role, right in found.items() if right.denial}
    missing = {REQUESTER: Denial.NOT_A_REQUESTER, APPROVER: Denial.NOT_AN_APPROVER, ESCALATION: Denial.NOT_AN_APPROVER}
    assert lacking == {role: denial for role, denial in missing.items() if role not in granted}
    assert [right.listed for right in found.values()] == [
        POLICY.requesters, POLICY.approvers, POLICY.escalation_approvers,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "denial", "granted_by"),
    [
        (person("U0BOB", membership=Membership.GUEST), Denial.GUEST, ("U0BOB",)),
        (person("U0BOB", membership=Membership.UNKNOWN), Denial.UNKNOWN_PERSON, ("U0BOB",)),
        (person("U0DAN", unread_groups={"S0APPROVE"}), Denial.UNREAD_GROUP, ()),
        (person("U0BOB", has_verified_email=False), Denial.UNVERIFIED_EMAIL, ("U0BOB",)),
    ],
)
def test_right_on_a_list_is_taken_away_all_the_same(who: Person, denial: Denial, granted_by: tuple[str, ...]) -> None:
    found = rights(who)[APPROVER]
    assert (found.denial, found.granted_by) == (denial, granted_by)


@pytest.mark.parametrize(
    ("changes", "requester", "approver"),
    [
        ({}, Denial.UNVERIFIED_EMAIL, Denial.UNVERIFIED_EMAIL),
        ({"approvals_required": 0}, None, Denial.UNVERIFIED_EMAIL),
        ({"require_verified_email": False}, None, None),
    ],
)
def test_unverified_address_takes_rights_away_where_an_approval_depends_on_it(
    changes: dict[str, object], requester: Denial | None, approver: Denial | None
) -> None:
    hidden = person("U0BOB", groups={"S0ASK"}, has_verified_email=False)
    found = rights(hidden, POLICY.model_copy(update=changes))
    assert (found[REQUESTER].denial, found[APPROVER].denial) == (requester, approver)


def test_right_of_escalation_approvers_is_shown_if_there_are_any() -> None:
    assert list(rights(person("U0BOB"), POLICY.model_copy(update={"escalation_approvers": ()}))) == [
        REQUESTER,
        APPROVER,
    ]
