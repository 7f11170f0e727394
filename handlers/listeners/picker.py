"""The picker: opened by the command, the shortcut or the Home; searched in; submitted with a campaign."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.catalogue.search import has_words, meant, rank
from deletion.catalogue.similar_names import TOO_OLD
from deletion.catalogue.sync_state import FRESH
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.clock import now
from deletion.domain.policy import Policy, Refusal
from deletion.kore.campaign_gateway import OnRateLimited
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import Refused, Requester
from handlers.access.gate import Gate, sender
from handlers.listeners.subcommand import matches
from handlers.listeners.summary import Summary
from handlers.replies.form_submission import Answer, respond
from handlers.replies.loading_modal import (
    FOUND_WITHIN_SECONDS,
    Modal,
    ending_in_error,
    open_and_fill,
    rate_limit_notifier,
)
from handlers.replies.private_reply import reply_ephemeral, send_private
from kore_api.campaign_id import InvalidCampaignIdError, parse_campaign_id
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.text import clean
from slack_ui.views import notice, picker_modal, refusals
from slack_ui.views.picker_modal import Picking

Body = dict[str, Any]
LOOKING = notice.loading()
WAIT_FOR_LIST_SECONDS = 1.5
FOLLOW_SECONDS = 3.0
FOLLOWED_FOR_SECONDS = 900.0  # by then, the modal has been abandoned


class Picker:
    """Searches the cached list. The cache decides nothing: the chosen campaign is re-read, like a typed id."""

    def __init__(self, gate: Gate, intake: Intake, catalogue: CampaignCache, summary: Summary, policy: Policy) -> None:
        self._gate = gate
        self._intake = intake
        self._catalogue = catalogue
        self._summary = summary
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches("")])(self.on_command)
        app.shortcut(ids.FIND_SHORTCUT)(self.on_find)
        app.action(ids.HOME_FIND_BUTTON)(self.on_find)
        app.action(ids.SEARCH_BUTTON)(self.on_search)
        app.action(ids.SEARCH_WORDS_BUTTON)(self.on_search)
        app.options(ids.CAMPAIGN_SELECT)(self.on_keystroke)
        app.view(ids.PICKER_VIEW)(self.on_submit)

    async def on_command(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()

        async def reply(text: str) -> None:
            await reply_ephemeral(client, respond, body, text)

        await self._open(
            client,
            body,
            Action.ASK,
            Picking(channel_id=body["channel_id"], application=self._policy.application),
            reply,
        )

    async def on_search(
        self, ack: AsyncAck, body: Body, action: Body, respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        """Search for the words of a command that looked like a mistyped subcommand."""
        await ack()

        async def reply(text: str) -> None:
            await reply_ephemeral(client, respond, body, text)

        query = clean(str(action.get("value") or ""), picker_modal.QUERY_LIMIT)
        channel_id = str((body.get("channel") or {}).get("id") or "")
        await self._open(
            client,
            body,
            Action.ASK,
            Picking(channel_id=channel_id, query=query, application=self._policy.application),
            reply,
        )

    async def on_find(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """The shortcut and the Home have no channel, so the user chooses where the result is posted."""
        await ack()

        async def reply(text: str) -> None:
            user_id = sender(body)[1]
            await send_private(client, user_id, user_id, text)

        await self._open(client, body, Action.FIND, Picking(application=self._policy.application), reply)

    async def on_keystroke(self, ack: AsyncAck, body: Body) -> None:
        """Answer from the cached list: Slack waits three seconds, and users expect a tenth of one."""
        if not await self._is_trusted(body):
            await ack(options=[])
            return
        opened_with = picker_modal.picking(body["view"]) if "view" in body else Picking()
        query = body.get("value") or opened_with.query
        hits = await asyncio.to_thread(rank, query, self._catalogue.cached_list().campaigns)
        await ack(**picker_modal.answer([hit.campaign for hit in hits], self._policy, in_groups=not query))

    async def on_submit(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        form = picker_modal.parse(view)
        view_id = view["id"]
        if await respond(ack, client, view, self._judge(form, body)) is LOOKING:
            requester, notify = Requester(*sender(body), form.channel_id), rate_limit_notifier(client, view_id, LOOKING)
            async with ending_in_error(Modal(client, view_id, LOOKING)) as modal:
                looking = self._intake.look(parse_campaign_id(form.campaign_id), requester, notify)
                await self._summary.show(modal, await asyncio.wait_for(looking, FOUND_WITHIN_SECONDS))

    async def _judge(self, form: picker_modal.Form, body: Body) -> Answer:
        permit = await self._gate.admit(Action.ASK, body, channel_id=form.channel_id)
        if isinstance(permit, Denial):
            wrong = strings.picker.ROOM_WRONG.get(permit) if form.has_room else None
            return {ids.ROOM_BLOCK: wrong} if wrong else refusals.denial_view(permit, self._policy)
        try:
            parse_campaign_id(form.campaign_id)
        except InvalidCampaignIdError:
            return notice.error(*strings.modals.NOT_AN_ID)
        return LOOKING

    async def show(self, modal: Modal, picking: Picking) -> None:
        """Show the picker in an open modal, and update it as more of the list is read, until the list is fresh."""
        wanted, end = now() - FRESH, time.monotonic() + FOLLOWED_FOR_SECONDS
        shown, is_there = None, True
        await self._catalogue.follow()
        if not self._catalogue.cached_list().is_whole:
            await self._catalogue.fresh_list(FRESH, WAIT_FOR_LIST_SECONDS)
        while True:
            copy = self._catalogue.cached_list()
            hits = await asyncio.to_thread(rank, picking.query, copy.campaigns)
            view = picker_modal.build(copy, picking, hits)
            if view.to_dict() != shown:
                shown = view.to_dict()
                is_there = await modal.show(view)
            if not is_there or copy.is_fresh(wanted) or time.monotonic() > end:
                return
            await asyncio.sleep(FOLLOW_SECONDS)

    async def frozen(self) -> Refused | None:
        """Return a refusal while requests are frozen: there is nothing to pick then."""
        freeze = await self._intake.freeze()
        return Refused(Refusal.FROZEN, freeze=freeze) if freeze else None

    async def only_one(self, query: str) -> str | None:
        """Return the id of the only campaign that these words mean, if the list is whole and recent.

        Its name has them as words, or its id begins or ends with them.
        """
        copy = await self._catalogue.fresh_list(FRESH, WAIT_FOR_LIST_SECONDS)
        hits = await asyncio.to_thread(rank, query, copy.campaigns)
        campaigns, by_id = meant(hits), [hit.campaign for hit in hits if hit.by_id]
        if len(campaigns) != 1 or not copy.is_fresh(now() - TOO_OLD):
            return None
        if campaigns[0] not in by_id and not has_words(query, campaigns[0]):
            return None
        try:
            return parse_campaign_id(campaigns[0].id)
        except InvalidCampaignIdError:
            return None

    async def _open(
        self,
        client: AsyncWebClient,
        body: Body,
        action: Action,
        picking: Picking,
        reply: Callable[[str], Awaitable[None]],
    ) -> None:
        async def fill(modal: Modal, found: Permit | Denial | Refused) -> None:
            if isinstance(found, Denial):
                await modal.show(refusals.denial_view(found, self._policy))
            elif isinstance(found, Refused):
                await self._summary.show(modal, found)
            else:
                await self.show(modal, picking)

        async def otherwise(found: Permit | Denial | Refused, code: str) -> None:
            await reply(refusals.not_opened(found, code))

        async def admit(_: OnRateLimited) -> Permit | Denial | Refused:
            permit = await self._gate.admit(action, body, channel_id=picking.channel_id)
            return permit if isinstance(permit, Denial) else await self.frozen() or permit

        await open_and_fill(
            client, body, admit, fill, otherwise, loading=notice.loading(strings.modals.LOADING_CAMPAIGNS)
        )

    async def _is_trusted(self, body: Body) -> bool:
        """Return whether the gate admitted the sender within the last minute. Submitting is authorised anew.

        Authorising each keystroke would exceed Slack's rate limit.
        """
        if self._gate.was_admitted(Action.FIND, body):
            return True
        return not isinstance(await self._gate.admit(Action.FIND, body), Denial)
