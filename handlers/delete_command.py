"""/campaign-delete: help, or a modal that shows the campaign and asks to confirm."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.intake import Asker, Intake, Looked, Refused
from deletion.policy import Policy
from handlers.loading_modal import fill, open_loading
from handlers.private_answer import answer_privately
from handlers.who_may import refuse_asker
from slack_ui import confirm_modal, ids, notice, words


class DeleteCommand:
    """Listens to the command. Nothing slow stands between its trigger and ``views.open``."""

    def __init__(self, intake: Intake, policy: Policy) -> None:
        self._intake = intake
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND)(self.on_command)

    async def on_command(self, ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
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
            open_loading(client, command["trigger_id"]), self._look(client, campaign_id, asker)
        )
        if opened is None:
            await answer_privately(client, asker.channel_id, asker.user_id, words.TOO_SLOW)
        elif isinstance(found, Refused):
            await fill(client, opened, notice.refused(found, self._policy.deletable_statuses))
        else:
            await self._show(client, opened, found)

    async def _look(self, client: AsyncWebClient, campaign_id: str, asker: Asker) -> Looked | Refused:
        """The campaign, if this person may ask for it here; both are asked at the same time."""
        refusal, found = await asyncio.gather(
            refuse_asker(client, self._policy, asker), self._intake.look(campaign_id, asker)
        )
        return Refused(refusal) if refusal else found

    async def _show(self, client: AsyncWebClient, view_id: str, looked: Looked) -> None:
        """The summary at once, and again when Kore.ai has told how far the campaign reaches."""
        extent = asyncio.create_task(self._intake.extent(looked.campaign))
        await fill(client, view_id, confirm_modal.build(looked, None, self._policy))
        await fill(client, view_id, confirm_modal.build(looked, await extent, self._policy))
