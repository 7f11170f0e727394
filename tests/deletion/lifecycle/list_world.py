"""The parts that decide about lists, over a real database and a Slack with four people."""

from collections.abc import Sequence
from typing import Any

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.list_approval import ListApproval, ListDecided, ListForm
from deletion.lifecycle.list_decisions import ListDecisions
from deletion.lifecycle.list_transitions import ListTransitions
from deletion.lifecycle.undo_window import commit_by
from deletion.stores.list_store import ListStore, Written
from tests.deletion.lifecycle.party_world import POLICY, Bot
from tests.deletion.values import campaign_list


async def keep(store: ListStore, requests: Sequence[Request]) -> None:
    """Keep these requests as a list, each for a campaign of its own."""
    entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
    fingerprints = [each.campaign.model_copy(update={"campaign_id": f"cd-{each.list_position}"}) for each in requests]
    kept = [each.model_copy(update={"campaign": of}) for each, of in zip(requests, fingerprints, strict=True)]
    assert await store.add_all([Written(each, entry, []) for each in kept], commit_by(now()))


class Lists:
    """The parts that decide about lists, over a database and a Slack with four people."""

    def __init__(self, url: str, policy: Policy = POLICY) -> None:
        self.bot = Bot(url, policy)
        self.slack, self.store = self.bot.slack, ListStore(self.bot.engine)
        together = ListTransitions(self.store, policy)
        self.decisions = ListDecisions(self.store, together, self.bot.decisions, self.bot.transitions, policy)
        self.approval = ListApproval(
            self.store, together, self.bot.decisions, self.bot.check, policy, transitions=self.bot.transitions
        )

    async def add(self, *approvers: tuple[str, ...], **changes: Any) -> CampaignList:
        """Keep a list with one request for each of these groups of people, who have approved it."""
        made = campaign_list(*[State.AWAITING_APPROVAL] * len(approvers), approvals_required=2, **changes)
        decided = [
            tuple(Decision(person_id=by, verdict=Verdict.APPROVED, at=now()) for by in people) for people in approvers
        ]
        approved = zip(made.requests, decided, strict=True)
        await keep(self.store, [each.model_copy(update={"decisions": by}) for each, by in approved])
        return await self.now(made)

    async def now(self, listed: CampaignList) -> CampaignList:
        found = await self.store.listed(listed.id)
        assert found
        return found

    async def approve(self, user_id: str, listed: CampaignList, *struck: Request, shown: int = 0) -> ListDecided:
        ids = [each.id for each in listed.requests[-shown:]]
        form = ListForm(frozenset(ids) - {each.id for each in struck}, frozenset(each.id for each in struck))
        decided = await self.approval.approve(self.permit(user_id, listed), listed.id, form)
        assert decided
        return decided

    def permit(self, user_id: str, listed: CampaignList, action: Action = Action.APPROVE) -> Permit:
        permit = self.slack.permit(user_id, listed.requests[0], action)
        assert isinstance(permit, Permit)
        return permit
