"""People as Slack describes them now, and the people behind a request."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from deletion.domain.models import Request


class Membership(StrEnum):
    """How an account belongs to this workspace."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "of another workspace"
    DEACTIVATED = "deactivated"
    BOT = "bot"
    UNKNOWN = "unknown"


class Person(BaseModel):
    """An account, by user id and team id.

    ``identities`` are the ids and email addresses that belong to the same human being. They only ever take a right
    away: two accounts that share one are one person. Names identify no one.
    ``unread_groups`` are user groups whose members Slack did not return, so that it is unknown whether the account is
    in them.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str
    team_id: str
    membership: Membership
    groups: frozenset[str] = frozenset()
    unread_groups: frozenset[str] = frozenset()
    identities: frozenset[str] = frozenset()
    has_verified_email: bool = False

    def is_on(self, listed: Collection[str]) -> bool:
        """Return whether a list of user ids and user group ids names this account."""
        return not self.groups.union({self.id}).isdisjoint(listed)

    def may_be_on(self, listed: Collection[str]) -> bool:
        """Return whether the list names a group that could not be read."""
        return not self.unread_groups.isdisjoint(listed)

    def is_same_person(self, other: "Person") -> bool:
        return self.id == other.id or not self.identities.isdisjoint(other.identities)


@dataclass(frozen=True)
class RequestParties:
    """A request with its requester and its approvers so far, in the order of ``request.approvals``.

    ``requester`` is None, and ``approvers`` are empty, where an action does not depend on them.
    """

    request: Request
    requester: Person | None = None
    approvers: Sequence[Person] = ()
