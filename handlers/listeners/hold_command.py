"""/campaign-delete hold and release: a campaign that may not be deleted. Only the sender sees the reply."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import REASON_MAX, REASON_MIN, Policy
from deletion.domain.text.typed_text import campaign_ids, unfold
from deletion.domain.text.visible_text import visible_text
from deletion.engine.workflows import Engine
from deletion.lifecycle.holding import Holding, NotReleased
from handlers.access.gate import Gate
from handlers.listeners.subcommand import arguments, matches
from handlers.replies.private_reply import reply_ephemeral
from slack_ui.messages import hold_notice
from slack_ui.parts import ids
from slack_ui.parts.application import named
from slack_ui.parts.text import code
from slack_ui.strings import hold as strings
from slack_ui.views import refusals

Body = dict[str, Any]
FIRST = re.compile(r"[^\s<]*<[^<>]*>\S*|\S+")  # a link's text, which Slack sends with it, may have spaces
ANY_AGE = timedelta(days=3_650)  # of the cached list, which only names the campaign here
NOT_RELEASED = {
    NotReleased.NO_HOLD: strings.NOT_HELD,
    NotReleased.REAL: strings.REAL,
    NotReleased.OWN: strings.OWN,
    NotReleased.UNKNOWN_HOLDER: strings.UNKNOWN_HOLDER,
    NotReleased.UNVERIFIED: strings.UNVERIFIED,
}


class HoldCommand:
    """Listens to two subcommands."""

    def __init__(self, gate: Gate, holding: Holding, catalogue: CampaignCache, engine: Engine, policy: Policy) -> None:
        self._gate = gate
        self._holding = holding
        self._catalogue = catalogue
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches("hold")])(self.on_hold)
        app.command(ids.COMMAND, matchers=[matches("release")])(self.on_release)

    async def on_hold(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        await reply_ephemeral(client, respond, body, await self._said(Action.HOLD, body, self._hold))

    async def on_release(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        await reply_ephemeral(client, respond, body, await self._said(Action.RELEASE, body, self._release))

    async def _said(self, action: Action, body: Body, act: Callable[[Permit, str], Awaitable[str]]) -> str:
        permit = await self._gate.admit(action, body)
        if isinstance(permit, Denial):
            return refusals.denial_text(permit, self._policy, action)
        return named(self._policy.application) + await act(permit, arguments(body))

    async def _hold(self, permit: Permit, typed: str) -> str:
        if not typed:
            return hold_notice.listed(await self._holding.newest())
        if len(campaign_ids(typed)) > 1:
            return strings.SEVERAL_IDS
        campaign_id, reason = id_and_reason(typed)
        if not campaign_id:
            return strings.NO_ID
        if not REASON_MIN <= len(reason) <= REASON_MAX:
            return strings.NO_REASON.format(least=REASON_MIN, most=REASON_MAX)
        known = self._catalogue.listed(self._catalogue.as_listed(campaign_id), ANY_AGE)
        hold, is_new = await self._holding.hold(permit, campaign_id, known.name if known else "", reason)
        if not is_new:
            return hold_notice.held_before(hold, is_listed=known is not None)
        ended = await self._holding.end_open(hold)
        for request in ended:
            await self._engine.request_changed(request)
        is_of_list = any(request.list_id for request in ended)
        has_begun, is_stopping = await self._holding.has_begun(hold), await self._holding.is_stopping(hold)
        return hold_notice.done(
            hold, has_begun=has_begun, is_stopping=is_stopping, is_of_list=is_of_list, is_listed=known is not None
        )

    async def _release(self, permit: Permit, typed: str) -> str:
        if len(campaign_ids(typed)) > 1:
            return strings.SEVERAL_IDS_TO_RELEASE
        campaign_id, reason = id_and_reason(typed)
        if not campaign_id:
            return strings.NO_ID_TO_RELEASE
        if len(reason) > REASON_MAX:
            return strings.LONG_REASON.format(most=REASON_MAX)
        found = await self._holding.release(permit, campaign_id, reason, self._gate.person)
        if isinstance(found, NotReleased):
            return NOT_RELEASED[found].format(campaign=code(campaign_id))
        return hold_notice.released(found)


def id_and_reason(typed: str) -> tuple[str, str]:
    """Return the only id of a text if its first word or link has it, or nothing, and the visible text that follows."""
    first = FIRST.match(typed)
    word, rest = (first[0], typed[first.end() :]) if first else ("", typed)
    found = campaign_ids(word)
    return (found[0] if found else ""), visible_text(unfold(rest))
