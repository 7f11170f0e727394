"""Who may do what: every action by every kind of account, one table."""

import pytest

from deletion.domain.approvals.authorization import MEMBER_ACTIONS, Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.party_review import review
from deletion.domain.approvals.people import Membership, Person, RequestParties
from deletion.domain.clock import now
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State
from tests.deletion.values import person, request

POLICY = Policy(requesters=("U0ALICE", "S0ASK"), approvers=("U0BOB", "S0APPROVE"))
ALICE = person("U0ALICE", identities={"U0ALICE", "alice@sandbox.example"})
PEOPLE = {
    "requester": ALICE,
    "approver by id": person("U0BOB"),
    "approver by group": person("U0CAROL", groups={"S0APPROVE"}),
    "approver removed a minute ago": person("U0CAROL"),
    "requester by group": person("U0ERIN", groups={"S0ASK"}),
    "ordinary member": person("U0DAN"),
    "requester's other account": person("U0ALICE2", groups={"S0APPROVE"}, identities={"alice@sandbox.example"}),
    "requester's id in another workspace": person("U0ALICE", team_id="T0OTHER"),
    "guest on every list": person("U0BOB", membership=Membership.GUEST, groups={"S0ASK"}),
    "stranger on every list": person("U0BOB", membership=Membership.STRANGER, groups={"S0ASK"}),
    "deactivated, on every list": person("U0BOB", membership=Membership.DEACTIVATED, groups={"S0ASK"}),
    "bot on every list": person("U0BOB", membership=Membership.BOT, groups={"S0ASK"}),
    "unknown, on every list": person("U0BOB", membership=Membership.UNKNOWN, groups={"S0ASK"}),
    "member of groups that cannot be read": person("U0CAROL", unread_groups={"S0ASK", "S0APPROVE"}),
    "approver without a verified address": person("U0BOB", has_verified_email=False),
}
NOT_ASKING = dict.fromkeys((Action.FIND, Action.ASK, Action.REBUILD), Denial.NOT_A_REQUESTER)
NOT_FREEZING = dict.fromkeys((Action.FREEZE, Action.UNFREEZE, Action.RELEASE), Denial.NOT_AN_APPROVER)
NOT_JUDGING = NOT_FREEZING | dict.fromkeys((Action.APPROVE, Action.REJECT), Denial.NOT_AN_APPROVER)
OWN = dict.fromkeys((Action.APPROVE, Action.REJECT), Denial.OWN_REQUEST)
NOT_GIVEN = {Action.WITHDRAW_APPROVAL: Denial.NOT_APPROVED_BY_PERSON}
NOT_THEIRS = NOT_GIVEN | {Action.CANCEL: Denial.NOT_THE_REQUESTER, Action.REMIND: Denial.ONLY_REQUESTER_REMINDS}
NEITHER = dict.fromkeys((Action.STOP, Action.CONTINUE), Denial.NEITHER)
NO_ROLE = (
    NOT_ASKING
    | NOT_JUDGING
    | NOT_THEIRS
    | NEITHER
    | dict.fromkeys((Action.LOOK_UP, Action.HOLD, Action.STOP_CAMPAIGN), Denial.NOT_ON_A_LIST)
)
# What each may not do with a request of Alice's, and why; everything else they may.
DENIED: dict[str, dict[Action, Denial]] = {
    "requester": OWN | NOT_FREEZING | NOT_GIVEN,
    "approver by id": NOT_ASKING | NOT_THEIRS,
    "approver by group": NOT_ASKING | NOT_THEIRS,
    "approver removed a minute ago": NO_ROLE,
    "requester by group": NOT_JUDGING | NOT_THEIRS | NEITHER,
    "ordinary member": NO_ROLE,
    "requester's other account": NOT_ASKING | OWN | NOT_THEIRS,
    "requester's id in another workspace": NOT_JUDGING | NOT_THEIRS | NEITHER,
    "guest on every list": dict.fromkeys(Action, Denial.GUEST),
    "stranger on every list": dict.fromkeys(Action, Denial.STRANGER),
    "deactivated, on every list": dict.fromkeys(Action, Denial.DEACTIVATED),
    "bot on every list": dict.fromkeys(Action, Denial.BOT),
    "unknown, on every list": dict.fromkeys(Action, Denial.UNKNOWN_PERSON),
    "member of groups that cannot be read": dict.fromkeys(NO_ROLE, Denial.UNREAD_GROUP) | NOT_THEIRS,
    "approver without a verified address": NOT_ASKING | NOT_THEIRS | {Action.APPROVE: Denial.UNVERIFIED_EMAIL},
}
ALICES = (Action.FIND, Action.ASK, Action.CANCEL, Action.REBUILD, Action.REMIND)


