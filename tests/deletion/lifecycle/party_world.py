"""The parts that check parties and record decisions, over a real database and a Slack with four people."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from deletion.db.connection import open_engine
from deletion.domain.approvals.authorization import Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import RequestParties
from deletion.domain.clock import now
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.lifecycle.deadlines import Deadlines
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.party_check import PartyCheck
from deletion.lifecycle.transitions import Transitions
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.request_store import RequestStore
from tests.deletion.values import freeze, person, request

POLICY = Policy(requesters=("U0ALICE",), approvers=("U0BOB", "U0CAROL", "U0DAVE"), approvals_required=2)


class Directory:
    """A Slack with these people; ``answers`` holds it up until it is set."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.people = {each: person(each) for each in ("U0ALICE", "U0BOB", "U0CAROL", "U0DAVE")}
        self.answers = asyncio.Event()
        self.answers.set()

    def change(self, user_id: str, **facts: Any) -> None:
        self.people[user_id] = self.people[user_id].model_copy(update=facts)

    def permit(self, user_id: str, asked: Request, action: Action = Action.APPROVE) -> Permit | Denial:
        return authorise(action, self.people[user_id], self._policy, ChannelKind.OURS, self._parties(asked))

    async def parties_of(self, request: Request) -> RequestParties:
        await self.answers.wait()
        return self._parties(request)

    async def authorise_again(self, permit: Permit, request: Request) -> Permit | Denial:
        await self.answers.wait()
        return self.permit(permit.person.id, request, permit.action)

    def _parties(self, request: Request) -> RequestParties:
        approvers = [self.people[approval.person_id] for approval in request.approvals]
        return RequestParties(request, self.people[request.requester_id], approvers)


class Bot:
    """The parts that check and decide, over a database."""

    def __init__(self, url: str, policy: Policy = POLICY) -> None:
        self.engine = open_engine(url)
        self.store, self.slack = RequestStore(self.engine), Directory(policy)
        self.transitions = Transitions(self.store, policy)
        self.check = PartyCheck(self.slack, self.transitions, policy)
        self.decisions = Decisions(self.store, self.transitions, None, self.check, policy)  # type: ignore[arg-type]  # reads no campaign
        self.deadlines = Deadlines(self.store, self.transitions, self.check, policy)

    async def add(self, *approvers: str, **changes: Any) -> Request:
        approvals = tuple(Decision(person_id=each, verdict=Verdict.APPROVED, at=now()) for each in approvers)
        kept = request(**{"approvals_required": 2, "decisions": approvals, **changes})
        await self.store.add(kept, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
        return kept

    async def approve(self, permit: Permit | Denial) -> Denial | None:
        assert isinstance(permit, Permit)
        decided = await self.decisions.record(permit, surface="modal")
        assert decided
        return decided.denial

    async def freeze(self) -> None:
        entry = Entry(at=now(), event="frozen", actor_id="U0BOB", surface="test")
        assert await FreezeStore(self.engine).freeze(freeze(), entry, [])

    async def events(self, kept: Request) -> list[str]:
        return [entry.event for entry in await self.store.entries(kept.id)]

    async def now(self, kept: Request) -> Request:
        found = await self.store.request(kept.id)
        assert found
        return found


Open = Callable[..., Awaitable[Bot]]  # with these settings
