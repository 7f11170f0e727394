"""Check the requester and the approvers again at the moment their rights are used."""

import asyncio
import logging
from itertools import takewhile
from typing import Any

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.approval import reopened, with_rule
from deletion.domain.approvals.authorization import Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.party_review import PartyDirectory, PartyReview, review
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.backoff import pause_after
from deletion.lifecycle.transitions import Transitions

ANSWER_WITHIN_SECONDS = 10
DEFERRED = "waiting for Slack"
REQUESTER_LAPSED = "The requester can no longer make requests ({why})."
log = logging.getLogger(__name__)
REOPENED = (
    "decisions", "struck", "approvals_required", "approval_quotas", "missing_approvals", "approved_at", "execute_after",
    "waiting_since", "expires_at", "awaiting_since",
)  # fmt: skip


class PartyCheck:
    """Strikes approvals that lapsed, and defers a request while Slack does not identify its parties."""

    def __init__(self, directory: PartyDirectory, transitions: Transitions, policy: Policy) -> None:
        self._directory = directory
        self._transitions = transitions
        self._policy = policy

    async def confirm(self, request: Request) -> Request | None:
        """Return this very request if requester and approvers still have the rights that they used.

        Otherwise change it, and return it changed: awaiting approval without the approvals that lapsed, or if they are
        fewer than today's rule requires, or not of its groups; ended where the requester's right lapsed; due later
        while Slack does not answer. None if another replica changed it first.
        """
        found = await self._review(request)
        if found.is_undecided:
            return await self._retry_later(request)
        if found.requester_lapse:
            return await self._end(request, found.requester_lapse)
        _, missing = with_rule(request, self._policy, found.approvers)
        if found.struck or missing.count:
            return await self.strike(request, found)
        return request

    async def strike(self, request: Request, found: PartyReview) -> Request | None:
        """Take the lapsed approvals away, and let the request await approval.

        None if another replica changed it first.
        """
        after = reopened(request, found.struck, now(), self._policy, found.approvers)
        details = {
            "struck": ", ".join(each.person_id for each in found.struck),
            "why": "; ".join(each.why for each in found.struck),
        }
        event, told = ("approval struck", details) if found.struck else ("approvals insufficient", {})
        changes = {name: getattr(after, name) for name in REOPENED}
        return await self._transitions.move(request, after.state, event, details=told, **changes)

    async def ruled(self, request: Request) -> dict[str, Any]:
        """Return the changes that today's rule makes to a request that awaits approval, and the approvals it lacks.

        It lacks at least one, which a person has yet to give. Empty without quotas, and if Slack does not identify the
        parties.
        """
        found = await self._review(request) if request.approval_quotas else PartyReview(is_undecided=True)
        if found.is_undecided:
            return {}
        ruled, missing = with_rule(request, self._policy, found.approvers)
        lacking = missing if missing.count else MissingApprovals(count=1)
        required = {name: getattr(ruled, name) for name in ("approvals_required", "approval_quotas")}
        return {**required, "missing_approvals": lacking}

    def lapsed(self, permit: Permit) -> PartyReview | None:
        """Return the review at the time of this permit, if an earlier approval had lapsed by then."""
        found = review(permit.parties, self._policy, now()) if permit.parties else PartyReview()
        return found if found.struck else None

    async def readmit(self, permit: Permit, request: Request) -> Permit | Denial:
        """Return a permit for this version of the request: the given one, if that was judged for it."""
        return permit if permit.is_for(request) else await self._directory.authorise_again(permit, request)

    async def _review(self, request: Request) -> PartyReview:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                return review(await self._directory.parties_of(request), self._policy, now())
        except TimeoutError:
            return PartyReview(is_undecided=True)

    async def _retry_later(self, request: Request) -> Request | None:
        deferrals = list(takewhile(_is_deferral, reversed(await self._transitions.entries(request.id))))
        until = now() + pause_after(len(deferrals))
        log.warning("Request deferred: Slack did not identify the parties")
        details = {"until": until.isoformat(timespec="seconds")}
        return await self._transitions.move(request, request.state, DEFERRED, details=details, execute_after=until)

    async def _end(self, request: Request, why: Denial) -> Request | None:
        """Nothing is sent any more. An earlier delete without an answer may still land, so its outcome is watched."""
        if request.attempt and request.attempt.kind is AttemptKind.NO_ANSWER:
            return await self._transitions.move(request, State.UNKNOWN, str(State.UNKNOWN), details={"why": why})
        earlier = request.attempt or Attempt(kind=AttemptKind.NOT_SENT, at=now())  # one at a rate limit was refused
        attempt = earlier.model_copy(update={"explanation": REQUESTER_LAPSED.format(why=why)})
        changes: dict[str, Any] = {"attempt": attempt, "waiting_since": None}
        return await self._transitions.move(request, State.FAILED, str(State.FAILED), details=attempt.told, **changes)


def _is_deferral(entry: Entry) -> bool:
    return entry.event == DEFERRED
