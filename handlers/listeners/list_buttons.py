"""The buttons under a list: approve and reject open a modal, the others act at once."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.kore.campaign_gateway import OnRateLimited
from deletion.lifecycle.list_approval import ListDecided
from deletion.lifecycle.list_decisions import ListAct, ListDecisions, ListReview
from deletion.lifecycle.list_intake import ListIntake
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate, sender
from handlers.replies.loading_modal import open_view
from handlers.replies.private_reply import reply_to_click
from slack_ui import strings
from slack_ui.messages import list_buttons, list_card
from slack_ui.messages.approval_buttons import moment
from slack_ui.parts import ids, list_name
from slack_ui.views import list_approve_modal, list_reject_modal, notice, refusals
from slack_ui.views.list_approve_modal import Shown

Body = dict[str, Any]


class ListButtons:
    """Listens to seven buttons, and authorises each click anew. A button holds no rights, only what it is about."""

    def __init__(  # noqa: PLR0913 - what it takes to show a decision and to record it
        self,
        gate: Gate,
        requests: RequestStore,
        decisions: ListDecisions,
        lists: ListIntake,
        *,
        engine: Engine,
        policy: Policy,
    ) -> None:
        self._gate = gate
        self._lists = lists
        self._requests = requests
        self._decisions = decisions
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.action(ids.LIST_APPROVE_BUTTON)(self.on_approve)
        app.action(ids.LIST_REJECT_BUTTON)(self.on_reject)
        app.action(ids.LIST_CANCEL_BUTTON)(self.on_cancel)
        app.action(ids.LIST_STOP_BUTTON)(self.on_stop)
        app.action(ids.LIST_CONTINUE_BUTTON)(self.on_continue)
        app.action(ids.LIST_WITHDRAW_APPROVAL_BUTTON)(self.on_withdraw_approval)
        app.action(ids.LIST_REMIND_BUTTON)(self.on_remind)

    async def on_approve(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()

        async def find(notify: OnRateLimited) -> View:
            return await self._review(body, action["value"], notify)

        await open_view(
            client, body, find, notice.loading(strings.list_modals.CHECKING, strings.list_modals.APPROVE_TITLE)
        )

    async def on_reject(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()

        async def find(_: OnRateLimited) -> View:
            checked = await self._check(body, action["value"], Action.REJECT)
            if isinstance(checked, View):
                return checked
            listed, permit = checked
            return list_reject_modal.build(listed, self._decisions.barred(permit.person, listed))

        await open_view(
            client, body, find, notice.loading(strings.modals.LOADING_REQUEST, strings.list_modals.REJECT_TITLE)
        )

    async def on_cancel(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._act(client, body, action["value"], Action.CANCEL)

    async def on_stop(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._act(client, body, action["value"], Action.STOP)

    async def on_continue(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._act(client, body, action["value"], Action.CONTINUE)

    async def on_withdraw_approval(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._act(client, body, action["value"], Action.WITHDRAW_APPROVAL)

    async def on_remind(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._act(client, body, action["value"], Action.REMIND)

    async def _review(self, body: Body, list_id: str, notify: OnRateLimited) -> View:
        """Return what the approver decides on, or a view that says why there is nothing to decide."""
        checked = await self._check(body, list_id, Action.APPROVE)
        if isinstance(checked, View):
            return checked
        listed, permit = checked
        if freeze := (await self._requests.current_freeze())[0]:
            return notice.error(strings.modals.NOTHING_DONE, refusals.list_objection(Objection.FROZEN, freeze))
        review = await self._decisions.review(permit.person, listed, notify)
        if review.listed.version != listed.version:
            await self._engine.list_changed(review.listed, sender(body)[1])
        requests = review.to_decide(permit.person.id)
        if not requests:
            return notice.error(*_nothing(review, permit.person.id))
        missing = await self._decisions.missing_after(permit, requests)
        alike = await self._lists.similar_outside([each.campaign for each in requests], review.listed)
        return list_approve_modal.build(Shown(review, permit.person.id, missing, alike), self._policy)

    async def _check(self, body: Body, list_id: str, action: Action) -> tuple[CampaignList, Permit] | View:
        """Return the list and a permit if this user could decide it now, or a view that says why not."""
        listed = await self._requests.listed(list_id)
        channel_id = str((body.get("channel") or {}).get("id") or self._policy.approvals_channel or "")
        permit = await self._gate.admit(
            action, body, channel_id=channel_id, request=_first(listed, action, sender(body)[1])
        )
        if listed is None:
            return notice.error(*strings.modals.NO_SUCH_REQUEST)
        if isinstance(permit, Denial):
            return notice.error(*refusals.list_denial(permit, self._policy, action, listed))
        if not listed.awaiting:
            return notice.error(*strings.list_modals.NOTHING_LEFT)
        return listed, permit

    async def _act(self, client: AsyncWebClient, body: Body, value: str, action: Action) -> None:
        list_id, added = list_buttons.parse(value)
        listed = await self._requests.listed(list_id)
        permit = await self._gate.admit(action, body, request=_first(listed, action, sender(body)[1]))
        if listed is None:
            await reply_to_click(client, body, strings.modals.NO_SUCH_REQUEST[1])
        elif isinstance(permit, Denial):
            why = refusals.list_denial(permit, self._policy, action, listed)[1]
            await reply_to_click(client, body, f"{list_name.whole(listed)}: {why}")
        elif decided := await self._decisions.record(permit, list_id, _act(action, added)):
            await self._engine.list_changed(decided.listed, permit.person.id)
            if said := await self._said(action, decided):
                await reply_to_click(client, body, f"{list_name.whole(decided.listed)}: {said}")

    async def _said(self, action: Action, decided: ListDecided) -> str:
        """Return what the card does not say of the decision, or nothing."""
        if decided.denial:
            return refusals.list_denial(decided.denial, self._policy, action, decided.listed)[1]
        if decided.objection:
            freeze, _ = await self._requests.current_freeze()
            return refusals.list_objection(decided.objection, freeze)
        if action is Action.REMIND:
            return strings.cards.REMINDED.format(channel=f"<#{self._policy.approvals_channel}>")
        return list_card.left(decided.listed, action)


def _nothing(review: ListReview, approver_id: str) -> tuple[str, str]:
    """Return why the approver has nothing to decide."""
    if any(not each.is_approved_by(approver_id) for each in review.unread):
        return strings.list_modals.NOTHING_READ
    if review.listed.awaiting:
        return strings.list_modals.NOTHING_FOR_READER
    return strings.list_modals.NOTHING_LEFT


def _first(listed: CampaignList | None, action: Action, user_id: str) -> Request | None:
    """Return the first request that the action is about. The others are judged when the decision is recorded."""
    if listed is None:
        return None
    left = listed.waiting if action in (Action.STOP, Action.CONTINUE) else (listed.first_to_decide,)
    left = listed.approved_by(user_id) if action is Action.WITHDRAW_APPROVAL else left
    return left[0] if left else listed.overall


def _act(action: Action, added: str) -> ListAct:
    """Return the action with what its button was shown with: the pause that it ends, or the latest approval."""
    if action is Action.WITHDRAW_APPROVAL:
        return ListAct("button", shown_until=moment(added))
    return ListAct("button", paused_on=added)
