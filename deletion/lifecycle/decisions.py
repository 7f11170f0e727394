"""Record what people decide about a request, and re-read its campaign for an approver."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deletion.domain.approvals.approval import (
    VERDICTS,
    Objection,
    decide,
    decision_of,
    remind,
    with_rule,
    without_approval,
)
from deletion.domain.approvals.authorization import Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.approvals.people import Person
from deletion.domain.approvals.reminders import Call
from deletion.domain.attempt import Observation
from deletion.domain.clock import now
from deletion.domain.execution_check import OTHER_ACCOUNT
from deletion.domain.freeze_and_budget import apply_budget, budget, over_budget
from deletion.domain.models import Purpose, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.kore.campaign_gateway import CampaignGateway, OnRateLimited
from deletion.lifecycle.kept_promise import promise_details
from deletion.lifecycle.party_check import REOPENED, PartyCheck
from deletion.lifecycle.refusal import end_if_not_deletable, end_if_not_stoppable, end_refused, why_not_rebuilt
from deletion.lifecycle.transitions import Transitions
from deletion.lifecycle.undo_window import commit_by, restart_if_late
from deletion.stores.request_store import RequestStore
from kore_api.errors import CampaignNotFoundError, KoreError
from kore_api.models import Campaign

FORM = "form"  # the journal's name of the form that brought an approval
DECIDED = (
    "decisions", "approvals_required", "approval_quotas", "missing_approvals", "budget", "approved_at", "execute_after",
    "expires_at",
)  # fmt: skip


@dataclass(frozen=True)
class Decided:
    """The request as it is now; and why the decision did not count, if it did not."""

    request: Request
    objection: Objection | None = None
    denial: Denial | None = None


@dataclass(frozen=True)
class Rechecked:
    """The request as it is after the recheck, and the campaign as Kore.ai shows it; None if it was not read."""

    request: Request
    campaign: Campaign | None = None


class Decisions:
    """Serialised by compare-and-swap on the row: a decision that loses is made again on the newer version."""

    def __init__(
        self,
        store: RequestStore,
        transitions: Transitions,
        campaign: CampaignGateway,
        parties: PartyCheck,
        policy: Policy,
    ) -> None:
        self._store = store
        self._transitions = transitions
        self._campaign = campaign
        self._parties = parties
        self._policy = policy

    async def objection(self, request: Request, permit: Permit) -> Objection | None:
        """Return why this decision would not count if it were made now."""
        decided = decide(request, decision_of(permit), self._policy, await self._store.limits_of(request))
        return decided if isinstance(decided, Objection) else None

    async def with_budget(self, request: Request) -> Request:
        """Return the request as its last approval would find it now: with today's budget and the stricter rule."""
        weighed = apply_budget(request, budget(await self._store.limits_of(request), self._policy))
        ruled, _ = with_rule(weighed, self._policy, ())
        return ruled.model_copy(update={"missing_approvals": request.missing_approvals})

    async def record(
        self, permit: Permit, *, surface: str, reason: str = "", form: str = "", promise: FormPromise | None = None
    ) -> Decided | None:
        """Record the permitted decision once. None if there is no such request.

        ``form`` is the id of the submitted form. It approves once: Slack may repeat it after a withdrawal. An approval
        that would break its ``promise`` is not recorded.

        An approval is judged again for the version of the request that it is written to: another account of the same
        person may have approved since, and an earlier approver may have lost the right. It takes its time anew with
        each attempt, so that the undo window starts when it is written.
        """
        is_approval = VERDICTS[permit.action] is Verdict.APPROVED
        while request := await self._store.request(permit.request_id or ""):
            if is_approval and request.state is State.AWAITING_APPROVAL:
                judged = await self._parties.readmit(permit, request)
                if isinstance(judged, Denial):
                    return Decided(request, denial=judged)
                if await self.has_approved_before(request, form):
                    return Decided(request, denial=Denial.DUPLICATE_PAYLOAD)
                permit = judged
                if lapsed := self._parties.lapsed(permit):
                    await self._parties.strike(request, lapsed)
                    continue
            limits = await self._store.limits_of(request)
            decision = decision_of(permit, reason)
            decided = decide(request, decision, self._policy, limits, approvers_of(permit))
            if isinstance(decided, Objection):
                expired = await self._transitions.expire(request) if decided is Objection.EXPIRED else None
                return Decided(expired or request, decided)
            if promise and promise.is_broken_by(decided, self._policy, approvers_of(permit)):
                return Decided(request, Objection.OUTDATED)
            details = details_of(request, decided, reason, form if is_approval else "")
            details |= promise_details(decided, self._policy) if is_approval else {}
            moved = await self._transitions.move(
                request,
                decided.state,
                decision.verdict,
                actor_id=decision.person_id,
                actor_team_id=permit.person.team_id,
                surface=surface,
                details=details,
                expected_limits=limits if is_approval else None,
                commit_by=commit_by(decision.at, request.expires_at) if is_approval else None,
                **changes_of(decided),
            )
            if moved:
                return Decided(await restart_if_late(self._transitions, moved, self._policy))
        return None

    async def withdraw_approval(
        self, permit: Permit, *, surface: str, shown_until: datetime | None = None
    ) -> Decided | None:
        """Take back the approval of the permit's person. None if there is no such request.

        An approval given after ``shown_until`` stays: a repeated click withdraws no approval that was given again.

        The parties of the present version are needed to say what is missing.
        """
        while request := await self._store.request(permit.request_id or ""):
            permit = await self.with_parties(permit, request)
            after = without_approval(
                request, permit.person.id, now(), self._policy, approvers_of(permit), shown_until=shown_until
            )
            if isinstance(after, Objection):
                return Decided(request, after)
            changes = {name: getattr(after, name) for name in ("state", *REOPENED)}
            if moved := await self._act(permit, request, "approval withdrawn", surface, **changes):
                return Decided(moved)
        return None

    async def remind(self, permit: Permit, *, surface: str) -> Decided | None:
        """Remind the approvers at the requester's wish. None if there is no such request."""
        while request := await self._store.request(permit.request_id or ""):
            after = remind(request, now(), await self._store.limits_of(request))
            if isinstance(after, Objection):
                return Decided(request, after)
            if moved := await self._act(permit, request, Call.REMINDED, surface, reminded_at=after.reminded_at):
                return Decided(moved)
        return None

    async def _act(
        self, permit: Permit, request: Request, event: str, surface: str, *, state: State | None = None, **changes: Any
    ) -> Request | None:
        return await self._transitions.move(
            request,
            state or request.state,
            event,
            actor_id=permit.person.id,
            actor_team_id=permit.person.team_id,
            surface=surface,
            **changes,
        )

    async def recheck_campaign(self, request: Request, tell: OnRateLimited) -> Rechecked | KoreError:
        """Re-read the campaign for an approver, and end the request if it changed or may not be deleted now.

        Return the request as it is then, or the error that says why the campaign could not be read.
        """
        if not self._policy.serves(request):
            await end_refused(self._transitions, request, OTHER_ACCOUNT)
            return Rechecked(await self._current(request))
        if request.purpose is Purpose.REBUILD:  # what was archived does not change
            if why := await why_not_rebuilt(self._store, request):
                await end_refused(self._transitions, request, why)
            return Rechecked(await self._current(request))
        found = await self._campaign.read_when_allowed(request.campaign.campaign_id, tell)
        if isinstance(found, CampaignNotFoundError):
            seen = await self._campaign.observe(request.campaign.campaign_id, request.witnesses, patient=False)
            if seen is not Observation.ABSENT:
                return found
            gone = await self._transitions.move(request, State.GONE, "gone", observation=seen)
            return Rechecked(gone or await self._current(request))
        if isinstance(found, KoreError):
            return found
        ends = end_if_not_stoppable if request.due_action is Purpose.STOP else end_if_not_deletable
        await ends(self._transitions, request, found, self._policy)
        return Rechecked(await self._current(request), found)

    async def with_parties(self, permit: Permit, request: Request) -> Permit:
        """Return the permit with the parties of this version of the request, as far as Slack identifies them.

        A right that was lost since is not denied: use it only for what takes an approval away.
        """
        judged = await self._parties.readmit(permit, request)
        return judged if isinstance(judged, Permit) else permit

    async def has_approved_before(self, request: Request, form: str) -> bool:
        """Return whether this form brought an approval that was struck. One that counts is refused by ``decide``."""
        if not (form and request.struck):
            return False
        approvals = [entry for entry in await self._store.entries(request.id) if entry.event == Verdict.APPROVED]
        return any(entry.details.get(FORM) == form for entry in approvals)

    async def _current(self, request: Request) -> Request:
        return await self._store.request(request.id) or request


def approvers_of(permit: Permit) -> list[Person]:
    """Return the people who have approved as of this permit, with its own person."""
    return [*(permit.parties.approvers if permit.parties else ()), permit.person]


def changes_of(decided: Request) -> dict[str, Any]:
    """Return what a decision changes besides the state."""
    return {name: getattr(decided, name) for name in DECIDED}


def details_of(before: Request, after: Request, reason: str, form: str) -> dict[str, str]:
    """Return a decision's details for the journal."""
    details = {name: text for name, text in (("reason", reason), (FORM, form)) if text}
    grown = after.approvals_required > before.approvals_required
    return {**details, **over_budget(after.budget)} if grown else details
