"""The picker: opened by the command alone or its words, the shortcut or Home; searched in; left with a campaign."""

import asyncio
import time
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.catalogue.search import meant, rank
from deletion.catalogue.similar_names import TOO_OLD
from deletion.catalogue.sync_state import FRESH
from deletion.domain.authorization import Action, Denial
from deletion.domain.clock import now
from deletion.domain.policy import Policy
from deletion.lifecycle.intake import Intake, Requester
from handlers.access.gate import Gate, sender
from handlers.listeners.subcommand import matches
from handlers.listeners.summary import Summary
from handlers.replies.form_submission import Answer, respond
from handlers.replies.loading_modal import open_loading, rate_limit_notifier, update_view
from handlers.replies.private_reply import reply_ephemeral, send_private
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import notice, picker_modal, refusals
from slack_ui.views.picker_modal import Picking

Body = dict[str, Any]
LOOKING = notice.loading()
TRUSTED_SECONDS = 60.0  # for keystrokes; asking Slack about each would use up what it allows in a minute
WAIT_FOR_LIST_SECONDS = 1.5
FOLLOW_SECONDS = 3.0
FOLLOWED_FOR_SECONDS = 900.0  # by then, nobody looks at the modal any more


class Picker:
    """Finds in the copy of the list, which decides nothing: what is chosen is read again, like an id that was typed."""

    def __init__(self, gate: Gate, intake: Intake, catalogue: CampaignCache, summary: Summary, policy: Policy) -> None:
        self._gate = gate
        self._intake = intake
        self._catalogue = catalogue
        self._summary = summary
        self._policy = policy
        self._trusted_until: dict[tuple[str, str], float] = {}

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches("")])(self.on_command)
        app.shortcut(ids.FIND_SHORTCUT)(self.on_find)
        app.action(ids.HOME_FIND_BUTTON)(self.on_find)
        app.options(ids.CAMPAIGN_SELECT)(self.on_keystroke)
        app.view(ids.PICKER_VIEW)(self.on_submit)

    async def on_command(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        if said := await self._open(client, body, Action.ASK, Picking(channel_id=body["channel_id"])):
            await reply_ephemeral(client, respond, body, said)

    async def on_find(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """The shortcut and Home have no channel, so the person chooses where the result is told."""
        await ack()
        if said := await self._open(client, body, Action.FIND, Picking()):
            person_id = sender(body)[1]
            await send_private(client, person_id, person_id, said)

    async def on_keystroke(self, ack: AsyncAck, body: Body) -> None:
        """Answered from memory: Slack waits for three seconds, people for a tenth of one."""
        if not await self._is_trusted(body):
            await ack(options=[])
            return
        opened_with = picker_modal.picking(body["view"]) if "view" in body else Picking()
        query = body.get("value") or opened_with.query
        hits = await asyncio.to_thread(rank, query, self._catalogue.cached_list().campaigns)
        await ack(**picker_modal.answer([hit.campaign for hit in hits], self._policy, in_groups=not query))

    async def on_submit(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        form = picker_modal.parse(view)
        if await respond(ack, client, view["id"], self._judge(form, body)) is LOOKING:
            asker, tell = Requester(*sender(body), form.channel_id), rate_limit_notifier(client, view["id"])
            campaign_id = self._intake.campaign_id(form.campaign_id)
            await self._summary.show(client, view["id"], await self._intake.look(campaign_id, asker, tell))

    async def _judge(self, form: picker_modal.Form, body: Body) -> Answer:
        permit = await self._gate.admit(Action.ASK, body, channel_id=form.channel_id)
        if isinstance(permit, Denial):
            wrong = strings.modals.ROOM_WRONG.get(permit) if form.has_room else None
            return {ids.ROOM_BLOCK: wrong} if wrong else refusals.denial_view(permit)
        try:
            self._intake.campaign_id(form.campaign_id)
        except ValueError:
            return notice.error(*strings.modals.NOT_AN_ID)
        return LOOKING

    async def show(self, client: AsyncWebClient, view_id: str, picking: Picking) -> None:
        """Put the picker into an open modal, and again whenever more of the list is known.

        Until the list is of this minute; never over what the person has gone on to meanwhile.
        """
        wanted, end = now() - FRESH, time.monotonic() + FOLLOWED_FOR_SECONDS
        shown, unchanged_since = None, None
        if not self._catalogue.cached_list().is_whole:
            await self._catalogue.fresh_list(FRESH, WAIT_FOR_LIST_SECONDS)
        while True:
            copy = self._catalogue.cached_list()
            hits = await asyncio.to_thread(rank, picking.query, copy.campaigns)
            view = picker_modal.build(copy, picking, hits)
            if view.to_dict() != shown:
                shown = view.to_dict()
                unchanged_since = await update_view(client, view_id, view, unchanged_since)
            if unchanged_since is None or copy.is_fresh(wanted) or time.monotonic() > end:
                return
            await asyncio.sleep(FOLLOW_SECONDS)

    async def only_one(self, query: str) -> str | None:
        """The id of the only campaign that these words mean, if the list is whole and new enough to say so."""
        copy = await self._catalogue.fresh_list(FRESH, WAIT_FOR_LIST_SECONDS)
        campaigns = meant(await asyncio.to_thread(rank, query, copy.campaigns))
        if len(campaigns) != 1 or not copy.is_fresh(now() - TOO_OLD):
            return None
        try:
            return self._intake.campaign_id(campaigns[0].id)
        except ValueError:
            return None

    async def _open(self, client: AsyncWebClient, body: Body, action: Action, picking: Picking) -> str:
        """What is left to say in words where no modal could be opened."""
        opened, permit = await asyncio.gather(
            open_loading(client, body["trigger_id"], strings.modals.LOADING_CAMPAIGNS),
            self._gate.admit(action, body, channel_id=picking.channel_id),
        )
        if opened is None:
            return refusals.denial_text(permit) if permit is Denial.DUPLICATE_PAYLOAD else strings.modals.NOT_OPENED
        if isinstance(permit, Denial):
            await update_view(client, opened, refusals.denial_view(permit))
        else:
            await self.show(client, opened, picking)
        return ""

    async def _is_trusted(self, body: Body) -> bool:
        """Whoever was let in by the gate within the last minute. What is chosen is asked about again in any case."""
        person = sender(body)
        if self._trusted_until.get(person, 0) > time.monotonic():
            return True
        if isinstance(await self._gate.admit(Action.FIND, body), Denial):
            return False
        self._trusted_until[person] = time.monotonic() + TRUSTED_SECONDS
        return True
