"""/campaign-delete with an id or words: a modal that shows the campaign, or the campaigns that the words may mean."""

import asyncio
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Policy
from deletion.domain.text.typed_text import unfold
from deletion.kore.campaign_gateway import OnRateLimited
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import CampaignPreview, Refused, Requester
from handlers.access.gate import Gate
from handlers.listeners.picker import Picker
from handlers.listeners.subcommand import typed_in
from handlers.listeners.summary import Summary
from handlers.replies.loading_modal import Modal, open_and_fill
from handlers.replies.private_reply import reply_ephemeral
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.text import clean
from slack_ui.views import notice, refusals
from slack_ui.views.picker_modal import QUERY_LIMIT, Picking

Found = CampaignPreview | Refused | Picking | Denial | View


class DeleteCommand:
    """Listens to the command. Opens its modal before anything slow: the trigger is valid for three seconds."""

    def __init__(  # noqa: PLR0913 - the parts of the checks and of the search
        self,
        gate: Gate,
        intake: Intake,
        catalogue: CampaignCache,
        picker: Picker,
        *,
        summary: Summary,
        policy: Policy,
    ) -> None:
        self._gate = gate
        self._policy = policy
        self._intake = intake
        self._catalogue = catalogue
        self._picker = picker
        self._summary = summary

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND)(self.on_command)

    async def on_command(
        self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        await ack()

        async def fill(modal: Modal, found: Found) -> None:
            if isinstance(found, Denial):
                await modal.show(refusals.denial_view(found, self._policy))
            elif isinstance(found, View):
                await modal.show(found)
            elif isinstance(found, Picking):
                await self._picker.show(modal, found)
            else:
                await self._summary.show(modal, found)

        async def otherwise(found: Found, code: str) -> None:
            await reply_ephemeral(client, respond, body, refusals.not_opened(found, code))

        await open_and_fill(client, body, lambda notify: self._find(body, notify), fill, otherwise)

    async def _find(self, body: dict[str, Any], notify: OnRateLimited) -> Found:
        """Return the campaign with the typed id, the only one that the typed words mean, or what to pick from."""
        typed = typed_in(body)
        requester = Requester(body["team_id"], body["user_id"], body["channel_id"])
        found = self._catalogue.ids_as_listed(typed)
        if len(found) != 1:
            permit = await self._gate.admit(Action.ASK, body, channel_id=requester.channel_id)
            if isinstance(permit, Denial):
                return permit
            return notice.error(*strings.command.SEVERAL_IDS) if found else await self._search(typed, requester, notify)
        (campaign_id,) = found

        if not self._gate.was_admitted(Action.ASK, body):  # a person without the right costs no call to Kore.ai
            permit = await self._gate.admit(Action.ASK, body, channel_id=requester.channel_id)
            return permit if isinstance(permit, Denial) else await self._intake.look(campaign_id, requester, notify)

        async def notify_if_admitted(again_at: datetime) -> bool:
            return not isinstance(await admitting, Denial) and await notify(again_at)

        looking = asyncio.create_task(self._intake.look(campaign_id, requester, notify_if_admitted))
        admitting = asyncio.create_task(self._gate.admit(Action.ASK, body, channel_id=requester.channel_id))
        permit, looked = await asyncio.gather(admitting, looking)
        return permit if isinstance(permit, Denial) else looked

    async def _search(
        self, typed: str, requester: Requester, notify: OnRateLimited
    ) -> CampaignPreview | Refused | Picking:
        if frozen := await self._picker.frozen():
            return frozen
        query = clean(unfold(typed), QUERY_LIMIT)
        if only := await self._picker.only_one(query):
            return await self._intake.look(only, requester, notify)
        return Picking(channel_id=requester.channel_id, query=query, application=self._policy.application)
