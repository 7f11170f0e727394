"""The confirm modal, submitted: a form becomes a recorded request, and the engine goes on with it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from deletion.authority import Action, Denial
from deletion.intake import FrozenError, Intake, OverBudgetError
from deletion.policy import Policy
from deletion.store import AlreadyRequestedError
from deletion.workflow import Engine
from handlers.gate import Gate, sender
from slack_ui import confirm_modal, denial, ids, notice


class ConfirmModal:
    """Listens to one view. Who submits it comes from Slack; what was shown, from the store."""

    def __init__(self, gate: Gate, intake: Intake, engine: Engine, policy: Policy) -> None:
        self._gate = gate
        self._intake = intake
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.view(ids.CONFIRM_VIEW)(self.on_submit)

    async def on_submit(self, ack: AsyncAck, view: dict[str, Any], body: dict[str, Any]) -> None:
        form = confirm_modal.parse(view)
        preview = await self._intake.preview(form.preview_id, *sender(body))
        channel_id = preview.channel_id if preview else ""
        permit = await self._gate.admit(Action.ASK, body, channel_id=channel_id)
        if preview is None:
            await ack(response_action="update", view=notice.preview_lost())
            return
        if isinstance(permit, Denial):
            await ack(response_action="update", view=denial.view(permit))
            return
        if wrong := confirm_modal.errors(form, preview):
            await ack(response_action="errors", errors=wrong)
            return
        try:
            # Before the ack: what we acknowledge, we have recorded.
            request = await self._intake.record(preview, permit, form.reason)
        except AlreadyRequestedError as error:
            await ack(response_action="errors", errors=confirm_modal.already_requested(error.standing))
            return
        except FrozenError as error:
            await ack(response_action="errors", errors=confirm_modal.frozen(error.freeze))
            return
        except OverBudgetError as error:
            await ack(response_action="errors", errors=confirm_modal.over_budget(error.free_again_at))
            return
        await ack()
        await self._engine.go_on(request)
