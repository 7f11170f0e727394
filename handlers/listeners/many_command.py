"""/campaign-delete many: choose up to twenty campaigns, and see each as it is now, before a list is confirmed."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.catalogue.search import rank
from deletion.catalogue.sync_state import FRESH
from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Policy
from deletion.domain.text.typed_text import unfold
from deletion.kore.campaign_gateway import OnRateLimited
from deletion.lifecycle.intake_results import CampaignPreview, Refused, Requester
from deletion.lifecycle.list_intake import ListIntake
from handlers.access.gate import Gate, sender
from handlers.listeners.picker import WAIT_FOR_LIST_SECONDS, Picker
from handlers.listeners.subcommand import arguments, matches
from handlers.listeners.summary import Summary
from handlers.replies.form_submission import Answer, respond
from handlers.replies.loading_modal import Modal, ending_in_error, open_and_fill, rate_limit_notifier
from handlers.replies.private_reply import reply_ephemeral
from kore_api.campaign_id import InvalidCampaignIdError, parse_campaign_id
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.text import clean
from slack_ui.views import list_confirm_modal, list_picker, notice, refusals
from slack_ui.views.list_confirm_modal import Chosen
from slack_ui.views.picker_modal import QUERY_LIMIT, Picking

Body = dict[str, Any]
LOOKING = notice.loading(strings.list_modals.LOADING, strings.list_modals.TITLE)
READ_WITHIN_SECONDS = 600.0  # twenty campaigns, each of which may wait for Kore.ai's rate limit


class ManyCommand:
    """Opens the picker of a list. The cache decides nothing: each chosen campaign is re-read, like a typed id."""

    def __init__(  # noqa: PLR0913 - the parts of the search and of the checks
        self,
        gate: Gate,
        lists: ListIntake,
        catalogue: CampaignCache,
        picker: Picker,
        *,
        summary: Summary,
        policy: Policy,
    ) -> None:
        self._gate = gate
        self._lists = lists
        self._catalogue = catalogue
        self._picker = picker
        self._summary = summary
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches("many")])(self.on_command)
        app.options(ids.CAMPAIGNS_SELECT)(self._picker.on_keystroke)
        app.view(ids.LIST_PICKER_VIEW)(self.on_submit)

    async def on_command(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()

        async def find(_: OnRateLimited) -> View | Refused | Denial:
            permit = await self._gate.admit(Action.ASK, body, channel_id=body["channel_id"])
            if isinstance(permit, Denial):
                return permit
            return await self._picker.frozen() or await self._picker_view(body)

        async def fill(modal: Modal, found: View | Refused | Denial) -> None:
            if isinstance(found, Refused):
                await self._summary.show(modal, found)
            elif isinstance(found, Denial):
                await modal.show(refusals.denial_view(found, self._policy))
            else:
                await modal.show(found)

        async def otherwise(found: View | Refused | Denial, code: str) -> None:
            await reply_ephemeral(client, respond, body, refusals.not_opened(found, code))

        loading = notice.loading(strings.modals.LOADING_CAMPAIGNS, strings.list_modals.TITLE)
        await open_and_fill(client, body, find, fill, otherwise, loading=loading)

    async def on_submit(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        form, view_id = list_picker.parse(view), view["id"]
        if await respond(ack, client, view, self._judge(form, body)) is LOOKING:
            requester = Requester(*sender(body), form.channel_id)
            notify = rate_limit_notifier(client, view_id, LOOKING)
            async with ending_in_error(Modal(client, view_id, LOOKING)) as modal, asyncio.timeout(READ_WITHIN_SECONDS):
                await modal.show(await self._look(form.campaign_ids, requester, notify))

    async def _judge(self, form: list_picker.Form, body: Body) -> Answer:
        permit = await self._gate.admit(Action.ASK, body, channel_id=form.channel_id)
        if isinstance(permit, Denial):
            return refusals.denial_view(permit, self._policy)
        if wrong := list_picker.errors(form):
            return wrong
        try:
            for campaign_id in form.campaign_ids:
                parse_campaign_id(campaign_id)
        except InvalidCampaignIdError:
            return notice.error(*strings.modals.NOT_AN_ID)
        return LOOKING

    async def _picker_view(self, body: Body) -> View:
        """Return the picker with what the words mean chosen, or the campaigns whose ids were typed."""
        typed = unfold(arguments(body))
        copy = await self._catalogue.fresh_list(FRESH, WAIT_FOR_LIST_SECONDS)
        query = clean(typed, QUERY_LIMIT)
        picking = Picking(channel_id=body["channel_id"], query=query, application=self._policy.application)
        if typed_ids := self._catalogue.ids_as_listed(typed):
            return list_picker.for_ids(copy, picking, typed_ids)
        hits = await asyncio.to_thread(rank, query, copy.campaigns)
        return list_picker.for_words(copy, picking, hits, self._policy)

    async def _look(self, campaign_ids: tuple[str, ...], asker: Requester, notify: OnRateLimited) -> View:
        looked = await self._lists.look_all([parse_campaign_id(each) for each in campaign_ids], asker, notify)
        previews = [found for _, found in looked if isinstance(found, CampaignPreview)]
        left_out = [(campaign_id, found) for campaign_id, found in looked if isinstance(found, Refused)]
        if not previews:
            return list_confirm_modal.none_left(left_out, self._policy)
        previews = await self._lists.add_extents(previews)
        mistakable, _ = await self._lists.mistakable([each.preview for each in previews])
        required = await self._lists.approvals_required(asker, len(previews))
        return list_confirm_modal.build(Chosen(previews, mistakable, left_out, required), self._policy)
