"""Tell what an account may do, which list grants it, and what is missing. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from deletion.domain.authorization import Action, Denial, refuse_right
from deletion.domain.people import Person
from deletion.domain.policy import Policy


class Role(StrEnum):
    """A list of the settings, by its name."""

    REQUESTER = "REQUESTERS"
    APPROVER = "APPROVERS"


@dataclass(frozen=True)
class Right:
    """Whether an account has a role. ``granted_by`` are the entries of the list that name it; ``listed`` are all.

    ``denial`` is why the account has no such right; with ``granted_by``, what takes the right away all the same.
    """

    role: Role
    listed: tuple[str, ...]
    granted_by: tuple[str, ...] = ()
    denial: Denial | None = None


_ACTIONS = {Role.REQUESTER: Action.ASK, Role.APPROVER: Action.APPROVE}
_LISTED: dict[Role, Callable[[Policy], tuple[str, ...]]] = {
    Role.REQUESTER: lambda policy: policy.requesters,
    Role.APPROVER: lambda policy: policy.approvers,
}


def rights_of(person: Person, policy: Policy) -> list[Right]:
    """Return one right for each role."""
    return [_right(role, person, policy) for role in Role]


def _right(role: Role, person: Person, policy: Policy) -> Right:
    listed = _LISTED[role](policy)
    granted_by = tuple(name for name in listed if name == person.id or name in person.groups)
    denial = refuse_right(_ACTIONS[role], person, policy)
    if denial is None and policy.require_verified_email and not person.has_verified_email:
        # A request by this account could get no approval either.
        denial = Denial.UNVERIFIED_EMAIL if policy.approvals_required or role is Role.APPROVER else None
    return Right(role, listed, granted_by, denial)
