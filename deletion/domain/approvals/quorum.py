"""Count the people who may approve a request, so that none waits for approvals that cannot come. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from deletion.domain.approvals.authorization import UNDECIDED, refuse_approver
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.policy import Policy, is_group


@dataclass(frozen=True)
class Quorum:
    """How many of the ``needed`` approvals the people who may approve a request can give.

    ``is_complete`` is False where Slack did not say enough about others, who may be approvers or not. ``groups`` are
    the user groups that an approval of each missing one must come from; empty if any approver may give it.
    ``is_requester_unverified``: no approval can count, because Slack shows no confirmed address of the requester.
    """

    needed: int
    found: int
    is_complete: bool = True
    is_requester_unverified: bool = False
    groups: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """Return how many approvers certainly are missing. Where Slack did not say enough, none certainly is."""
        return max(0, self.needed - self.found) if self.is_complete else 0

    @property
    def is_unknown(self) -> bool:
        return not self.is_complete and self.found < self.needed


NONE_NEEDED = Quorum(0, 0)


class ApproverDirectory(Protocol):
    """Counts the people who may approve, as Slack shows them now. Never raises: no answer from Slack is unknown."""

    async def quorum(self, requester_id: str, needed: int) -> Quorum:
        """Return whether that many people may approve this user's requests."""


def count(
    requester: Person, candidates: Iterable[Person], policy: Policy, needed: int, *, is_complete: bool = True
) -> Quorum:
    """Count the candidates who may approve a request of this requester; accounts of one person count once.

    The rule decides how many of them help: a user group may have to give some of the approvals. Candidates about whom
    Slack does not say enough leave the count incomplete.
    """
    if requester.membership is Membership.UNKNOWN:
        return Quorum(needed, 0, is_complete=False)
    counted: list[Person] = []
    for candidate in candidates:
        denial = refuse_approver(candidate, requester, (), policy)
        if denial is None:
            _add(candidate, counted)
        elif denial in UNDECIDED:
            is_complete = False
    rule = policy.approval_rule.more(max(0, needed - policy.approvals_required))
    if any(candidate.may_be_on(rule.groups) for candidate in counted):
        is_complete = False
    found = [candidate.groups for candidate in counted]
    is_unverified = policy.require_verified_email and not requester.has_verified_email
    return Quorum(needed, rule.counted(found), is_complete, is_unverified, rule.missing(found).groups)


def _add(candidate: Person, counted: list[Person]) -> None:
    """Add an approver, merged with their other accounts: they approve with the one whose groups help."""
    accounts = [known for known in counted if candidate.is_same_person(known)] + [candidate]
    counted[:] = [known for known in counted if not candidate.is_same_person(known)]
    merged = {
        name: frozenset().union(*(getattr(account, name) for account in accounts))
        for name in ("groups", "unread_groups", "identities")
    }
    counted.append(candidate.model_copy(update=merged))


def most_approvals(requesters: Collection[str], approvers: Collection[str]) -> int | None:
    """Return how many approvals a request can get at most, by ids alone; None where a user group decides."""
    if any(map(is_group, approvers)):
        return None
    is_always_own = all(name in approvers for name in requesters)  # each requester is an approver less
    return len(set(approvers)) - is_always_own if approvers else 0
