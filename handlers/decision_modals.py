"""The approver's two modals, submitted: an approval or a rejection, counted once."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from deletion.authority import Action, Denial, Permit
from deletion.decisions import Decisions
from deletion.models import Request
from deletion.policy import Policy
from deletion.workflow import Engine
from handlers.gate import Gate
from slack_ui import approve_modal, denial, ids, notice, objection, reject_modal, words

Body = dict[str, Any]


class DecisionModals:
    """Listens to two views; asks again who may, because a group may have changed since the click."""

    def __init__(self, gate: Gate, decisions: Decisions, engine: Engine, policy: Policy) -> None:
        self._gate = gate
        self._decisions = decisions
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.view(ids.APPROVE_VIEW)(self.on_approve)
        app.view(ids.REJECT_VIEW)(self.on_reject)

    async def on_approve(self, ack: AsyncAck, view: Body, body: Body) -> None:
        form = approve_modal.parse(view)
        request, permit = await self._ask(body, Action.APPROVE, form.request_id)
        if isinstance(permit, Permit) and request and (wrong := approve_modal.errors(form, request)):
            await ack(response_action="errors", errors=wrong)
        else:
            await self._take(ack, request, permit)

    async def on_reject(self, ack: AsyncAck, view: Body, body: Body) -> None:
        form = reject_modal.parse(view)
        request, permit = await self._ask(body, Action.REJECT, form.request_id)
        if isinstance(permit, Permit) and (wrong := reject_modal.errors(form)):
            await ack(response_action="errors", errors=wrong)
        else:
            await self._take(ack, request, permit, form.reason)

    async def _ask(self, body: Body, action: Action, request_id: str) -> tuple[Request | None, Permit | Denial]:
        """The card stands in the approvals channel, wherever the form was opened."""
        request = await self._decisions.request(request_id)
        channel_id = self._policy.approvals_channel or ""
        return request, await self._gate.admit(action, body, channel_id=channel_id, request=request)

    async def _take(self, ack: AsyncAck, request: Request | None, permit: Permit | Denial, reason: str = "") -> None:
        """Record, then ack: what we acknowledge, we have recorded."""
        if request is None:
            await ack(response_action="update", view=notice.told(*words.NO_SUCH_REQUEST))
        elif isinstance(permit, Denial):
            await ack(response_action="update", view=notice.told(words.NOTHING_DONE, denial.text(permit, request)))
        elif decided := await self._decisions.take(permit, surface="modal", reason=reason):
            if decided.objection:
                why = objection.explain(decided.objection, decided.request, await self._decisions.freeze())
                await ack(response_action="update", view=notice.told(words.NOTHING_DONE, why))
            else:
                await ack()
            await self._engine.go_on(decided.request)
