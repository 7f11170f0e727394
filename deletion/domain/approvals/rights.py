"""Tell what an account may do, which list grants it, and what is missing. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from deletion.domain.approvals.authorization import Action, refuse_list, refuse_right
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Person
from deletion.domain.policy import Policy


class Role(StrEnum):
    """A list of the settings, by its name."""

    REQUESTER = "REQUESTERS"
    APPROVER = "APPROVERS"
    ESCALATION_APPROVER = "ESCALATION_APPROVERS"


@dataclass(frozen=True)
class Right:
    """Whether an account has a role. ``granted_by`` are the entries of the list that name it; ``listed`` are all.

    ``denial`` is why the account has no such right; with ``granted_by``, what takes the right away all the same.
    """

    role: Role
    listed: tuple[str, ...]
    granted_by: tuple[str, ...] = ()
    denial: Denial | None = None


_NOT_LISTED = {Role.REQUESTER: Denial.NOT_A_REQUESTER}  # any other role is an approver's


def rights_of(person: Person, policy: Policy) -> list[Right]:
    """Return one right for each list; an escalation's only if it is configured."""
    lists = {Role.REQUESTER: policy.requesters, Role.APPROVER: policy.approvers}
    if policy.escalation_approvers:
        lists[Role.ESCALATION_APPROVER] = policy.escalation_approvers
    return [_right(role, listed, person, policy) for role, listed in lists.items()]


def _right(role: Role, listed: tuple[str, ...], person: Person, policy: Policy) -> Right:
    granted_by = tuple(name for name in listed if name == person.id or name in person.groups)
    not_listed = _NOT_LISTED.get(role, Denial.NOT_AN_APPROVER)
    denial = refuse_right(Action.WHOAMI, person, policy) or refuse_list(person, listed, not_listed)
    needs_email = policy.approvals_required or role is not Role.REQUESTER
    if denial is None and needs_email and policy.require_verified_email and not person.has_verified_email:
        denial = Denial.UNVERIFIED_EMAIL  # neither an approval by this account nor one for it counts
    return Right(role, listed, granted_by, denial)
