"""Who may do what, and why not. Pure, and the only place that decides it; every listener asks through its gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from deletion.domain.models import Request
from deletion.domain.policy import Policy


class Action(StrEnum):
    """What somebody wants to do. A new listener needs one, and one needs its line in ``_refuse_role``."""

    HELP = "read the help"
    OPEN_HOME = "open the Home"
    LOOK_UP = "look requests up"
    FIND = "look for a campaign"
    ASK = "ask for a deletion"
    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "withdraw"
    STOP = "stop"
    REBUILD = "rebuild"
    FREEZE = "freeze all deletes"
    UNFREEZE = "unfreeze"


class Membership(StrEnum):
    """What somebody is to this workspace, as Slack says it now."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "of another workspace"
    DEACTIVATED = "deactivated"
    BOT = "bot"
    UNKNOWN = "unknown"


class ChannelKind(StrEnum):
    """What a channel is to this bot, as Slack says it now."""

    OURS = "ours"
    WITHOUT_BOT = "without the bot"
    SHARED = "shared with others"
    UNKNOWN = "unknown"


class Denial(StrEnum):
    """Why somebody may not."""

    GUEST = "guest"
    STRANGER = "of another workspace"
    DEACTIVATED = "deactivated"
    BOT = "bot"
    UNKNOWN_PERSON = "person unknown"
    UNKNOWN_REQUESTER = "requester unknown"
    OTHER_WORKSPACE = "from another workspace"
    BOT_NOT_IN_CHANNEL = "bot not in the channel"
    SHARED_CHANNEL = "shared channel"
    CHANNEL_UNREADABLE = "channel cannot be checked"
    NOT_ON_A_LIST = "on neither list"
    NOT_A_REQUESTER = "not a requester"
    NOT_AN_APPROVER = "not an approver"
    NOT_THE_REQUESTER = "not the requester"
    NEITHER = "neither requester nor approver"
    OWN_REQUEST = "own request"
    ALREADY_APPROVED_BY_PERSON = "agreed before, with another account"
    DUPLICATE_PAYLOAD = "seen before"


class Person(BaseModel):
    """Somebody by user id and team id. ``identities`` holds whatever else Slack knows the same human by.

    Nobody is told from others by a name. An address or an organisation's id in ``identities`` only ever takes a right
    away: two accounts of one human are one human, and never two who agree.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str
    team_id: str
    membership: Membership
    groups: frozenset[str] = frozenset()
    identities: frozenset[str] = frozenset()

    def is_on(self, people: tuple[str, ...]) -> bool:
        """Whether a list of user ids and user group ids names this person."""
        return not self.groups.union({self.id}).isdisjoint(people)

    def is_same_person(self, other: "Person") -> bool:
        return self.id == other.id or not self.identities.isdisjoint(other.identities)


@dataclass(frozen=True)
class Permit:
    """That this person may do this, to this request if there is one. Made by ``authorise`` alone."""

    action: Action
    person: Person
    request_id: str | None = None


_NO_MEMBER = {
    Membership.GUEST: Denial.GUEST,
    Membership.STRANGER: Denial.STRANGER,
    Membership.DEACTIVATED: Denial.DEACTIVATED,
    Membership.BOT: Denial.BOT,
    Membership.UNKNOWN: Denial.UNKNOWN_PERSON,
}
_NO_PLACE = {
    ChannelKind.WITHOUT_BOT: Denial.BOT_NOT_IN_CHANNEL,
    ChannelKind.SHARED: Denial.SHARED_CHANNEL,
    ChannelKind.UNKNOWN: Denial.CHANNEL_UNREADABLE,
}
# Where matters for these; stopping and freezing are easy everywhere.
CHANNEL_SENSITIVE_ACTIONS = frozenset({Action.ASK, Action.APPROVE, Action.REBUILD, Action.UNFREEZE})
MEMBER_ACTIONS = frozenset({Action.HELP, Action.OPEN_HOME})
DECIDING_ACTIONS = frozenset({Action.APPROVE, Action.REJECT})


@dataclass(frozen=True)
class RequestParties:
    """A request, and the humans behind it: needed to judge it. ``requester`` is None where nobody was asked about."""

    request: Request
    requester: Person | None = None
    agreed: Sequence[Person] = ()


def authorise(
    action: Action,
    person: Person,
    policy: Policy,
    place: ChannelKind = ChannelKind.UNKNOWN,
    case: RequestParties | None = None,
) -> Permit | Denial:
    """Whether this person may do this now.

    Whatever is not known is refused: a person, a channel, a requester that Slack does not tell.
    """
    denial = (
        _NO_MEMBER.get(person.membership)
        or (_NO_PLACE.get(place) if action in CHANNEL_SENSITIVE_ACTIONS else None)
        or _refuse_role(action, person, policy, case.request if case else None)
        or (_refuse_same_person(person, case) if action in DECIDING_ACTIONS else None)
    )
    return denial or Permit(action, person, case.request.id if case else None)


def _refuse_role(action: Action, person: Person, policy: Policy, request: Request | None) -> Denial | None:
    is_asker, is_approver = person.is_on(policy.requesters), person.is_on(policy.approvers)
    is_requester = request is not None and (request.team_id, request.requester_id) == (person.team_id, person.id)
    if action in MEMBER_ACTIONS:
        return None
    if action in DECIDING_ACTIONS and is_requester:
        return Denial.OWN_REQUEST
    may, why_not = {
        Action.LOOK_UP: (is_asker or is_approver, Denial.NOT_ON_A_LIST),
        Action.FIND: (is_asker, Denial.NOT_A_REQUESTER),
        Action.ASK: (is_asker, Denial.NOT_A_REQUESTER),
        Action.REBUILD: (is_asker, Denial.NOT_A_REQUESTER),
        Action.APPROVE: (is_approver, Denial.NOT_AN_APPROVER),
        Action.REJECT: (is_approver, Denial.NOT_AN_APPROVER),
        Action.CANCEL: (is_requester, Denial.NOT_THE_REQUESTER),
        Action.STOP: (is_requester or is_approver, Denial.NEITHER),
        Action.FREEZE: (is_approver, Denial.NOT_AN_APPROVER),
        Action.UNFREEZE: (is_approver, Denial.NOT_AN_APPROVER),
    }[action]
    return None if may else why_not


def _refuse_same_person(person: Person, case: RequestParties | None) -> Denial | None:
    """Two accounts of one human are one: neither the requester's own approval counts, nor anybody's twice."""
    if case is None or case.requester is None or case.requester.membership is Membership.UNKNOWN:
        return Denial.UNKNOWN_REQUESTER
    if person.is_same_person(case.requester):
        return Denial.OWN_REQUEST
    is_twice = any(person.id != other.id and person.is_same_person(other) for other in case.agreed)
    return Denial.ALREADY_APPROVED_BY_PERSON if is_twice else None
