"""/campaign-delete stop, the button Only stop, and their form: stop a campaign without deleting it."""

import asyncio
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.models import Preview, Purpose
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.kore.campaign_gateway import OnRateLimited
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import Refused, Requester
from deletion.lifecycle.stop_intake import StopIntake, StopPreview
from deletion.stores.request_store import AlreadyRequestedError
from handlers.access.gate import Gate, sender
from handlers.listeners.subcommand import arguments, stops_campaign, when
from handlers.listeners.summary import Summary
from handlers.replies.form_submission import Answer, respond
from handlers.replies.loading_modal import (
    FOUND_WITHIN_SECONDS,
    Modal,
    ending_in_error,
    open_and_fill,
    rate_limit_notifier,
    show_or_log,
    show_twice,
)
from handlers.replies.private_reply import is_in_modal, reply_ephemeral
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import notice, refusals, stop_modal

Body = dict[str, Any]
Found = StopPreview | Refused | Denial | None  # None for a button whose preview is gone
LOADING = notice.loading(title=strings.stop.TITLE)


class StopCampaign:
    """Listens to a subcommand, a button and a view. Requesters and approvers may stop, also during a freeze."""

    def __init__(  # noqa: PLR0913 - one part for each thing that a stop needs
        self,
        gate: Gate,
        stopping: StopIntake,
        intake: Intake,
        catalogue: CampaignCache,
        *,
        summary: Summary,
        engine: Engine,
        policy: Policy,
    ) -> None:
        self._gate = gate
        self._stopping = stopping
        self._intake = intake
        self._catalogue = catalogue
        self._summary = summary
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[when(stops_campaign)])(self.on_command)
        app.action(ids.ONLY_STOP_BUTTON, matchers=[_in_modal])(self.on_button)
        app.view(ids.STOP_VIEW)(self.on_submit)

    async def on_command(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        (campaign_id,) = self._catalogue.ids_as_listed(arguments(body))
        requester = Requester(body["team_id"], body["user_id"], body["channel_id"])

        async def otherwise(found: Found, code: str) -> None:
            await reply_ephemeral(client, respond, body, refusals.not_opened(found, code))

        await open_and_fill(
            client,
            body,
            lambda notify: self._find(body, campaign_id, requester, notify),
            self._show,
            otherwise,
            loading=LOADING,
        )

    async def on_button(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        """Replace the summary by the stop modal, for the campaign and the channel of the summary's preview."""
        await ack()
        view_id, person = body["view"]["id"], sender(body)
        async with ending_in_error(Modal(client, view_id, LOADING)) as modal:
            await show_or_log(client, view_id, LOADING)
            preview = await self._intake.preview(str(action.get("value") or ""), *person)
            requester = Requester(*person, preview.channel_id if preview else "")
            campaign_id = preview.campaign.campaign_id if preview else ""
            looking = self._find(body, campaign_id, requester, rate_limit_notifier(client, view_id, LOADING))
            await self._show(modal, await asyncio.wait_for(looking, FOUND_WITHIN_SECONDS))

    async def _find(self, body: Body, campaign_id: str, requester: Requester, notify: OnRateLimited) -> Found:
        permit = await self._gate.admit(Action.STOP_CAMPAIGN, body, channel_id=requester.channel_id)
        if not campaign_id:
            return None
        if isinstance(permit, Denial):
            return permit
        return await self._stopping.look(campaign_id, requester, notify)

    async def _show(self, modal: Modal, found: Found) -> None:
        """Show the form at once, and again with the campaign's extent; or why there is none."""
        match found:
            case None:
                await modal.show(notice.preview_lost())
            case Refused():
                await self._summary.refuse(modal, found)
            case StopPreview():
                asking = self._intake.extent_to_show(found.campaign, found.preview)
                await show_twice(modal, asking, lambda extent: stop_modal.build(found, extent, self._policy))
            case denial:
                await modal.show(refusals.denial_view(denial, self._policy, Action.STOP_CAMPAIGN))

    async def on_submit(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        go_on = partial(self._engine.request_changed, actor_id=sender(body)[1])
        await respond(ack, client, view, self._judge(view, body), go_on)

    async def _judge(self, view: Body, body: Body) -> Answer:
        form = stop_modal.parse(view)
        preview = await self._intake.preview(form.preview_id, *sender(body))
        channel_id = preview.channel_id if preview else ""
        permit = await self._gate.admit(Action.STOP_CAMPAIGN, body, channel_id=channel_id)
        if preview is None or preview.purpose is not Purpose.STOP:
            return notice.preview_lost()
        if isinstance(permit, Denial):
            return refusals.denial_view(permit, self._policy, Action.STOP_CAMPAIGN)
        return stop_modal.errors(form, preview) or await self._record(preview, permit, form)

    async def _record(self, preview: Preview, permit: Permit, form: stop_modal.Form) -> Answer:
        try:
            return await self._intake.record(preview, permit, form.reason, promise=form.promise)
        except AlreadyRequestedError as error:
            return stop_modal.already_requested(error.existing)


async def _in_modal(body: Body) -> bool:
    return is_in_modal(body)
