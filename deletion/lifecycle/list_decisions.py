"""Record what people decide about a list: for every request that it is about, in one transaction, or for none."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.approval import (
    VERDICTS,
    Objection,
    decide,
    decision_of,
    missing_after,
    remind,
    without_approval,
)
from deletion.domain.approvals.authorization import Action, Permit, refuse_right
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Person
from deletion.domain.approvals.reminders import Call
from deletion.domain.budget import Budget
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.execution_check import ON_HOLD
from deletion.domain.freeze_and_budget import DeleteLimits, apply_budget, budget
from deletion.domain.list_limits import with_others
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.kore.campaign_gateway import OnRateLimited
from deletion.lifecycle.decisions import DECIDED, Decisions, approvers_of
from deletion.lifecycle.list_approval import ListDecided, approved_by, judge
from deletion.lifecycle.list_intake import AT_A_TIME
from deletion.lifecycle.list_transitions import ListTransitions, Move
from deletion.lifecycle.party_check import REOPENED
from deletion.lifecycle.refusal import end_refused
from deletion.lifecycle.transitions import Transitions
from deletion.stores.list_store import ListStore
from kore_api.errors import KoreError

CONTINUED = "continued"


@dataclass(frozen=True)
class ListReview:
    """The list after its campaigns were read again, and the requests whose campaign could not be read.

    ``barred`` are those that the reader may not decide, because they were not escalated.
    """

    listed: CampaignList
    unread: tuple[Request, ...] = ()
    barred: tuple[Request, ...] = ()

    def to_decide(self, approver_id: str) -> tuple[Request, ...]:
        """Return the requests that await this approver, and whose campaign could be read."""
        left_out = {each.id for each in (*self.unread, *self.barred)}
        awaiting = [each for each in self.listed.awaiting if each.id not in left_out]
        return tuple(each for each in awaiting if not each.is_approved_by(approver_id))


@dataclass(frozen=True)
class ListMissing:
    """What the approvals of each request lack after one more: if all of them are approved, and if one ``alone`` is.

    ``room`` is how many of them the hourly limit has room for, and ``budget`` what it is if all of them are approved.
    ``now`` is what they lack before that one.
    """

    together: Sequence[MissingApprovals]
    alone: Sequence[MissingApprovals]
    room: int = 0
    now: Sequence[MissingApprovals] = ()
    budget: Budget | None = None

    @property
    def is_unhelped(self) -> bool:
        """Whether the one more would be recorded, but fills none that is missing."""
        both = list(zip(self.now, self.together, strict=False))
        return bool(both) and all(before.count == after.count > 0 for before, after in both)


@dataclass(frozen=True)
class ListAct:
    """How an action was asked for. Continuing ends the pause by the request ``paused_on``, and no later one.

    An approval that was given after ``shown_until`` is not withdrawn. A form rejects the requests ``shown_ids`` and no
    other, and nothing if one of them was approved since: its reader would take that one for rejected.
    """

    surface: str
    reason: str = ""
    paused_on: str = ""
    shown_until: datetime | None = None
    shown_ids: frozenset[str] = frozenset()


class ListDecisions:
    """Each request is judged for the version that is written. One that may not be decided stops the whole."""

    def __init__(
        self,
        store: ListStore,
        together: ListTransitions,
        single: Decisions,
        transitions: Transitions,
        policy: Policy,
    ) -> None:
        self._store = store
        self._together = together
        self._single = single
        self._transitions = transitions
        self._policy = policy

    def barred(self, person: Person, listed: CampaignList) -> tuple[Request, ...]:
        """Return the requests that await approval, and that this person may not decide."""
        return tuple(each for each in listed.awaiting if refuse_right(Action.APPROVE, person, self._policy, each))

    async def review(self, person: Person, listed: CampaignList, tell: OnRateLimited) -> ListReview:
        """Read each campaign that awaits approval again, and end those that changed or are on hold by now."""
        slots = asyncio.Semaphore(AT_A_TIME)

        async def is_read(request: Request) -> bool:
            async with slots:
                if (await self._store.limits_of(request)).hold:
                    return bool(await end_refused(self._transitions, request, ON_HOLD))
                return not isinstance(await self._single.recheck_campaign(request, tell), KoreError)

        read = await asyncio.gather(*map(is_read, listed.awaiting))
        unread = tuple(request for request, is_done in zip(listed.awaiting, read, strict=True) if not is_done)
        reread = await self._store.listed(listed.id) or listed
        return ListReview(reread, unread, self.barred(person, reread))

    async def missing_after(self, permit: Permit, requests: Sequence[Request]) -> ListMissing:
        """Return what each of these requests lacks after an approval by the permit's person, with today's budget."""
        limits = await self._store.limits_of(requests[0])
        permits = await self._permits(permit, requests)

        def with_list(others: int) -> Budget:
            return budget(with_others(limits, others, limits.at), self._policy)

        def beside(others: int) -> tuple[list[MissingApprovals], list[MissingApprovals]]:
            spent = with_list(others)
            weighed = [(apply_budget(each, spent), approvers_of(permits[approved_by(each)])) for each in requests]
            found = [missing_after(each, permit.person, self._policy, approvers) for each, approvers in weighed]
            return [before for before, _ in found], [after for _, after in found]

        before, together = beside(len(requests) - 1)
        spent = apply_budget(requests[0], with_list(len(requests) - 1)).budget
        return ListMissing(together, beside(0)[1], budget(limits, self._policy).room, before, spent)

    async def record(self, permit: Permit, list_id: str, act: ListAct) -> ListDecided | None:
        """Reject, withdraw, stop, continue or remind of all that is left of the list. None if there is no such list."""
        while listed := await self._store.listed(list_id):
            if any(each.approved_at for each in listed.requests if each.id in act.shown_ids):
                return ListDecided(listed, Objection.ENDED)
            moves: list[Move] = []
            left = _left(permit, listed, act)
            permits = await self._permits(permit, left)
            for each in left:
                if isinstance(judged := judge(permits[approved_by(each)], each, self._policy), Denial):
                    return ListDecided(listed, denial=judged)
                move = await self._move(judged, each, act)
                if isinstance(move, Objection):
                    return ListDecided(listed, move)
                moves.append(move)
            if not moves:
                return ListDecided(listed, Objection.ENDED)
            moved = await self._together.move_all(
                moves,
                actor_id=permit.person.id,
                actor_team_id=permit.person.team_id,
                surface=act.surface,
                resumes=act.paused_on if permit.action is Action.CONTINUE else None,
            )
            if moved:
                return ListDecided(await self._store.listed(list_id) or listed)
        return None

    async def _permits(self, permit: Permit, requests: Sequence[Request]) -> dict[tuple[str, ...], Permit]:
        """Return the permit for each group of approvers. What changes approvals needs them, to say what they lack."""
        firsts = {approved_by(each): each for each in reversed(requests)}
        if permit.action not in (Action.WITHDRAW_APPROVAL, Action.APPROVE):
            return dict.fromkeys(firsts, permit)
        return {by: await self._single.with_parties(permit, each) for by, each in firsts.items()}

    async def _move(self, permit: Permit, request: Request, act: ListAct) -> Move | Objection:
        """Return what the permitted action does to one request."""
        after: Request | Objection = request
        event, changed, details = CONTINUED, tuple[str, ...](), dict[str, str]()
        match permit.action:
            case Action.CONTINUE:
                pass
            case Action.REMIND:
                after = remind(request, now(), await self._store.limits_of(request))
                event, changed = Call.REMINDED, ("reminded_at",)
            case Action.WITHDRAW_APPROVAL:
                person, approvers = permit.person.id, approvers_of(permit)
                after = without_approval(request, person, now(), self._policy, approvers, shown_until=act.shown_until)
                event, changed = "approval withdrawn", REOPENED
            case _:
                after = decide(request, decision_of(permit, act.reason), self._policy, DeleteLimits(now()))
                event, changed = VERDICTS[permit.action], DECIDED
                details = {"reason": act.reason} if act.reason else {}
        if isinstance(after, Objection):
            return after
        return Move(request, after.state, event, {name: getattr(after, name) for name in changed}, details)


def _left(permit: Permit, listed: CampaignList, act: ListAct) -> Sequence[Request]:
    """Return the requests that the permitted action is about."""
    match permit.action:
        case Action.CONTINUE:
            return listed.waiting if listed.paused_on == act.paused_on else ()
        case Action.STOP:
            return listed.waiting
        case Action.WITHDRAW_APPROVAL:
            return listed.approved_by(permit.person.id)
    return [each for each in listed.awaiting if not act.shown_ids or each.id in act.shown_ids]
