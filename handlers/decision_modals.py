"""The approver's two modals, submitted: an approval or a rejection, counted once."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.clock import now
from deletion.decisions import Decisions
from deletion.models import Decision, Verdict
from deletion.policy import Policy
from deletion.workflow import Engine
from handlers.who_may import is_approver
from slack_ui import approve_modal, ids, notice, objection, reject_modal, words

Body = dict[str, Any]


class DecisionModals:
    """Listens to two views; asks again who may, because a group may have changed since the click."""

    def __init__(self, decisions: Decisions, engine: Engine, policy: Policy) -> None:
        self._decisions = decisions
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.view(ids.APPROVE_VIEW)(self.on_approve)
        app.view(ids.REJECT_VIEW)(self.on_reject)

    async def on_approve(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        form = approve_modal.parse(view)
        request = await self._decisions.request(form.request_id)
        if request and (wrong := approve_modal.errors(form, request)):
            await ack(response_action="errors", errors=wrong)
            return
        decision = Decision(person_id=body["user"]["id"], verdict=Verdict.APPROVED, at=now())
        await self._take(ack, client, form.request_id, decision)

    async def on_reject(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        form = reject_modal.parse(view)
        if wrong := reject_modal.errors(form):
            await ack(response_action="errors", errors=wrong)
            return
        person_id = body["user"]["id"]
        decision = Decision(person_id=person_id, verdict=Verdict.REJECTED, at=now(), reason=form.reason)
        await self._take(ack, client, form.request_id, decision)

    async def _take(self, ack: AsyncAck, client: AsyncWebClient, request_id: str, decision: Decision) -> None:
        """Record, then ack: what we acknowledge, we have recorded."""
        approver = await is_approver(client, self._policy, decision.person_id)
        decided = await self._decisions.take(request_id, decision, is_approver=approver, surface="modal")
        if decided is None:
            await ack(response_action="update", view=notice.told(*words.NO_SUCH_REQUEST))
            return
        if decided.objection:
            why = objection.explain(decided.objection, decided.request, decision.verdict)
            await ack(response_action="update", view=notice.told(words.NOTHING_DONE, why))
        else:
            await ack()
        await self._engine.go_on(decided.request)
