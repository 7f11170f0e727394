"""/campaign-delete and an id or some words: a modal that shows the campaign, or those that the words may mean."""

import asyncio
import html
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.authorization import Action, Denial
from deletion.kore.campaign_gateway import OnRateLimited
from deletion.lifecycle.intake import CampaignPreview, Intake, Refused, Requester
from handlers.access.gate import Gate
from handlers.listeners.picker import Picker
from handlers.listeners.summary import Summary
from handlers.replies.loading_modal import open_loading, rate_limit_notifier, update_view
from handlers.replies.private_reply import reply_ephemeral
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.text import clean
from slack_ui.views import refusals
from slack_ui.views.picker_modal import QUERY_LIMIT, Picking


class DeleteCommand:
    """Listens to the command. Nothing slow stands between its trigger and ``views.open``."""

    def __init__(self, gate: Gate, intake: Intake, picker: Picker, summary: Summary) -> None:
        self._gate = gate
        self._intake = intake
        self._picker = picker
        self._summary = summary

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND)(self.on_command)

    async def on_command(
        self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        await ack()
        opening = asyncio.create_task(open_loading(client, body["trigger_id"]))
        opened, found = await asyncio.gather(opening, self._find(body, rate_limit_notifier(client, opening)))
        if opened is None:
            said = refusals.denial_text(found) if found is Denial.DUPLICATE_PAYLOAD else strings.modals.NOT_OPENED
            await reply_ephemeral(client, respond, body, said)
        elif isinstance(found, Denial):
            await update_view(client, opened, refusals.denial_view(found))
        elif isinstance(found, Picking):
            await self._picker.show(client, opened, found)
        else:
            await self._summary.show(client, opened, found)

    async def _find(self, body: dict[str, Any], tell: OnRateLimited) -> CampaignPreview | Refused | Picking | Denial:
        """The campaign with this id, or the only one that these words mean; several are for the person to choose."""
        typed = str(body.get("text") or "")
        asker = Requester(body["team_id"], body["user_id"], body["channel_id"])
        try:
            campaign_id = self._intake.campaign_id(typed)
        except ValueError:
            permit = await self._gate.admit(Action.ASK, body, channel_id=asker.channel_id)
            return permit if isinstance(permit, Denial) else await self._search(typed, asker, tell)

        async def tell_if_admitted(again_at: datetime) -> bool:
            return not isinstance(await admitting, Denial) and await tell(again_at)

        looking = asyncio.create_task(self._intake.look(campaign_id, asker, tell_if_admitted))
        admitting = asyncio.create_task(self._gate.admit(Action.ASK, body, channel_id=asker.channel_id))
        permit, looked = await asyncio.gather(admitting, looking)
        return permit if isinstance(permit, Denial) else looked

    async def _search(self, typed: str, asker: Requester, tell: OnRateLimited) -> CampaignPreview | Refused | Picking:
        query = clean(html.unescape(typed), QUERY_LIMIT)  # Slack escapes & < > in a command
        if only := await self._picker.only_one(query):
            return await self._intake.look(only, asker, tell)
        return Picking(channel_id=asker.channel_id, query=query)
