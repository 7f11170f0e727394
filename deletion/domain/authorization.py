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


class Standing(StrEnum):
    """What somebody is to this workspace, as Slack says it now."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "of another workspace"
    DEACTIVATED = "deactivated"
    BOT = "bot"
    UNKNOWN = "unknown"


class Place(StrEnum):
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
    AGREED_BEFORE = "agreed before, with another account"
    SEEN_BEFORE = "seen before"


class Person(BaseModel):
    """Somebody by user id and team id. ``known_as`` holds whatever else Slack knows the same human by.

    Nobody is told from others by a name. An address or an organisation's id in ``known_as`` only ever takes a right
    away: two accounts of one human are one human, and never two who agree.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str
    team_id: str
    standing: Standing
    groups: frozenset[str] = frozenset()
    known_as: frozenset[str] = frozenset()

    def is_on(self, people: tuple[str, ...]) -> bool:
        """Whether a list of user ids and user group ids names this person."""
        return not self.groups.union({self.id}).isdisjoint(people)

    def is_same_human(self, other: "Person") -> bool:
        return self.id == other.id or not self.known_as.isdisjoint(other.known_as)


@dataclass(frozen=True)
class Permit:
    """That this person may do this, to this request if there is one. Made by ``authorise`` alone."""

    action: Action
    person: Person
    request_id: str | None = None


_NO_MEMBER = {
    Standing.GUEST: Denial.GUEST,
    Standing.STRANGER: Denial.STRANGER,
    Standing.DEACTIVATED: Denial.DEACTIVATED,
    Standing.BOT: Denial.BOT,
    Standing.UNKNOWN: Denial.UNKNOWN_PERSON,
}
_NO_PLACE = {
    Place.WITHOUT_BOT: Denial.BOT_NOT_IN_CHANNEL,
    Place.SHARED: Denial.SHARED_CHANNEL,
    Place.UNKNOWN: Denial.CHANNEL_UNREADABLE,
}
# Where matters for these; stopping and freezing are easy everywhere.
BEGINS_OR_AGREES = frozenset({Action.ASK, Action.APPROVE, Action.REBUILD, Action.UNFREEZE})
OPEN_TO_MEMBERS = frozenset({Action.HELP, Action.OPEN_HOME})
JUDGES = frozenset({Action.APPROVE, Action.REJECT})


@dataclass(frozen=True)
class Case:
    """A request, and the humans behind it: needed to judge it. ``requester`` is None where nobody was asked about."""

    request: Request
    requester: Person | None = None
    agreed: Sequence[Person] = ()


def authorise(
    action: Action, person: Person, policy: Policy, place: Place = Place.UNKNOWN, case: Case | None = None
) -> Permit | Denial:
    """Whether this person may do this now.

    Whatever is not known is refused: a person, a channel, a requester that Slack does not tell.
    """
    denial = (
        _NO_MEMBER.get(person.standing)
        or (_NO_PLACE.get(place) if action in BEGINS_OR_AGREES else None)
        or _refuse_role(action, person, policy, case.request if case else None)
        or (_refuse_same_human(person, case) if action in JUDGES else None)
    )
    return denial or Permit(action, person, case.request.id if case else None)


def _refuse_role(action: Action, person: Person, policy: Policy, request: Request | None) -> Denial | None:
    is_asker, is_approver = person.is_on(policy.requesters), person.is_on(policy.approvers)
    is_requester = request is not None and (request.team_id, request.requester_id) == (person.team_id, person.id)
    if action in OPEN_TO_MEMBERS:
        return None
    if action in JUDGES and is_requester:
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


def _refuse_same_human(person: Person, case: Case | None) -> Denial | None:
    """Two accounts of one human are one: neither the requester's own approval counts, nor anybody's twice."""
    if case is None or case.requester is None or case.requester.standing is Standing.UNKNOWN:
        return Denial.UNKNOWN_REQUESTER
    if person.is_same_human(case.requester):
        return Denial.OWN_REQUEST
    is_twice = any(person.id != other.id and person.is_same_human(other) for other in case.agreed)
    return Denial.AGREED_BEFORE if is_twice else None
