"""/campaign-delete freeze and unfreeze: an approver stops all deletes at once, and allows them again."""

import html
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.authorization import Action, Denial
from deletion.domain.policy import REASON_MAX, REASON_MIN
from deletion.engine.workflows import Engine
from deletion.lifecycle.freezing import Freezing
from handlers.access.gate import Gate
from handlers.listeners.subcommand import arguments, matches
from handlers.replies.private_reply import reply_ephemeral
from slack_ui import strings
from slack_ui.messages import freeze_notice
from slack_ui.parts import ids
from slack_ui.views import refusals

# A user, channel, group or link: docs.slack.dev/interactivity/implementing-slash-commands#escaping.
REFERENCE = re.compile(r"<(?P<kind>[@#])?!?(?P<id>[^|<>]+)(\|(?P<name>[^<>]*))?>")
Body = dict[str, Any]


class FreezeCommand:
    """Listens to two subcommands. Replies to the approver; the engine notifies the channels."""

    def __init__(self, gate: Gate, freezing: Freezing, engine: Engine) -> None:
        self._gate = gate
        self._freezing = freezing
        self._engine = engine

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches("freeze")])(self.on_freeze)
        app.command(ids.COMMAND, matchers=[matches("unfreeze")])(self.on_unfreeze)

    async def on_freeze(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        permit, reason = await self._gate.admit(Action.FREEZE, body), _reason(body)
        if isinstance(permit, Denial):
            await reply_ephemeral(client, respond, body, refusals.denial_text(permit))
            return
        if not REASON_MIN <= len(reason) <= REASON_MAX:
            await reply_ephemeral(client, respond, body, strings.freeze.NEEDS_A_REASON)
            return
        frozen = await self._freezing.freeze(permit, body["channel_id"], reason)
        if frozen.was_frozen:
            await reply_ephemeral(client, respond, body, freeze_notice.frozen_before(frozen.freeze))
            return
        under_way = await self._freezing.under_way()
        if under_way:
            await reply_ephemeral(client, respond, body, freeze_notice.in_progress(under_way))
        await self._engine.freeze_changed(frozen.freeze)
        await self._freezing.none_under_way(frozen.freeze)
        unanswered = await self._freezing.may_take_effect()
        result = freeze_notice.result(await self._freezing.reread(frozen.freeze), unanswered)
        await reply_ephemeral(client, respond, body, result)

    async def on_unfreeze(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        channel_id, reason = body["channel_id"], _reason(body)
        permit = await self._gate.admit(Action.UNFREEZE, body, channel_id=channel_id)
        if isinstance(permit, Denial):
            said = refusals.denial_text(permit)
        elif len(reason) > REASON_MAX:
            said = strings.freeze.REASON_TOO_LONG
        elif lifted := await self._freezing.unfreeze(permit, channel_id, reason):
            await self._engine.freeze_changed(lifted)
            said = strings.freeze.UNFROZEN
        else:
            said = strings.freeze.NOT_FROZEN
        await reply_ephemeral(client, respond, body, said)


def _reason(body: Body) -> str:
    """Return the reason as it was typed: Slack replaces names and links by references, and escapes the rest."""
    typed = REFERENCE.sub(lambda found: f"{found['kind'] or ''}{found['name'] or found['id']}", arguments(body))
    return html.unescape(typed)
