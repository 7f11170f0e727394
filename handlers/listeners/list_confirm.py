"""The confirm form of a list, submitted: record one request for each campaign and hand the list to the engine."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.models import Preview, Request
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import FrozenError, HeldError, OverBudgetError, TooFewApproversError
from deletion.lifecycle.list_intake import ListIntake
from deletion.stores.request_store import AlreadyRequestedError
from handlers.access.gate import Gate, sender
from handlers.replies.form_submission import Answer, respond
from slack_ui import strings
from slack_ui.messages import freeze_notice, hold_notice
from slack_ui.parts import ids, request_form
from slack_ui.views import confirm_modal, list_confirm_modal, notice, refusals

Body = dict[str, Any]


class ListConfirm:
    """Listens to one view. The sender comes from Slack, and what the form showed from the stored previews."""

    def __init__(self, gate: Gate, intake: Intake, lists: ListIntake, engine: Engine, policy: Policy) -> None:
        self._gate = gate
        self._intake = intake
        self._lists = lists
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.view(ids.LIST_CONFIRM_VIEW)(self.on_submit)

    async def on_submit(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        go_on = partial(self._recorded, actor_id=sender(body)[1])
        await respond(ack, client, view, self._judge(view, body), go_on)

    async def _recorded(self, request: Request, actor_id: str) -> None:
        await self._engine.list_changed(await self._lists.listed(request.id), actor_id)

    async def _judge(self, view: Body, body: Body) -> Answer:
        form = list_confirm_modal.parse(view)
        found = [await self._intake.preview(each, *sender(body)) for each in form.preview_ids]
        previews = [each for each in found if each]
        channel_id = previews[0].channel_id if previews else ""
        permit = await self._gate.admit(Action.ASK, body, channel_id=channel_id)
        if not previews or len(previews) != len(found):
            return notice.preview_lost()
        if isinstance(permit, Denial):
            return refusals.denial_view(permit, self._policy)
        wrong = list_confirm_modal.errors(form, previews, self._policy) or await self._check_names(form, previews)
        return wrong or await self._record(previews, permit, form)

    async def _check_names(self, form: list_confirm_modal.Form, previews: list[Preview]) -> dict[str, str]:
        """Return an error if another campaign may have one of the names by now, unless the list was recorded before."""
        mistakable, with_same_end = await self._lists.mistakable(previews)
        is_expected = all(each.id in form.mistakable_ids for each in mistakable)
        if (is_expected and not with_same_end) or await self._lists.recorded(previews):
            return {}
        if is_expected:
            return list_confirm_modal.same_ends(previews, with_same_end)
        return list_confirm_modal.names_meanwhile(previews, mistakable)

    async def _record(self, previews: list[Preview], permit: Permit, form: list_confirm_modal.Form) -> Answer:
        not_recorded = list_confirm_modal.not_recorded
        try:
            made = self._lists.record(previews, permit, form.reason, form.ticket or "", promise=form.promise)
            return (await made).overall
        except AlreadyRequestedError as error:
            why = confirm_modal.why_not_requested(error.existing)
            return not_recorded(why, previews, error.existing.campaign.campaign_id)
        except FrozenError as error:
            return not_recorded(freeze_notice.meanwhile(error.freeze))
        except HeldError as error:
            return not_recorded(hold_notice.meanwhile(error.hold), previews, error.hold.campaign_id)
        except OverBudgetError:
            return not_recorded(strings.list_modals.OVER_BUDGET)
        except TooFewApproversError as error:
            return not_recorded(request_form.too_few_approvers(error.quorum))
