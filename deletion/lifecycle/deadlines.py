"""Expire, escalate and remind the requests that belong to no list, each by itself."""

from deletion.domain.approvals.reminders import called_before, due_call
from deletion.domain.clock import now
from deletion.domain.execution_check import OTHER_ACCOUNT
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.approver_calls import due_move
from deletion.lifecycle.party_check import PartyCheck
from deletion.lifecycle.refusal import end_refused
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore


class Deadlines:
    def __init__(self, store: RequestStore, transitions: Transitions, parties: PartyCheck, policy: Policy) -> None:
        self._store = store
        self._transitions = transitions
        self._parties = parties
        self._policy = policy

    async def keep(self) -> list[str]:
        """Keep the deadlines of this application's requests. Return the ids of those that changed.

        While requests are frozen, approvers are called for stops alone: nothing else can be approved.
        """
        name, account = self._policy.application, self._policy.kore_account
        expired = [each for each in await self._store.expired(now()) if each.application == name and not each.list_id]
        moved = [await self._transitions.expire(request) for request in expired]
        waiting = await self._store.awaiting_approval(name, account, called_before(self._policy, now()))
        moved += [await self._end_unserved(each.id) for each in waiting if not self._policy.serves(each)]
        due = [each for each in waiting if not each.list_id and due_call(each, self._policy, now())]
        freeze, _ = await self._store.current_freeze() if due else (None, 0)
        moved += [await self._call_approvers(each.id) for each in due if not (freeze and each.heeds_freeze)]
        return [request.id for request in moved if request]

    async def _end_unserved(self, request_id: str) -> Request | None:
        """End a request of another Kore.ai account, also one of a list: no approval could lead to anything."""
        request = await self._store.request(request_id)
        if request is None or request.state is not State.AWAITING_APPROVAL:
            return None
        return await end_refused(self._transitions, request, OTHER_ACCOUNT)

    async def _call_approvers(self, request_id: str) -> Request | None:
        """Escalate or remind what is still due. None if another replica did, or the request was decided."""
        request, at = await self._store.request(request_id), now()
        if request is None or request.state is not State.AWAITING_APPROVAL:
            return None
        due = await due_move(request, self._policy, self._parties, at)
        if due is None:
            return None
        return await self._transitions.move(request, due.to, due.event, details=due.details, **due.changes)
