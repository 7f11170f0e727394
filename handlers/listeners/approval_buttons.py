"""The buttons under a request: approve and reject open a modal, the others act at once."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approvals.approval import Objection, missing_after
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.extent import Extent
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.engine.workflows import Engine
from deletion.kore.campaign_gateway import OnRateLimited
from deletion.lifecycle.decisions import Decided, Decisions
from deletion.lifecycle.intake import Intake
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate, sender
from handlers.replies.loading_modal import Modal, open_and_fill, open_view, show_or_log, show_twice
from handlers.replies.private_reply import is_in_modal, reply_to_click
from kore_api.errors import KoreError
from slack_ui import strings
from slack_ui.messages.approval_buttons import parse_withdrawal
from slack_ui.parts import ids
from slack_ui.parts.links import Links
from slack_ui.views import approve_modal, notice, refusals, reject_modal
from slack_ui.views.approve_modal import Review

Body = dict[str, Any]


class ApprovalButtons:
    """Listens to six buttons, and authorises each click anew. A button holds no rights, only what it is about."""

    def __init__(  # noqa: PLR0913 - what it takes to show a decision and to record it
        self,
        gate: Gate,
        requests: RequestStore,
        decisions: Decisions,
        intake: Intake,
        *,
        engine: Engine,
        policy: Policy,
        links: Links,
    ) -> None:
        self._gate = gate
        self._requests = requests
        self._decisions = decisions
        self._engine = engine
        self._intake = intake
        self._policy = policy
        self._links = links

    def register(self, app: AsyncApp) -> None:
        app.action(ids.APPROVE_BUTTON)(self.on_approve)
        app.action(ids.REJECT_BUTTON)(self.on_reject)
        app.action(ids.CANCEL_BUTTON)(self.on_cancel)
        app.action(ids.STOP_BUTTON)(self.on_stop)
        app.action(ids.WITHDRAW_APPROVAL_BUTTON)(self.on_withdraw_approval)
        app.action(ids.REMIND_BUTTON)(self.on_remind)

    async def on_approve(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()

        async def fill(modal: Modal, found: View | Review) -> None:
            if isinstance(found, View):
                await modal.show(found)
            else:
                await self._show(modal, found)

        async def otherwise(found: View | Review, code: str) -> None:
            await reply_to_click(client, body, refusals.not_opened(found, code, strings.modals.NOT_OPENED_FROM_BUTTON))

        async def find(notify: OnRateLimited) -> View | Review:
            return await self._review(body, action["value"], notify)

        loading = notice.loading(strings.modals.CHECKING, strings.modals.APPROVE_TITLE)
        await open_and_fill(client, body, find, fill, otherwise, loading=loading)

    async def on_reject(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await open_view(
            client,
            body,
            lambda _: self._reject_view(body, action["value"]),
            notice.loading(strings.modals.LOADING_REQUEST, strings.modals.REJECT_TITLE),
        )

    async def on_cancel(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        decided = await self._act(client, body, action["value"], Action.CANCEL)
        if decided and not decided.objection and is_in_modal(body):
            window = body["view"]
            await show_or_log(client, window["id"], notice.headed(notice.recorded(decided.request), window))

    async def on_stop(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._act(client, body, action["value"], Action.STOP)

    async def on_withdraw_approval(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        request_id, shown_until = parse_withdrawal(action["value"])
        await self._act(client, body, request_id, Action.WITHDRAW_APPROVAL, shown_until)

    async def on_remind(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._act(client, body, action["value"], Action.REMIND)

    def _channel(self, body: Body) -> str:
        """Return the channel of the button; the Home has none, and its buttons stand for those of the approval card."""
        channel = body.get("channel") or {}
        return str(channel.get("id") or self._policy.approvals_channel or "")

    async def _review(self, body: Body, request_id: str, notify: OnRateLimited) -> View | Review:
        """Return what the approver decides on, or a view that says why there is nothing to decide."""
        checked = await self._check(body, request_id, Action.APPROVE)
        if isinstance(checked, View):
            return checked
        request, permit = checked
        rechecked = await self._decisions.recheck_campaign(request, notify)
        if isinstance(rechecked, KoreError):
            return notice.unreadable(rechecked)
        now = rechecked.request
        if now.version != request.version:
            await self._engine.request_changed(now, sender(body)[1])
        match now.state:
            case State.AWAITING_APPROVAL:
                current = await self._decisions.with_budget(now)
                approvers = permit.parties.approvers if permit.parties else ()
                missing, after = missing_after(current, permit.person, self._policy, approvers)
                return Review(current, rechecked.campaign, missing=missing, missing_after=after)
            case State.CHANGED:
                return notice.changed(now)
            case State.GONE:
                return notice.error(*strings.modals.VANISHED)
            case _:
                return refusals.objection_view(Objection.ENDED, now)

    async def _show(self, modal: Modal, review: Review) -> None:
        """Show the form at once, and again with the campaign's extent and similar names."""

        def form(facts: tuple[Extent, SimilarNames] | None) -> View:
            shown = replace(review, extent=facts[0], similar_names=facts[1]) if facts else review
            return approve_modal.build(shown, self._policy, self._links)

        campaign = review.campaign
        if campaign is None:
            await modal.show(form(None))
            return
        asking = asyncio.gather(self._intake.extent(campaign), self._intake.similar_now(review.request.campaign))
        await show_twice(modal, asking, form)

    async def _reject_view(self, body: Body, request_id: str) -> View:
        checked = await self._check(body, request_id, Action.REJECT)
        return checked if isinstance(checked, View) else reject_modal.build(checked[0])

    async def _check(self, body: Body, request_id: str, action: Action) -> tuple[Request, Permit] | View:
        """Return the request and a permit if this user could decide it now, or a view that says why not."""
        request = await self._requests.request(request_id)
        permit = await self._gate.admit(action, body, channel_id=self._channel(body), request=request)
        if request is None:
            return notice.error(*strings.modals.NO_SUCH_REQUEST)
        if isinstance(permit, Denial):
            return refusals.denial_view(permit, self._policy, action, request)
        if why := await self._decisions.objection(request, permit):
            freeze, _ = await self._requests.current_freeze()
            return refusals.objection_view(why, request, freeze)
        return request, permit

    async def _act(
        self, client: AsyncWebClient, body: Body, request_id: str, action: Action, shown_until: datetime | None = None
    ) -> Decided | None:
        request = await self._requests.request(request_id)
        permit = await self._gate.admit(action, body, request=request)
        if request is None:
            await reply_to_click(client, body, strings.modals.NO_SUCH_REQUEST[1])
        elif isinstance(permit, Denial):
            await reply_to_click(client, body, refusals.denial_text(permit, self._policy, action, request))
        elif decided := await self._record(permit, _surface(body), shown_until):
            await self._engine.request_changed(decided.request, permit.person.id)
            if decided.objection:
                freeze, _ = await self._requests.current_freeze()
                why = refusals.objection_text(decided.objection, decided.request, freeze)
                await reply_to_click(client, body, why)
            elif action is Action.REMIND:
                said = strings.cards.REMINDED.format(channel=f"<#{self._policy.approvals_channel}>")
                await reply_to_click(client, body, said)
            return decided
        return None

    async def _record(self, permit: Permit, surface: str, shown_until: datetime | None) -> Decided | None:
        match permit.action:
            case Action.WITHDRAW_APPROVAL:
                return await self._decisions.withdraw_approval(permit, surface=surface, shown_until=shown_until)
            case Action.REMIND:
                return await self._decisions.remind(permit, surface=surface)
            case _:
                return await self._decisions.record(permit, surface=surface)


def _surface(body: Body) -> str:
    if is_in_modal(body):
        return "modal"
    return "button" if body.get("channel") else "home"
