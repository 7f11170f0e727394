"""The approve and the reject form of a list, submitted: a decision about each of its requests, recorded once."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.lifecycle.list_approval import ListApproval, ListDecided, ListForm
from deletion.lifecycle.list_decisions import ListAct, ListDecisions
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate, sender
from handlers.replies.form_submission import Answer, respond
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import list_approve_modal, list_reject_modal, notice, refusals

Body = dict[str, Any]


class ListForms:
    """Listens to two views. Authorises again, because rights may have changed since the click."""

    def __init__(  # noqa: PLR0913 - what it takes to judge a decision and to record it
        self,
        gate: Gate,
        requests: RequestStore,
        approval: ListApproval,
        decisions: ListDecisions,
        engine: Engine,
        *,
        policy: Policy,
    ) -> None:
        self._gate = gate
        self._requests = requests
        self._approval = approval
        self._decisions = decisions
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.view(ids.LIST_APPROVE_VIEW)(self.on_approve)
        app.view(ids.LIST_REJECT_VIEW)(self.on_reject)

    async def on_approve(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        go_on = partial(self._recorded, actor_id=sender(body)[1])
        await respond(ack, client, view, self._approve(list_approve_modal.parse(view), body), go_on)

    async def on_reject(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        go_on = partial(self._recorded, actor_id=sender(body)[1])
        await respond(ack, client, view, self._reject(list_reject_modal.parse(view), body), go_on)

    async def _recorded(self, request: Request, actor_id: str) -> None:
        if listed := await self._requests.listed(request.id):
            await self._engine.list_changed(listed, actor_id)

    async def _approve(self, form: list_approve_modal.Form, body: Body) -> Answer:
        listed, permit = await self._admit(body, Action.APPROVE, form.list_id)
        if listed is None:
            return notice.error(*strings.modals.NO_SUCH_REQUEST)
        if isinstance(permit, Denial):
            return self._denied(permit, Action.APPROVE, listed)
        if wrong := list_approve_modal.errors(form, self._policy):
            return wrong
        struck = frozenset(form.struck_ids) & frozenset(form.shown_ids)
        approved, promises = frozenset(form.shown_ids) - struck, form.promise.of_each(form.shown_ids, form.struck_ids)
        submitted = ListForm(approved, struck, form.comment, str(body["view"]["id"]), promises)
        return await self._answer(await self._approval.approve(permit, listed.id, submitted), Action.APPROVE)

    async def _reject(self, form: list_reject_modal.Rejection, body: Body) -> Answer:
        listed, permit = await self._admit(body, Action.REJECT, form.list_id)
        if listed is None:
            return notice.error(*strings.modals.NO_SUCH_REQUEST)
        if isinstance(permit, Denial):
            return self._denied(permit, Action.REJECT, listed)
        if wrong := list_reject_modal.errors(form):
            return wrong
        decided = await self._decisions.record(
            permit, listed.id, ListAct("modal", form.reason, shown_ids=form.shown_ids)
        )
        return await self._answer(decided, Action.REJECT)

    async def _admit(self, body: Body, action: Action, list_id: str) -> tuple[CampaignList | None, Permit | Denial]:
        """Authorise for the channel of the approval cards, wherever the form was opened."""
        listed = await self._requests.listed(list_id)
        request = listed.first_to_decide if listed else None
        channel_id = self._policy.approvals_channel or ""
        return listed, await self._gate.admit(action, body, channel_id=channel_id, request=request)

    async def _answer(self, decided: ListDecided | None, action: Action) -> Answer:
        if decided is None:
            return notice.error(*strings.modals.NO_SUCH_REQUEST)
        if decided.denial:
            return self._denied(decided.denial, action, decided.listed)
        if decided.objection:
            freeze, _ = await self._requests.current_freeze()
            said = refusals.list_objection(decided.objection, freeze)
            return notice.error(strings.modals.NOTHING_DONE, said)
        return decided.listed.overall

    def _denied(self, denial: Denial, action: Action, listed: CampaignList) -> Answer:
        return notice.error(*refusals.list_denial(denial, self._policy, action, listed))
