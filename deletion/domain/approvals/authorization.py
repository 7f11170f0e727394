"""Decide who may do what, and why not. Pure: the gate in handlers/access supplies what Slack says."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership, Person, RequestParties
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy


class Action(StrEnum):
    """An action that a user may ask for. A new listener needs one, and each needs its line in ``_refuse_role``."""

    HELP = "read the help"
    OPEN_HOME = "open the Home"
    WHOAMI = "see their own rights"
    LOOK_UP = "look requests up"
    FIND = "look for a campaign"
    ASK = "ask for a deletion"
    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "withdraw"
    STOP = "stop"
    WITHDRAW_APPROVAL = "withdraw an approval"
    CONTINUE = "continue a paused list"
    REMIND = "remind the approvers"
    REBUILD = "rebuild"
    STOP_CAMPAIGN = "stop a campaign"
    FREEZE = "freeze all deletes"
    UNFREEZE = "unfreeze"
    HOLD = "put a campaign on hold"
    RELEASE = "release a campaign"


class ChannelKind(StrEnum):
    """How a channel relates to this bot, as Slack says now."""

    OURS = "ours"
    WITHOUT_BOT = "without the bot"
    SHARED = "shared with others"
    DIRECT = "direct messages"
    ARCHIVED = "archived"
    OTHER_APPLICATION = "not of this application"
    WITHOUT_SCOPE = "not readable without a scope"
    NONE = "none in the settings"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Permit:
    """This person may do this, to this request if there is one. Only ``authorise`` makes one.

    ``parties`` is what was judged: an approval counts only for that version of the request.
    """

    action: Action
    person: Person
    request_id: str | None = None
    parties: RequestParties | None = None

    def is_for(self, request: Request) -> bool:
        """Return whether exactly this version of the request was judged."""
        judged = self.parties.request if self.parties else None
        return judged is not None and (judged.id, judged.version) == (request.id, request.version)


_NOT_A_MEMBER = {
    Membership.GUEST: Denial.GUEST,
    Membership.STRANGER: Denial.STRANGER,
    Membership.DEACTIVATED: Denial.DEACTIVATED,
    Membership.BOT: Denial.BOT,
    Membership.UNKNOWN: Denial.UNKNOWN_PERSON,
}
_WRONG_CHANNEL = {
    ChannelKind.WITHOUT_BOT: Denial.BOT_NOT_IN_CHANNEL,
    ChannelKind.SHARED: Denial.SHARED_CHANNEL,
    ChannelKind.DIRECT: Denial.DIRECT_MESSAGE,
    ChannelKind.ARCHIVED: Denial.ARCHIVED_CHANNEL,
    ChannelKind.OTHER_APPLICATION: Denial.OTHER_APPLICATION,
    ChannelKind.WITHOUT_SCOPE: Denial.NO_CHANNEL_SCOPE,
    ChannelKind.NONE: Denial.NO_APPROVALS_CHANNEL,
    ChannelKind.UNKNOWN: Denial.CHANNEL_UNREADABLE,
}
# Stopping a request and freezing are allowed from every channel.
CHANNEL_SENSITIVE_ACTIONS = frozenset(
    {Action.ASK, Action.APPROVE, Action.REBUILD, Action.STOP_CAMPAIGN, Action.UNFREEZE}
)
MEMBER_ACTIONS = frozenset({Action.HELP, Action.OPEN_HOME, Action.WHOAMI})
REQUESTER_ACTIONS = frozenset({Action.CANCEL, Action.STOP, Action.CONTINUE, Action.REMIND})
DECIDING_ACTIONS = frozenset({Action.APPROVE, Action.REJECT})
# Slack did not say enough to decide: neither a right nor the loss of one.
UNDECIDED = frozenset({Denial.UNKNOWN_PERSON, Denial.UNKNOWN_REQUESTER, Denial.UNKNOWN_APPROVER, Denial.UNREAD_GROUP})


def authorise(
    action: Action,
    person: Person,
    policy: Policy,
    channel: ChannelKind = ChannelKind.UNKNOWN,
    parties: RequestParties | None = None,
) -> Permit | Denial:
    """Return a permit, or why there is none. Unknown people, channels and group members are refused."""
    request = parties.request if parties else None
    denial = (
        _NOT_A_MEMBER.get(person.membership)
        or (_WRONG_CHANNEL.get(channel) if action in CHANNEL_SENSITIVE_ACTIONS else None)
        or _refuse_role(action, person, policy, request)
        or (_refuse_own_request(person, parties.requester if parties else None) if action in DECIDING_ACTIONS else None)
        or (_refuse_approval_of(person, parties, policy) if action is Action.APPROVE and parties else None)
    )
    return denial or Permit(action, person, request.id if request else None, parties)


def asked_by(request: Request | None) -> Action:
    """Return the action whose right the requester of this request needs."""
    return Action.STOP_CAMPAIGN if request is not None and request.purpose is Purpose.STOP else Action.ASK


def refuse_right(action: Action, person: Person, policy: Policy, request: Request | None = None) -> Denial | None:
    """Return why this account has no right to an action in any channel, or None: to any request if none is given."""
    return _NOT_A_MEMBER.get(person.membership) or _refuse_role(action, person, policy, request)


def _refuse_role(action: Action, person: Person, policy: Policy, request: Request | None) -> Denial | None:
    is_requester = request is not None and (request.team_id, request.requester_id) == (person.team_id, person.id)
    has_approved = request is not None and request.is_approved_by(person.id)
    if (
        action in MEMBER_ACTIONS
        or (is_requester and action in REQUESTER_ACTIONS)
        or (has_approved and action is Action.WITHDRAW_APPROVAL)
    ):
        return None
    if action in DECIDING_ACTIONS and is_requester:
        return Denial.OWN_REQUEST
    approvers = policy.approvers_of(request)
    everyone = (*policy.requesters, *policy.approvers, *policy.escalation_approvers)
    listed, denial = {
        Action.LOOK_UP: (everyone, Denial.NOT_ON_A_LIST),
        Action.FIND: (policy.requesters, Denial.NOT_A_REQUESTER),
        Action.ASK: (policy.requesters, Denial.NOT_A_REQUESTER),
        Action.REBUILD: (policy.requesters, Denial.NOT_A_REQUESTER),
        Action.STOP_CAMPAIGN: ((*policy.requesters, *policy.approvers), Denial.NOT_ON_A_LIST),
        Action.APPROVE: (approvers, Denial.NOT_AN_APPROVER),
        Action.REJECT: (approvers, Denial.NOT_AN_APPROVER),
        Action.CANCEL: ((), Denial.NOT_THE_REQUESTER),
        Action.REMIND: ((), Denial.ONLY_REQUESTER_REMINDS),
        Action.STOP: (approvers, Denial.NEITHER),
        Action.CONTINUE: (approvers, Denial.NEITHER),
        Action.WITHDRAW_APPROVAL: ((), Denial.NOT_APPROVED_BY_PERSON),
        Action.FREEZE: (policy.approvers, Denial.NOT_AN_APPROVER),
        Action.UNFREEZE: (policy.approvers, Denial.NOT_AN_APPROVER),
        Action.HOLD: (everyone, Denial.NOT_ON_A_LIST),
        Action.RELEASE: (policy.approvers, Denial.NOT_AN_APPROVER),
    }[action]
    return refuse_list(person, listed, denial)


def refuse_list(person: Person, listed: Sequence[str], denial: Denial) -> Denial | None:
    """Return ``denial`` for an account that is not on this list, None for one that is; the unknown is refused."""
    if person.is_on(listed):
        return None
    return Denial.UNREAD_GROUP if person.may_be_on(listed) else denial


def refuse_approver(person: Person, requester: Person, approvers: Sequence[Person], policy: Policy) -> Denial | None:
    """Return why this account could not approve a request by ``requester`` after these ``approvers``, or None."""
    return (
        refuse_right(Action.APPROVE, person, policy)
        or _refuse_own_request(person, requester)
        or _refuse_approval(person, requester, approvers, policy)
    )


def _refuse_own_request(person: Person, requester: Person | None) -> Denial | None:
    """Refuse every account of the requester, and everyone while the requester is unknown."""
    if requester is None or requester.membership is Membership.UNKNOWN:
        return Denial.UNKNOWN_REQUESTER
    return Denial.OWN_REQUEST if person.is_same_person(requester) else None


def _refuse_approval_of(person: Person, parties: RequestParties, policy: Policy) -> Denial | None:
    """Refuse an approval also while Slack does not say who is in a group whose approval is required.

    After an escalation its approvers stand in for these groups, so it must be known who is one of them.
    """
    if denial := _refuse_approval(person, parties.requester, parties.approvers, policy, parties.request):
        return denial
    groups = parties.request.approval_rule.stricter(policy.rule_for(parties.request)).groups
    stand_ins = policy.escalation_approvers if groups and parties.request.escalated_at else ()

    def is_unknown(approver: Person) -> bool:
        may_stand_in = approver.may_be_on(stand_ins) and not approver.is_on(stand_ins)
        return approver.may_be_on(groups) or may_stand_in

    if is_unknown(person):
        return Denial.UNREAD_GROUP
    return Denial.UNKNOWN_APPROVER if any(map(is_unknown, parties.approvers)) else None


def _refuse_approval(
    person: Person,
    requester: Person | None,
    approvers: Sequence[Person],
    policy: Policy,
    request: Request | None = None,
) -> Denial | None:
    """Refuse an approval of a lapsed request, without verified addresses, or of a person who has approved already."""
    if requester is None or (lapse := refuse_right(asked_by(request), requester, policy)) in UNDECIDED:
        return Denial.UNKNOWN_REQUESTER
    if lapse:
        return Denial.REQUESTER_LAPSED
    if policy.require_verified_email and not (person.has_verified_email and requester.has_verified_email):
        return Denial.UNVERIFIED_EMAIL if requester.has_verified_email else Denial.UNVERIFIED_REQUESTER
    for other in approvers:
        lapse = refuse_right(Action.APPROVE, other, policy, request)
        if lapse in UNDECIDED:
            return Denial.UNKNOWN_APPROVER
        if lapse is None and other.id != person.id and person.is_same_person(other):
            return Denial.ALREADY_APPROVED_BY_PERSON
    return None