def denied(
    action: Action, who: Person, channel: ChannelKind = ChannelKind.OURS, policy: Policy = POLICY
) -> Denial | None:
    parties = RequestParties(request(state=State.AWAITING_APPROVAL), ALICE)
    found = authorise(action, who, policy, channel, parties)
    if isinstance(found, Denial):
        return found
    assert (found.action, found.person, found.request_id) == (action, who, parties.request.id)
    assert found.is_for(parties.request)
    return None


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_action_by_every_kind_of_account(who: str, action: Action) -> None:
    assert denied(action, PEOPLE[who]) is DENIED[who].get(action)


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.WITHDRAW_APPROVAL])
@pytest.mark.parametrize(
    ("channel", "denial"),
    [
        (ChannelKind.SHARED, Denial.SHARED_CHANNEL),
        (ChannelKind.WITHOUT_BOT, Denial.BOT_NOT_IN_CHANNEL),
        (ChannelKind.UNKNOWN, Denial.CHANNEL_UNREADABLE),
    ],
)
def test_channel_matters_for_requesting_and_approving_only(
    channel: ChannelKind, denial: Denial, action: Action
) -> None:
    who = ALICE if action in ALICES else PEOPLE["approver by id"]
    matters = action in (Action.ASK, Action.APPROVE, Action.REBUILD, Action.STOP_CAMPAIGN, Action.UNFREEZE)
    assert denied(action, who, channel) is (denial if matters else None)


@pytest.mark.parametrize("action", sorted(set(Action) - MEMBER_ACTIONS))
@pytest.mark.parametrize("who", ["approver by id", "approver by group", "requester by group"])
def test_empty_list_permits_no_account(who: str, action: Action) -> None:
    assert denied(action, PEOPLE[who], policy=Policy()) is not None


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_unknown_requester_blocks_every_decision(action: Action) -> None:
    bob, asked = PEOPLE["approver by id"], request(state=State.AWAITING_APPROVAL)
    unknown = person("U0ALICE", membership=Membership.UNKNOWN)
    for parties in (None, RequestParties(asked), RequestParties(asked, unknown)):
        assert authorise(action, bob, POLICY, ChannelKind.OURS, parties) is Denial.UNKNOWN_REQUESTER


CAROL = PEOPLE["approver by group"]
BOB = person("U0BOB", identities={"U0BOB", "bob@sandbox.example"})
BOBS_OTHER = person("U0BOB2", groups={"S0APPROVE"}, identities={"U0BOB2", "bob@sandbox.example"})


def approved_by(*person_ids: str) -> Request:
    decisions = tuple(Decision(person_id=each, verdict=Verdict.APPROVED, at=now()) for each in person_ids)
    return request(state=State.AWAITING_APPROVAL, approvals_required=2, decisions=decisions)


def approving(who: Person, earlier: Person, requester: Person = ALICE, policy: Policy = POLICY) -> Permit | Denial:
    parties = RequestParties(approved_by(earlier.id), requester, (earlier,))
    return authorise(Action.APPROVE, who, policy, ChannelKind.OURS, parties)


def test_two_accounts_of_one_person_are_not_two_approvals() -> None:
    assert approving(BOBS_OTHER, BOB) is Denial.ALREADY_APPROVED_BY_PERSON
    assert isinstance(approving(CAROL, BOB), Permit)


