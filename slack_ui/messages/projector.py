"""Renders requests and freezes as Slack messages, posts and updates them."""

import hashlib
import json
import logging
from collections.abc import Awaitable, Iterable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from deletion.domain.errors import SlackBusyError, UnreachableError
from deletion.domain.freeze_and_budget import Freeze, FreezeNotice
from deletion.domain.models import TRANSITIONS, Request
from deletion.domain.policy import Policy
from deletion.domain.records import Message
from deletion.messages.message_sync import Rendering, RequestView
from slack_ui import strings
from slack_ui.messages import freeze_notice, request_card, thread_line
from slack_ui.parts.api_error import error_code

# Of docs.slack.dev/reference/methods/chat.postMessage: posting there fails until an operator changes something.
UNREACHABLE = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "user_not_found", "user_disabled",
     "cannot_dm_bot", "messages_tab_disabled", "restricted_action_read_only_channel", "team_access_not_granted"}
)  # fmt: skip
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
AS_WRITTEN: dict[str, Any] = {"parse": "none"}  # by default chat.update turns addresses and names into links
log = logging.getLogger(__name__)


class _GoneError(SlackBusyError):
    """The message no longer exists, or can no longer be changed."""


class SlackProjector:
    """Renders, posts and updates messages. Stateless."""

    def __init__(self, client: AsyncWebClient, policy: Policy) -> None:
        self._client = client
        self._policy = policy

    def render(self, view: RequestView, message: Message) -> Rendering:
        if message.entry:
            return _rendering(thread_line.line(message.entry, view.request, self._policy), is_final=True)
        text, blocks = request_card.build(view, message, self._policy)
        has_buttons = any(isinstance(block, ActionsBlock) for block in blocks)
        # An unreached channel may be reached later, so a message that names one does not stay true.
        is_final = not TRANSITIONS.get(view.request.state) and not has_buttons and not view.unreached
        return _rendering(text, blocks, is_final=is_final)

    def render_first(self, request: Request) -> Rendering:
        return _rendering(request_card.first(request))

    def render_withheld(self, request: Request) -> Rendering:
        return _rendering(strings.cards.WITHHELD[request.purpose], is_final=True)

    async def post(self, rendering: Rendering, message: Message, thread_ts: str | None) -> Message:
        payload = {name: value for name, value in rendering.payload.items() if value}  # no empty blocks
        sending = self._client.chat_postMessage(
            channel=message.target_id, thread_ts=thread_ts, unfurl_links=False, **payload
        )
        posted = await self._call(sending, request_id=message.request_id)
        return message.model_copy(update={"channel_id": posted["channel"], "ts": posted["ts"]})

    async def update(self, rendering: Rendering, message: Message) -> bool:
        place: dict[str, Any] = {"channel": message.channel_id or "", "ts": message.ts or ""}
        sending = self._client.chat_update(**place, **rendering.payload)
        try:
            await self._call(sending, request_id=message.request_id)
        except _GoneError:
            return False
        return True

    async def tell(self, freeze: Freeze, notice: FreezeNotice, unreached: list[str], *, withheld: bool) -> str:
        shown = freeze_notice.build(freeze, notice, unreached)
        payload: dict[str, Any] = {"text": strings.freeze.WITHHELD[notice.event]} if withheld else shown
        sending = self._client.chat_postMessage(channel=notice.target_id, unfurl_links=False, **payload, **AS_WRITTEN)
        return str((await self._call(sending, freeze_id=freeze.id))["ts"])

    async def _call(self, sending: Awaitable[AsyncSlackResponse], **of: str) -> AsyncSlackResponse:
        try:
            return await sending
        except SlackApiError as error:
            raise _meaning(error, **of) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackBusyError(type(error).__name__) from None


def _rendering(text: str, blocks: Iterable[Block] = (), *, is_final: bool = False) -> Rendering:
    payload = {"text": text, "blocks": [block.to_dict() for block in blocks], **AS_WRITTEN}
    digest = hashlib.sha256(json.dumps(payload).encode()).hexdigest()
    return Rendering(payload, digest, is_final=is_final)


def _meaning(error: SlackApiError, **of: str) -> Exception:
    code = error_code(error)
    if code in GONE:
        return _GoneError(code)
    if code in UNREACHABLE:
        return UnreachableError(code)
    log.warning("Slack rejected a message", extra={**of, "error": code})
    return SlackBusyError(code)
