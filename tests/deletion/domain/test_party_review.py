"""All parties of a request are reviewed before its delete: lapsed approvals are struck."""

import pytest

from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.party_review import review
from deletion.domain.approvals.people import Membership, Person, RequestParties
from deletion.domain.clock import now
from tests.deletion.domain.parties import ALICE, BOB, CAROL, POLICY, approved_by
from tests.deletion.values import person


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (CAROL, None),
        (CAROL.model_copy(update={"groups": frozenset()}), Denial.NOT_AN_APPROVER),
        (CAROL.model_copy(update={"membership": Membership.GUEST}), Denial.GUEST),
        (CAROL.model_copy(update={"identities": BOB.identities}), Denial.ALREADY_APPROVED_BY_PERSON),
        (CAROL.model_copy(update={"identities": ALICE.identities}), Denial.OWN_REQUEST),
        (CAROL.model_copy(update={"has_verified_email": False}), Denial.UNVERIFIED_EMAIL),
    ],
)
def test_review_strikes_lapsed_approvals(second: Person, why: Denial | None) -> None:
    found = review(RequestParties(approved_by("U0BOB", "U0CAROL"), ALICE, (BOB, second)), POLICY, now())
    assert (found.is_undecided, found.requester_lapse) == (False, None)
    assert [(each.person_id, each.why) for each in found.struck] == ([("U0CAROL", why)] if why else [])
    assert found.approvers == ((BOB,) if why else (BOB, second))


def test_review_names_requester_whose_address_is_hidden() -> None:
    hidden = ALICE.model_copy(update={"has_verified_email": False})
    found = review(RequestParties(approved_by("U0BOB", "U0CAROL"), hidden, (BOB, CAROL)), POLICY, now())
    assert {each.why for each in found.struck} == {Denial.UNVERIFIED_REQUESTER}


@pytest.mark.parametrize("unknown", ["requester", "requester unread", "approver", "group"])
def test_review_decides_nothing_while_a_party_is_unknown(unknown: str) -> None:
    requester: Person | None = ALICE
    second = CAROL
    if unknown == "requester":
        requester = person("U0ALICE", membership=Membership.UNKNOWN)
    elif unknown == "requester unread":
        requester = None
    else:
        facts = {"membership": Membership.UNKNOWN} if unknown == "approver" else {"unread_groups": {"S0APPROVE"}}
        second = CAROL.model_copy(update={"groups": frozenset(), **facts})
    found = review(RequestParties(approved_by("U0BOB", "U0CAROL"), requester, (BOB, second)), POLICY, now())
    assert (found.is_undecided, found.requester_lapse, found.struck) == (True, None, ())


def test_review_without_one_of_the_approvers_fails() -> None:
    with pytest.raises(ValueError, match="shorter"):
        review(RequestParties(approved_by("U0BOB", "U0CAROL"), ALICE, (BOB,)), POLICY, now())


def test_review_names_why_the_requester_lapsed() -> None:
    gone = ALICE.model_copy(update={"membership": Membership.DEACTIVATED})
    found = review(RequestParties(approved_by("U0BOB"), gone, (BOB,)), POLICY, now())
    assert (found.is_undecided, found.requester_lapse) == (False, Denial.DEACTIVATED)