@pytest.mark.parametrize("facts", [{"membership": Membership.UNKNOWN}, {"id": "U0X", "unread_groups": {"S0APPROVE"}}])
def test_unknown_earlier_approver_blocks_approval_but_not_rejection(facts: dict[str, object]) -> None:
    unknown = person("U0BOB").model_copy(update=facts)
    assert approving(CAROL, unknown) is Denial.UNKNOWN_APPROVER
    parties = RequestParties(approved_by("U0BOB"), ALICE, (unknown,))
    assert isinstance(authorise(Action.REJECT, CAROL, POLICY, ChannelKind.OURS, parties), Permit)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT, Action.STOP])
def test_escalation_approver_decides_escalated_requests_only(action: Action) -> None:
    policy = POLICY.model_copy(update={"escalation_approvers": ("S0HEADS",)})
    head, asked = person("U0HEAD", groups={"S0HEADS"}), request(state=State.AWAITING_APPROVAL)

    def found(asked: Request, policy: Policy) -> Permit | Denial:
        return authorise(action, head, policy, ChannelKind.OURS, RequestParties(asked, ALICE))

    escalated = asked.model_copy(update={"escalated_at": now()})
    assert found(asked, policy) is (Denial.NEITHER if action is Action.STOP else Denial.NOT_AN_APPROVER)
    assert isinstance(found(escalated, policy), Permit)
    assert isinstance(found(escalated, POLICY), Denial)
    assert isinstance(authorise(Action.LOOK_UP, head, policy), Permit)
    assert isinstance(authorise(Action.FREEZE, head, policy), Denial)


def test_approver_without_the_right_any_more_may_withdraw_their_approval() -> None:
    removed, asked = person("U0GONE"), approved_by("U0GONE")
    assert isinstance(authorise(Action.WITHDRAW_APPROVAL, removed, POLICY, parties=RequestParties(asked)), Permit)
    guest = removed.model_copy(update={"membership": Membership.GUEST})
    assert authorise(Action.WITHDRAW_APPROVAL, guest, POLICY, parties=RequestParties(asked)) is Denial.GUEST


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


def test_permit_is_for_one_version_of_a_request() -> None:
    permit = approving(CAROL, BOB)
    assert isinstance(permit, Permit)
    assert permit.parties
    assert not permit.is_for(permit.parties.request.model_copy(update={"version": 2}))
    assert not Permit(Action.APPROVE, CAROL, permit.request_id).is_for(permit.parties.request)


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


def test_review_names_requester_whose_address_is_hidden() -> None:
    hidden = ALICE.model_copy(update={"has_verified_email": False})
    found = review(RequestParties(approved_by("U0BOB", "U0CAROL"), hidden, (BOB, CAROL)), POLICY, now())
    assert {each.why for each in found.struck} == {Denial.UNVERIFIED_REQUESTER}


@pytest.mark.parametrize("unknown", ["requester", "approver", "group"])
def test_review_decides_nothing_while_a_party_is_unknown(unknown: str) -> None:
    requester, second = ALICE, CAROL
    if unknown == "requester":
        requester = person("U0ALICE", membership=Membership.UNKNOWN)
    else:
        facts = {"membership": Membership.UNKNOWN} if unknown == "approver" else {"unread_groups": {"S0APPROVE"}}
        second = CAROL.model_copy(update={"groups": frozenset(), **facts})
    found = review(RequestParties(approved_by("U0BOB", "U0CAROL"), requester, (BOB, second)), POLICY, now())
    assert (found.is_undecided, found.requester_lapse, found.struck) == (True, None, ())


def test_review_names_why_the_requester_lapsed() -> None:
    gone = ALICE.model_copy(update={"membership": Membership.DEACTIVATED})
    found = review(RequestParties(approved_by("U0BOB"), gone, (BOB,)), POLICY, now())
    assert (found.is_undecided, found.requester_lapse) == (False, Denial.DEACTIVATED)
