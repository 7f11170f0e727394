"""/campaign-delete: help, or a modal that shows the campaign and asks to confirm."""

import asyncio
import logging
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.intake import Asker, Intake, Looked, Refused
from deletion.policy import Policy
from handlers.who_may import refuse_asker
from slack_ui import confirm_modal, ids, notice, words

log = logging.getLogger(__name__)


class DeleteCommand:
    """Listens to the command. Nothing slow stands between its trigger and ``views.open``."""

    def __init__(self, intake: Intake, policy: Policy) -> None:
        self._intake = intake
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND)(self.on_command)

    async def on_command(
        self, ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        typed = str(command.get("text") or "").strip()
        if typed.lower() in ("", "help"):
            await ack(text=words.HELP)
            return
        try:
            campaign_id = self._intake.campaign_id(typed)
        except ValueError:
            await ack(text=words.NOT_AN_ID)
            return
        await ack()
        asker = Asker(command["team_id"], command["user_id"], command["channel_id"])
        opened, found = await asyncio.gather(
            self._open(client, command["trigger_id"]), self._look(client, campaign_id, asker)
        )
        if opened is None:
            await respond(text=words.TOO_SLOW, response_type="ephemeral")
        elif isinstance(found, Refused):
            await self._fill(client, opened, notice.refused(found, self._policy.deletable_statuses))
        else:
            await self._show(client, opened, found)

    async def _open(self, client: AsyncWebClient, trigger_id: str) -> str | None:
        """The id of the loading modal, or None if Slack no longer lets us open one."""
        try:
            answer = await client.views_open(trigger_id=trigger_id, view=notice.loading())
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("The modal could not be opened", extra={"error": type(error).__name__})
            return None
        view: dict[str, Any] = answer["view"]
        return str(view["id"])

    async def _look(self, client: AsyncWebClient, campaign_id: str, asker: Asker) -> Looked | Refused:
        """The campaign, if this person may ask for it here; both are asked at the same time."""
        refusal, found = await asyncio.gather(
            refuse_asker(client, self._policy, asker), self._intake.look(campaign_id, asker)
        )
        return Refused(refusal) if refusal else found

    async def _show(self, client: AsyncWebClient, view_id: str, looked: Looked) -> None:
        """The summary at once, and again when Kore.ai has told how far the campaign reaches."""
        extent = asyncio.create_task(self._intake.extent(looked.campaign))
        await self._fill(client, view_id, confirm_modal.build(looked, None))
        await self._fill(client, view_id, confirm_modal.build(looked, await extent))

    async def _fill(self, client: AsyncWebClient, view_id: str, view: View) -> None:
        try:
            await client.views_update(view_id=view_id, view=view)
        except SlackApiError as error:
            if error.response.get("error") != "not_found":  # the person has closed it meanwhile
                raise
