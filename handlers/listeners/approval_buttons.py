"""The buttons under a request: approve and reject open a modal, withdraw and stop act at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approval import Objection
from deletion.domain.authorization import Action, Denial
from deletion.domain.models import Request, State
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.kore.campaign_gateway import OnRateLimited
from deletion.lifecycle.decisions import Decisions
from handlers.access.gate import Gate
from handlers.replies.loading_modal import open_loading, rate_limit_notifier, update_view
from handlers.replies.private_reply import reply_to_click
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import approve_modal, notice, refusals, reject_modal

Body = dict[str, Any]


class ApprovalButtons:
    """Listens to four buttons. Who clicked comes from Slack, never from the button, and is asked about each time."""

    def __init__(self, gate: Gate, decisions: Decisions, engine: Engine, policy: Policy) -> None:
        self._gate = gate
        self._decisions = decisions
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.action(ids.APPROVE_BUTTON)(self.on_approve)
        app.action(ids.REJECT_BUTTON)(self.on_reject)
        app.action(ids.CANCEL_BUTTON)(self.on_cancel)
        app.action(ids.STOP_BUTTON)(self.on_stop)

    async def on_approve(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._open(
            client, body, strings.modals.CHECKING, lambda tell: self._approve_view(body, action["value"], tell)
        )

    async def on_reject(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._open(
            client, body, strings.modals.LOADING_REQUEST, lambda _: self._reject_view(body, action["value"])
        )

    async def on_cancel(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._decide(client, body, action["value"], Action.CANCEL)

    async def on_stop(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._decide(client, body, action["value"], Action.STOP)

    def _place(self, body: Body) -> str:
        """Where the button stands; from the Home one approves what stands in the approvals channel."""
        channel = body.get("channel") or {}
        return str(channel.get("id") or self._policy.approvals_channel or "")

    async def _open(
        self, client: AsyncWebClient, body: Body, loading: str, look: Callable[[OnRateLimited], Awaitable[View]]
    ) -> None:
        """Open a loading modal at once and replace its content with the view that ``look`` returns."""
        opening = asyncio.create_task(open_loading(client, body["trigger_id"], loading))
        opened, view = await asyncio.gather(opening, look(rate_limit_notifier(client, opening)))
        if opened is None:
            await reply_to_click(client, body, strings.modals.NOT_OPENED_FROM_BUTTON)
        else:
            await update_view(client, opened, view)

    async def _approve_view(self, body: Body, request_id: str, tell: OnRateLimited) -> View:
        request, refused = await self._check(body, request_id, Action.APPROVE)
        if refused or request is None:
            return refused or notice.error(*strings.modals.NO_SUCH_REQUEST)
        looked = await self._decisions.recheck_campaign(request, tell)
        if looked is None:
            return notice.error(*strings.modals.CAMPAIGN_UNREADABLE)
        await self._engine.request_changed(looked)
        match looked.state:
            case State.AWAITING_APPROVAL:
                return approve_modal.build(await self._decisions.with_budget(looked), self._policy.undo_window)
            case State.CHANGED:
                return notice.error(*strings.modals.DRIFTED)
            case State.GONE:
                return notice.error(*strings.modals.VANISHED)
            case _:
                return notice.error(strings.modals.NOTHING_DONE, refusals.objection_text(Objection.ENDED, looked))

    async def _reject_view(self, body: Body, request_id: str) -> View:
        request, refused = await self._check(body, request_id, Action.REJECT)
        if refused or request is None:
            return refused or notice.error(*strings.modals.NO_SUCH_REQUEST)
        return reject_modal.build(request)

    async def _check(self, body: Body, request_id: str, action: Action) -> tuple[Request | None, View | None]:
        """The request if this person could decide it now, else a modal that says why not."""
        request = await self._decisions.request(request_id)
        permit = await self._gate.admit(action, body, channel_id=self._place(body), request=request)
        if request is None:
            return None, None
        if isinstance(permit, Denial):
            return request, notice.error(strings.modals.NOTHING_DONE, refusals.denial_text(permit, request))
        if why := await self._decisions.objection(request, permit):
            said = refusals.objection_text(why, request, await self._decisions.freeze())
            return request, notice.error(strings.modals.NOTHING_DONE, said)
        return request, None

    async def _decide(self, client: AsyncWebClient, body: Body, request_id: str, action: Action) -> None:
        request = await self._decisions.request(request_id)
        permit = await self._gate.admit(action, body, request=request)
        if request is None:
            await reply_to_click(client, body, strings.modals.NO_SUCH_REQUEST[1])
        elif isinstance(permit, Denial):
            await reply_to_click(client, body, refusals.denial_text(permit, request))
        elif decided := await self._decisions.record(permit, surface=_surface(body)):
            if decided.objection:
                why = refusals.objection_text(decided.objection, decided.request)
                await reply_to_click(client, body, why)
            await self._engine.request_changed(decided.request)


def _surface(body: Body) -> str:
    return "button" if body.get("channel") else "home"
