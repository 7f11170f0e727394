"""/campaign-delete freeze and unfreeze: an approver stops all deletes at once, and allows them again."""

import functools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rapidfuzz.distance import OSA
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.models.blocks import Block
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.policy import REASON_MAX, Policy
from deletion.domain.text.typed_text import first_word, unfold
from deletion.domain.text.visible_text import visible_text
from deletion.engine.workflows import Engine
from deletion.lifecycle.freezing import Freezing, NotUnfrozen
from handlers.access.gate import Gate
from handlers.listeners.subcommand import arguments, matches, stops_campaign, when
from handlers.replies.private_reply import reply_ephemeral
from slack_ui import strings
from slack_ui.messages import freeze_notice
from slack_ui.parts import ids
from slack_ui.views import refusals

FREEZE = "freeze"
# Words of users who want to stop everything at once.
EMERGENCY_WORDS = frozenset({"stop", "halt", "emergency", "abort", "panic", "pause", "frozen"})
NEAR_BEGINNINGS = ("freez", "frez")
Body = dict[str, Any]
Reply = Callable[[str, Sequence[Block] | None], Awaitable[None]]


def may_mean_freeze(text: str) -> bool:
    """Return whether a text starts with a mistyped ``freeze`` or with another word of an emergency."""
    word, _ = first_word(text)
    is_near = word.startswith(NEAR_BEGINNINGS) or OSA.distance(word, FREEZE, score_cutoff=1) <= 1
    return word != FREEZE and (word in EMERGENCY_WORDS or is_near) and not stops_campaign(text)


class FreezeCommand:
    """Listens to two subcommands and a button. Replies to the approver; the engine notifies the channels."""

    def __init__(self, gate: Gate, freezing: Freezing, engine: Engine, policy: Policy) -> None:
        self._gate = gate
        self._policy = policy
        self._freezing = freezing
        self._engine = engine

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches(FREEZE)])(self.on_freeze)
        app.command(ids.COMMAND, matchers=[matches("unfreeze")])(self.on_unfreeze)
        app.command(ids.COMMAND, matchers=[when(may_mean_freeze)])(self.on_near_word)
        app.action(ids.FREEZE_BUTTON)(self.on_button)

    async def on_freeze(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        await self._freeze(body, body["channel_id"], _reason(body), _reply(client, respond, body))

    async def on_button(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        """Freeze for an approver who typed another word for it."""
        await ack()
        channel_id = str((body.get("channel") or {}).get("id") or "")
        reply = _reply(client, respond, body, replace=True)  # the question, so that its button is gone
        await self._freeze(body, channel_id, "", reply, surface="button")

    async def on_near_word(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        """Ask whether all deletes should be frozen, instead of searching for a word like ``stop``."""
        await ack()
        permit, reply = await self._gate.admit(Action.FREEZE, body), _reply(client, respond, body)
        if isinstance(permit, Denial):
            denied = refusals.denial_text(permit, self._policy, Action.FREEZE)
            await reply(f"{denied} {strings.freeze.STOP_ONE} {strings.freeze.NOT_SEARCHED}", None)
        else:
            await reply(*freeze_notice.question())

    async def _freeze(self, body: Body, channel_id: str, reason: str, reply: Reply, surface: str = "command") -> None:
        permit = await self._gate.admit(Action.FREEZE, body)
        if isinstance(permit, Denial):
            await reply(refusals.denial_text(permit, self._policy, Action.FREEZE), None)
            return
        frozen = await self._freezing.freeze(permit, channel_id, reason[:REASON_MAX], surface)
        if frozen.was_frozen:
            await reply(await self._frozen_before(frozen.freeze, permit, reason), None)
            return
        under_way = await self._freezing.under_way()
        if under_way:
            await reply(freeze_notice.in_progress(under_way), None)
        await self._engine.freeze_changed(frozen.freeze)
        await self._freezing.none_under_way(frozen.freeze)
        unanswered = await self._freezing.may_take_effect()
        said = freeze_notice.result(await self._freezing.reread(frozen.freeze), unanswered, self._policy)
        await reply(_noting_cut(said, reason), None)

    async def _frozen_before(self, freeze: Freeze, permit: Permit, reason: str) -> str:
        """Return the reply. The approver who froze without a reason gives it with the same command."""
        if reason and (explained := await self._freezing.give_reason(permit, freeze, reason[:REASON_MAX])):
            await self._engine.freeze_changed(explained)
            return _noting_cut(strings.freeze.REASON_GIVEN, reason)
        return freeze_notice.frozen_before(freeze)

    async def on_unfreeze(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        channel_id, reason = body["channel_id"], _reason(body)
        permit = await self._gate.admit(Action.UNFREEZE, body, channel_id=channel_id)
        if isinstance(permit, Denial):
            said = refusals.denial_text(permit, self._policy, Action.UNFREEZE)
        elif len(reason) > REASON_MAX:
            said = strings.freeze.REASON_TOO_LONG
        else:
            said = await self._unfreeze(permit, channel_id, reason)
        await reply_ephemeral(client, respond, body, said)

    async def _unfreeze(self, permit: Permit, channel_id: str, reason: str) -> str:
        match await self._freezing.unfreeze(permit, channel_id, reason):
            case Freeze() as lifted:
                await self._engine.freeze_changed(lifted)
                return freeze_notice.lifted(lifted, self._policy)
            case NotUnfrozen.REAL:
                return strings.practice.REAL_FREEZE
            case _:
                return strings.freeze.NOT_FROZEN


def _reason(body: Body) -> str:
    """Return the visible text of the reason, with names in the place of Slack's references."""
    return visible_text(unfold(arguments(body)))


def _noting_cut(said: str, reason: str) -> str:
    return f"{said} {strings.freeze.REASON_CUT}" if len(reason) > REASON_MAX else said


def _reply(client: AsyncWebClient, respond: AsyncRespond, body: Body, *, replace: bool = False) -> Reply:
    return functools.partial(reply_ephemeral, client, respond, body, replace=replace)
