"""The confirm modal, submitted: a form becomes a recorded request, and the engine goes on with it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.intake import Asker, Intake, Refused
from deletion.policy import Policy
from deletion.store import AlreadyRequestedError
from deletion.workflow import Engine
from handlers.who_may import refuse_asker
from slack_ui import confirm_modal, ids, notice


class ConfirmModal:
    """Listens to one view; everything it knows is how to hand the form over."""

    def __init__(self, intake: Intake, engine: Engine, policy: Policy) -> None:
        self._intake = intake
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.view(ids.CONFIRM_VIEW)(self.on_submit)

    async def on_submit(
        self, ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient
    ) -> None:
        form = confirm_modal.parse(view)
        preview = await self._intake.preview(form.preview_id, body["user"]["team_id"], body["user"]["id"])
        if preview is None:
            await ack(response_action="update", view=notice.preview_lost())
            return
        if wrong := confirm_modal.errors(form, preview.sighting):
            await ack(response_action="errors", errors=wrong)
            return
        asker = Asker(preview.team_id, preview.user_id, preview.channel_id)
        if refusal := await refuse_asker(client, self._policy, asker):
            refused = notice.refused(Refused(refusal), self._policy.deletable_statuses)
            await ack(response_action="update", view=refused)
            return
        try:
            # Before the ack: what we acknowledge, we have recorded.
            request = await self._intake.record(preview, form.reason)
        except AlreadyRequestedError as error:
            await ack(response_action="errors", errors=confirm_modal.already_requested(error.standing))
            return
        await ack()
        await self._engine.go_on(request)
