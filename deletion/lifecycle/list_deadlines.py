"""Expire, escalate and remind the requests of a list together: its approvers are called once."""

from deletion.domain.approvals.reminders import called_before, due_call
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.lifecycle.approver_calls import due_move
from deletion.lifecycle.list_transitions import ListTransitions
from deletion.lifecycle.party_check import PartyCheck
from deletion.stores.list_store import ListStore


class ListDeadlines:
    def __init__(self, store: ListStore, together: ListTransitions, parties: PartyCheck, policy: Policy) -> None:
        self._store = store
        self._together = together
        self._parties = parties
        self._policy = policy

    async def keep(self) -> list[str]:
        """Keep the deadlines of this application's lists. Return the ids of the lists that changed."""
        name, at = self._policy.application, now()
        expired = [each for each in await self._store.expired(at) if each.list_id and each.application == name]
        changed = list(dict.fromkeys(each.list_id for each in expired if each.list_id))
        for list_id in changed:
            await self._together.expire([each for each in expired if each.list_id == list_id])
        account, before = self._policy.kore_account, called_before(self._policy, at)
        waiting = await self._store.awaiting_approval(name, account, before)
        due = [each for each in waiting if each.list_id and due_call(each, self._policy, at)]
        freeze, _ = await self._store.current_freeze() if due else (None, 0)
        for list_id in dict.fromkeys(each.list_id for each in due if each.list_id and not freeze):
            listed = await self._store.listed(list_id)
            if listed and await self._call_approvers(listed):
                changed.append(list_id)
        return changed

    async def _call_approvers(self, listed: CampaignList) -> list[Request] | None:
        """Escalate or remind what is still due; None if nothing is, or the list was changed at the same moment."""
        at = now()
        due = [await due_move(each, self._policy, self._parties, at) for each in listed.awaiting]
        moves = [move for move in due if move]
        return await self._together.move_all(moves) if moves else None
