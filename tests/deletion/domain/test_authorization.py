"""Who may do what: every action by every kind of account, one table."""

import pytest

from deletion.domain.approvals.authorization import MEMBER_ACTIONS, Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.party_review import review
from deletion.domain.approvals.people import Membership, Person, RequestParties
from deletion.domain.clock import now
from deletion.domain.models import Decision, Purpose, Request, Verdict
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


@pytest.mark.parametrize(
    ("stops", "lapse", "denial"),
    [
        (Purpose.STOP, None, None),
        (Purpose.STOP_AND_DELETE, Denial.NOT_A_REQUESTER, Denial.REQUESTER_LAPSED),
        (None, Denial.NOT_A_REQUESTER, Denial.REQUESTER_LAPSED),
    ],
)
def test_approver_keeps_the_right_to_request_a_stop_and_has_none_to_request_a_delete(
    stops: Purpose | None, lapse: Denial | None, denial: Denial | None
) -> None:
    asked = approved_by("U0CAROL").model_copy(update={"requester_id": "U0BOB", "stops": stops})
    assert review(RequestParties(asked, BOB, (CAROL,)), POLICY, now()).requester_lapse is lapse
    dave = person("U0DAVE", groups={"S0APPROVE"})
    found = authorise(Action.APPROVE, dave, POLICY, ChannelKind.OURS, RequestParties(asked, BOB, (CAROL,)))
    assert found is denial if denial else isinstance(found, Permit)


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
