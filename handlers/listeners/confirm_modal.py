"""The confirm form, submitted: record the request and hand it to the engine."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.models import Preview
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import FrozenError, HeldError, OverBudgetError, TooFewApproversError
from deletion.stores.request_store import AlreadyRequestedError
from handlers.access.gate import Gate, sender
from handlers.replies.form_submission import Answer, respond
from slack_ui.parts import ids
from slack_ui.views import confirm_modal, notice, refusals

Body = dict[str, Any]


class ConfirmModal:
    """Listens to one view. The sender comes from Slack, and what the form showed from the stored preview."""

    def __init__(self, gate: Gate, intake: Intake, engine: Engine, policy: Policy) -> None:
        self._gate = gate
        self._intake = intake
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.view(ids.CONFIRM_VIEW)(self.on_submit)

    async def on_submit(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        go_on = partial(self._engine.request_changed, actor_id=sender(body)[1])
        await respond(ack, client, view, self._judge(view, body), go_on)

    async def _judge(self, view: Body, body: Body) -> Answer:
        form = confirm_modal.parse(view)
        preview = await self._intake.preview(form.preview_id, *sender(body))
        channel_id = preview.channel_id if preview else ""
        permit = await self._gate.admit(Action.ASK, body, channel_id=channel_id)
        if preview is None:
            return notice.preview_lost()
        if isinstance(permit, Denial):
            return refusals.denial_view(permit, self._policy)
        own = confirm_modal.without_application(form, self._policy)
        if own is None:
            return confirm_modal.application_missing(preview, self._policy)
        if wrong := confirm_modal.errors(own, preview, self._policy) or await self._check_names(own, preview):
            return wrong
        return await self._record(preview, permit, own)

    async def _check_names(self, form: confirm_modal.Form, preview: Preview) -> dict[str, str]:
        """Return an error if what was typed may be another campaign's too by now. A whole id needs no such check."""
        if confirm_modal.names_whole_id(form, preview):
            return {}
        alike = await self._intake.similar_now(preview.campaign)
        if preview.ask_for_id:
            return confirm_modal.ask_for_whole_id(alike)
        return confirm_modal.ask_for_id(alike) if alike.ask_for_id else {}

    async def _record(self, preview: Preview, permit: Permit, form: confirm_modal.Form) -> Answer:
        try:
            return await self._intake.record(
                preview, permit, form.reason, ticket=form.ticket or "", promise=form.promise
            )
        except AlreadyRequestedError as error:
            return confirm_modal.already_requested(error.existing)
        except FrozenError as error:
            return confirm_modal.frozen(error.freeze)
        except HeldError as error:
            return confirm_modal.held(error.hold)
        except OverBudgetError as error:
            return confirm_modal.over_budget(error.free_again_at)
        except TooFewApproversError as error:
            return confirm_modal.too_few_approvers(error.quorum)
