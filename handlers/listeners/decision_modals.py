"""The approve and the reject form, submitted: a decision, recorded once."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.lifecycle.decisions import Decisions
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate, sender
from handlers.replies.form_submission import Answer, respond
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import approve_modal, notice, refusals, reject_modal

Body = dict[str, Any]


class DecisionModals:
    """Listens to two views. Authorises again, because rights may have changed since the click."""

    def __init__(
        self, gate: Gate, requests: RequestStore, decisions: Decisions, engine: Engine, policy: Policy
    ) -> None:
        self._gate = gate
        self._requests = requests
        self._decisions = decisions
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.view(ids.APPROVE_VIEW)(self.on_approve)
        app.view(ids.REJECT_VIEW)(self.on_reject)

    async def on_approve(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        judging = self._approve(approve_modal.parse(view), body)
        go_on = partial(self._engine.request_changed, actor_id=sender(body)[1])
        await respond(ack, client, view, judging, go_on)

    async def on_reject(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        judging = self._reject(reject_modal.parse(view), body)
        go_on = partial(self._engine.request_changed, actor_id=sender(body)[1])
        await respond(ack, client, view, judging, go_on)

    async def _approve(self, form: approve_modal.Form, body: Body) -> Answer:
        request, permit = await self._admit(body, Action.APPROVE, form.request_id)
        if isinstance(permit, Permit) and request and (wrong := approve_modal.errors(form, request, self._policy)):
            return wrong
        return await self._record(request, permit, form.comment, str(body["view"]["id"]), form.promise)

    async def _reject(self, form: reject_modal.Form, body: Body) -> Answer:
        request, permit = await self._admit(body, Action.REJECT, form.request_id)
        if isinstance(permit, Permit) and (wrong := reject_modal.errors(form)):
            return wrong
        return await self._record(request, permit, form.reason)

    async def _admit(self, body: Body, action: Action, request_id: str) -> tuple[Request | None, Permit | Denial]:
        """Authorise for the channel of the approval cards, wherever the form was opened."""
        request = await self._requests.request(request_id)
        channel_id = self._policy.approvals_channel or ""
        return request, await self._gate.admit(action, body, channel_id=channel_id, request=request)

    async def _record(
        self,
        request: Request | None,
        permit: Permit | Denial,
        reason: str = "",
        form_id: str = "",
        promise: FormPromise | None = None,
    ) -> Answer:
        if isinstance(permit, Denial) and request:
            return refusals.denial_view(permit, self._policy, request=request)
        if request is None or isinstance(permit, Denial):
            return notice.error(*strings.modals.NO_SUCH_REQUEST)
        decided = await self._decisions.record(permit, surface="modal", reason=reason, form=form_id, promise=promise)
        if decided is None:
            return notice.error(*strings.modals.NO_SUCH_REQUEST)
        if decided.denial:
            return refusals.denial_view(decided.denial, self._policy, request=decided.request)
        if decided.objection:
            freeze, _ = await self._requests.current_freeze()
            return refusals.objection_view(decided.objection, decided.request, freeze)
        return decided.request
