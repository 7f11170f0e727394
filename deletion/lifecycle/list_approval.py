"""Approve a list: judge the approver for each of its requests, and write all approvals in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deletion.domain.approvals.approval import Objection, decide, decision_of
from deletion.domain.approvals.authorization import ChannelKind, Permit, authorise
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.approvals.people import RequestParties
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.list_limits import with_others
from deletion.domain.models import Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.decisions import Decisions, approvers_of, changes_of, details_of
from deletion.lifecycle.list_transitions import ListTransitions, Move
from deletion.lifecycle.party_check import PartyCheck
from deletion.lifecycle.transitions import Transitions
from deletion.lifecycle.undo_window import commit_by, restart_if_late
from deletion.stores.list_store import ListStore

STRUCK = "Struck from the list by the approver"  # the reason of the rejection, which no form of a rejection accepts


@dataclass(frozen=True)
class ListDecided:
    """The list as it is now; and why the decision did not count, if it did not."""

    listed: CampaignList
    objection: Objection | None = None
    denial: Denial | None = None


@dataclass(frozen=True)
class ListForm:
    """A submitted approval: the requests to delete and the struck ones, the comment, and the id of the form.

    ``promises`` are what the form said about requests to delete, by their ids.
    """

    approved_ids: frozenset[str]
    struck_ids: frozenset[str] = frozenset()
    comment: str = ""
    form_id: str = ""
    promises: Mapping[str, FormPromise] = field(default_factory=dict)


class ListApproval:
    """A request that may not be approved stops the whole."""

    def __init__(  # noqa: PLR0913 - the parts of a decision about one request, and of one about many
        self,
        store: ListStore,
        together: ListTransitions,
        single: Decisions,
        parties: PartyCheck,
        policy: Policy,
        *,
        transitions: Transitions,
    ) -> None:
        self._store = store
        self._together = together
        self._single = single
        self._parties = parties
        self._policy = policy
        self._transitions = transitions

    async def approve(self, permit: Permit, list_id: str, form: ListForm) -> ListDecided | None:
        """Approve requests of a list and reject the struck ones. None if there is no such list.

        All of them must still await approval. See ``Decisions.record``.
        """
        ids = form.approved_ids | form.struck_ids
        while listed := await self._store.listed(list_id):
            wanted = [each for each in listed.awaiting if each.id in ids]
            if not form.approved_ids or len(wanted) != len(ids):
                return ListDecided(listed, Objection.ENDED)
            judged = await self._judge(permit, listed, wanted, form)
            if isinstance(judged, Denial):
                return ListDecided(listed, denial=judged)
            if judged is None:
                continue
            moves = await self._approvals(judged, [each for each in wanted if each.id in form.approved_ids], form)
            if isinstance(moves, Objection):
                return ListDecided(await self._expired(listed) if moves is Objection.EXPIRED else listed, moves)
            moves += _rejections(permit, [each for each in wanted if each.id in form.struck_ids])
            if moved := await self._move(permit, moves):
                for each in moved:
                    await restart_if_late(self._transitions, each, self._policy)
                return ListDecided(await self._store.listed(list_id) or listed)
        return None

    async def _judge(
        self, permit: Permit, listed: CampaignList, wanted: Sequence[Request], form: ListForm
    ) -> dict[str, Permit] | Denial | None:
        """Return a permit for each request as it is now; None if an earlier approval had lapsed, and was struck.

        The parties are looked up once for the requests with the same approvals.
        """
        looked_up: dict[tuple[str, ...], Permit] = {}
        permits: dict[str, Permit] = {}
        for each in wanted:
            by = approved_by(each)
            known = looked_up.get(by) or await self._parties.readmit(permit, each)
            if isinstance(known, Denial):
                return known
            if lapsed := self._parties.lapsed(known):
                for other in listed.awaiting:
                    if by == approved_by(other):
                        await self._parties.strike(other, lapsed)
                return None
            looked_up[by] = known
            judged = judge(known, each, self._policy)
            if isinstance(judged, Denial):
                return judged
            if await self._single.has_approved_before(each, form.form_id):
                return Denial.DUPLICATE_PAYLOAD
            permits[each.id] = judged
        return permits

    async def _approvals(
        self, permits: Mapping[str, Permit], requests: Sequence[Request], form: ListForm
    ) -> list[Move] | Objection:
        limits_of = [(each, await self._store.limits_of(each)) for each in requests]
        decision = decision_of(permits[requests[0].id], form.comment)  # after the reads, which may take long
        decided: list[tuple[Request, Request, DeleteLimits]] = []
        for each, limits in limits_of:
            of_list = with_others(limits, len(requests) - 1, decision.at)
            approvers, promise = approvers_of(permits[each.id]), form.promises.get(each.id)
            after = decide(each, decision, self._policy, of_list, approvers)
            if isinstance(after, Objection):
                return after
            if promise and promise.is_broken_by(after, self._policy, approvers):
                return Objection.OUTDATED
            decided.append((each, after, limits))
        approved = sum(after.state is State.APPROVED for _, after, _ in decided)
        return [
            Move(
                each,
                after.state,
                Verdict.APPROVED,
                changes_of(after),
                details_of(each, after, form.comment, form.form_id),
                with_others(limits, approved - (after.state is State.APPROVED), decision.at),
            )
            for each, after, limits in decided
        ]

    async def _move(self, permit: Permit, moves: Sequence[Move]) -> list[Request] | None:
        decided_at = max(decision.at for move in moves for decision in move.changes["decisions"])
        return await self._together.move_all(
            moves,
            actor_id=permit.person.id,
            actor_team_id=permit.person.team_id,
            surface="modal",
            commit_by=min(commit_by(decided_at, move.before.expires_at, len(moves)) for move in moves),
        )

    async def _expired(self, listed: CampaignList) -> CampaignList:
        at = now()
        if expired := [each for each in listed.awaiting if each.expires_at and at >= each.expires_at]:
            await self._together.expire(expired)
        return await self._store.listed(listed.id) or listed


def approved_by(request: Request) -> tuple[str, ...]:
    return tuple(approval.person_id for approval in request.approvals)


def _rejections(permit: Permit, requests: Sequence[Request]) -> list[Move]:
    decision = decision_of(permit, STRUCK).model_copy(update={"verdict": Verdict.REJECTED})
    return [
        Move(
            each,
            State.REJECTED,
            Verdict.REJECTED,
            {"decisions": (*each.decisions, decision)},
            {"reason": STRUCK},
        )
        for each in requests
    ]


def judge(permit: Permit, request: Request, policy: Policy) -> Permit | Denial:
    """Return a permit for another request of the same list, by the same people: the gate has judged the channel."""
    known = permit.parties
    requester, approvers = (known.requester, known.approvers) if known else (None, ())
    parties = RequestParties(request, requester, approvers)
    return authorise(permit.action, permit.person, policy, ChannelKind.OURS, parties)
