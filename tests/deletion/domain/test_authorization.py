"""Who may do what: every action by every kind of account, one table."""

import pytest

from deletion.domain.approvals.authorization import MEMBER_ACTIONS, Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.party_review import review
from deletion.domain.approvals.people import Membership, Person, RequestParties
from deletion.domain.clock import now
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from tests.deletion.domain.parties import ALICE, BOB, CAROL, PEOPLE, POLICY, approved_by, approving
from tests.deletion.values import person, request

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


def test_permit_is_for_one_version_of_a_request() -> None:
    permit = approving(CAROL, BOB)
    assert isinstance(permit, Permit)
    assert permit.parties
    assert not permit.is_for(permit.parties.request.model_copy(update={"version": 2}))
    assert not Permit(Action.APPROVE, CAROL, permit.request_id).is_for(permit.parties.request)
