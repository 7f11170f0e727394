"""A request for many campaigns: one ordinary request for each, decided together and executed one after the other."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deletion.domain.execution_check import ON_HOLD
from deletion.domain.models import Request
from deletion.domain.states import State

MOST_CAMPAIGNS = 20
TROUBLES = frozenset({State.FAILED, State.UNKNOWN})  # which pause the list
WAS_SENT_ON = frozenset({State.APPROVED, State.DELETING, State.DELETED, State.GONE})
# The state of the whole: the first that any of its campaigns has.
_ORDER = (
    State.AWAITING_APPROVAL, State.DELETING, State.APPROVED, State.UNKNOWN, State.DELETED, State.GONE,
    State.PRACTISED, State.FAILED, State.CHANGED, State.STOPPED, State.EXPIRED, State.CANCELLED, State.REJECTED,
)  # fmt: skip


@dataclass(frozen=True)
class CampaignList:
    """The requests of a list, in their order. Its id is that of the first.

    ``paused_on`` is the id of the request whose trouble paused the rest, or None.
    """

    id: str
    requests: tuple[Request, ...]
    paused_on: str | None = None

    @property
    def version(self) -> int:
        """A number that grows with each change of a request, also by a replica of the previous version."""
        return sum(each.version for each in self.requests)

    @property
    def changed_at(self) -> datetime:
        return max(each.changed_at for each in self.requests)

    @property
    def counts(self) -> Counter[State]:
        return Counter(each.state for each in self.requests)

    @property
    def is_open(self) -> bool:
        return any(each.is_open for each in self.requests)

    @property
    def awaiting(self) -> tuple[Request, ...]:
        return self.in_state(State.AWAITING_APPROVAL)

    @property
    def first_to_decide(self) -> Request:
        """The request by which the gate judges a decider: an escalated one, which more people may decide."""
        return next((each for each in self.awaiting if each.escalated_at), next(iter(self.awaiting), self.overall))

    @property
    def waiting(self) -> tuple[Request, ...]:
        """The approved requests, which have not begun."""
        return self.in_state(State.APPROVED)

    @property
    def is_paused(self) -> bool:
        """Whether approved requests wait until a person continues or stops."""
        return self.paused_on is not None and bool(self.waiting)

    def is_paused_by(self, position: str) -> bool:
        """Return whether it waits because of the request with this position."""
        return self.is_paused and self.trouble is self.at(position)

    @property
    def trouble(self) -> Request | None:
        """The request that paused the rest."""
        return next((each for each in self.requests if each.id == self.paused_on), None)

    @property
    def next(self) -> Request | None:
        """The request whose turn it is: the one that is being executed, else the first approved of a list in progress.

        Campaigns that could not be read are approved later, so one may stand before the one that is being executed.
        """
        running, waiting = self.in_state(State.DELETING), self.waiting
        return next(iter(running or (waiting if self.paused_on is None else ())), None)

    @property
    def overall(self) -> Request:
        """The list as one request, for its messages: the state of the whole, decided as the first in that state was."""
        first = self.requests[0]
        state = next(state for state in _ORDER if self.counts[state])
        whole = {"id": first.id, "campaign": first.campaign, "version": self.version, "changed_at": self.changed_at}
        return self.in_state(state)[0].model_copy(update=whole)

    def in_state(self, *states: State) -> tuple[Request, ...]:
        return tuple(each for each in self.requests if each.state in states)

    def approved_by(self, person_id: str) -> tuple[Request, ...]:
        """Return the requests that this person has approved, and whose approval they may still withdraw."""
        open_ones = self.in_state(State.AWAITING_APPROVAL, State.APPROVED)
        return tuple(each for each in open_ones if each.is_approved_by(person_id))

    def at(self, position: str) -> Request | None:
        """Return the request with this position, as a journal entry names it."""
        return next((each for each in self.requests if str(each.list_position) == position), None)


def first_deadline(requests: Iterable[Request]) -> datetime | None:
    """Return the earliest time at which one of these requests expires, if one does."""
    return min((each.expires_at for each in requests if each.expires_at), default=None)


def pauses(before: State, after: Request) -> bool:
    """Return whether a change pauses the rest: Kore.ai or the bot refused an approved delete, or it is unknown.

    A hold does not: a person keeps this campaign, and nothing was tried that could fail for the rest, too.
    """
    is_held = after.state is State.FAILED and after.attempt is not None and after.attempt.explanation == ON_HOLD
    return before in WAS_SENT_ON and after.state in TROUBLES and not is_held
