"""/campaign-delete and an id: a modal that shows the campaign and asks to confirm."""

import asyncio
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.authority import Action, Denial
from deletion.campaign import Tell
from deletion.intake import Asker, Intake, Looked, Refused
from deletion.policy import Policy
from handlers.gate import Gate
from handlers.loading_modal import fill, open_loading, telling
from handlers.private_answer import answer_here
from slack_ui import confirm_modal, denial, ids, notice, words


class DeleteCommand:
    """Listens to the command. Nothing slow stands between its trigger and ``views.open``."""

    def __init__(self, gate: Gate, intake: Intake, policy: Policy) -> None:
        self._gate = gate
        self._intake = intake
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND)(self.on_command)

    async def on_command(
        self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        await ack()
        asker = Asker(body["team_id"], body["user_id"], body["channel_id"])
        try:
            campaign_id = self._intake.campaign_id(str(body.get("text") or ""))
        except ValueError:
            found = await self._gate.admit(Action.ASK, body, channel_id=asker.channel_id)
            said = denial.text(found) if isinstance(found, Denial) else words.NOT_AN_ID
            await answer_here(client, respond, body, said)
            return
        opening = asyncio.create_task(open_loading(client, body["trigger_id"]))
        opened, looked = await asyncio.gather(opening, self._look(campaign_id, asker, body, telling(client, opening)))
        if opened is None:
            said = denial.text(looked) if looked is Denial.SEEN_BEFORE else words.TOO_SLOW
            await answer_here(client, respond, body, said)
        elif isinstance(looked, Denial):
            await fill(client, opened, denial.view(looked))
        elif isinstance(looked, Refused):
            await fill(client, opened, notice.refused(looked, self._policy.deletable_statuses))
        else:
            await self._show(client, opened, looked)

    async def _look(
        self, campaign_id: str, asker: Asker, body: dict[str, Any], tell: Tell
    ) -> Looked | Refused | Denial:
        """The campaign, if this person may ask for it here; both are asked at the same time."""
        admitting = asyncio.create_task(self._gate.admit(Action.ASK, body, channel_id=asker.channel_id))

        async def tell_if_admitted(again_at: datetime) -> bool:
            return not isinstance(await admitting, Denial) and await tell(again_at)

        permit, looked = await asyncio.gather(admitting, self._intake.look(campaign_id, asker, tell_if_admitted))
        return permit if isinstance(permit, Denial) else looked

    async def _show(self, client: AsyncWebClient, view_id: str, looked: Looked) -> None:
        """The summary at once, and again when Kore.ai has told how far the campaign reaches."""
        extent = asyncio.create_task(self._intake.extent(looked.campaign))
        await fill(client, view_id, confirm_modal.build(looked, None, self._policy))
        await fill(client, view_id, confirm_modal.build(looked, await extent, self._policy))
