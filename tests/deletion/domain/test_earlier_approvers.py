"""An approval depends on the earlier ones: two accounts of one person are not two approvers."""

import pytest

from deletion.domain.approvals.authorization import Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership, Person, RequestParties
from deletion.domain.clock import now
from tests.deletion.domain.parties import ALICE, BOB, CAROL, POLICY, approved_by, approving
from tests.deletion.values import person

BOBS_OTHER = person("U0BOB2", groups={"S0APPROVE"}, identities={"U0BOB2", "bob@sandbox.example"})


def test_two_accounts_of_one_person_are_not_two_approvals() -> None:
    assert approving(BOBS_OTHER, BOB) is Denial.ALREADY_APPROVED_BY_PERSON
    assert isinstance(approving(CAROL, BOB), Permit)


@pytest.mark.parametrize("facts", [{"membership": Membership.UNKNOWN}, {"id": "U0X", "unread_groups": {"S0APPROVE"}}])
def test_unknown_earlier_approver_blocks_approval_but_not_rejection(facts: dict[str, object]) -> None:
    unknown = person("U0BOB").model_copy(update=facts)
    assert approving(CAROL, unknown) is Denial.UNKNOWN_APPROVER
    parties = RequestParties(approved_by("U0BOB"), ALICE, (unknown,))
    assert isinstance(authorise(Action.REJECT, CAROL, POLICY, ChannelKind.OURS, parties), Permit)


@pytest.mark.parametrize(
    ("unread", "denial"), [("approver", Denial.UNREAD_GROUP), ("earlier", Denial.UNKNOWN_APPROVER)]
)
def test_unread_group_of_the_rule_blocks_approval(unread: str, denial: Denial) -> None:
    policy = POLICY.model_copy(update={"approvals_required": 2, "approval_quotas": (("S0APPROVE", 1), ("S0OPS", 1))})
    unclear = {"groups": {"S0APPROVE"}, "unread_groups": {"S0OPS"}}
    approver = person("U0CAROL", **unclear if unread == "approver" else {"groups": {"S0APPROVE"}})
    earlier = person("U0BOB", **unclear if unread == "earlier" else {})
    assert approving(approver, earlier, policy=policy) is denial


def test_lapsed_approval_does_not_block_another_account_of_that_person() -> None:
    gone = BOB.model_copy(update={"membership": Membership.DEACTIVATED})
    assert isinstance(approving(BOBS_OTHER, gone), Permit)


def test_approval_needs_verified_addresses_unless_the_setting_is_off() -> None:
    hidden = ALICE.model_copy(update={"has_verified_email": False})
    assert approving(CAROL, BOB, hidden) is Denial.UNVERIFIED_REQUESTER
    assert approving(CAROL.model_copy(update={"has_verified_email": False}), BOB) is Denial.UNVERIFIED_EMAIL
    trusting = POLICY.model_copy(update={"require_verified_email": False})
    assert isinstance(approving(CAROL, BOB, hidden, trusting), Permit)


@pytest.mark.parametrize(
    ("requester", "denial"),
    [
        (person("U0ERIN"), Denial.REQUESTER_LAPSED),
        (person("U0ALICE", membership=Membership.DEACTIVATED), Denial.REQUESTER_LAPSED),
        (person("U0ERIN", unread_groups={"S0ASK"}), Denial.UNKNOWN_REQUESTER),
    ],
)
def test_request_of_a_lapsed_requester_cannot_be_approved(requester: Person, denial: Denial) -> None:
    assert approving(CAROL, BOB, requester) is denial


def test_second_account_of_an_escalation_approver_cannot_approve() -> None:
    policy = POLICY.model_copy(update={"escalation_approvers": ("S0HEADS",)})
    head = person("U0HEAD", groups={"S0HEADS"}, identities={"bob@sandbox.example"})
    escalated = approved_by("U0HEAD").model_copy(update={"escalated_at": now()})
    parties = RequestParties(escalated, ALICE, (head,))
    found = authorise(Action.APPROVE, BOBS_OTHER, policy, ChannelKind.OURS, parties)
    assert found is Denial.ALREADY_APPROVED_BY_PERSON


@pytest.mark.parametrize(
    ("is_escalated", "quotas", "is_named", "is_refused"),
    [
        (True, (("S0APPROVE", 1),), False, True),
        (True, (("S0APPROVE", 1),), True, False),
        (True, (), False, False),
        (False, (("S0APPROVE", 1),), False, False),
    ],
    ids=["escalated", "named by user id", "no group is required", "not escalated"],
)
def test_unread_group_of_escalation_approvers_blocks_approval_where_they_stand_in(
    is_escalated: bool, quotas: tuple[tuple[str, int], ...], is_named: bool, is_refused: bool
) -> None:
    heads = ("S0HEADS", "U0CAROL") if is_named else ("S0HEADS",)
    policy = POLICY.model_copy(update={"approval_quotas": quotas, "escalation_approvers": heads})
    carol = person("U0CAROL", groups={"S0APPROVE"}, unread_groups={"S0HEADS"})
    asked = approved_by("U0BOB").model_copy(update={"escalated_at": now() if is_escalated else None})
    found = authorise(Action.APPROVE, carol, policy, ChannelKind.OURS, RequestParties(asked, ALICE, (BOB,)))
    assert found is Denial.UNREAD_GROUP if is_refused else isinstance(found, Permit)
