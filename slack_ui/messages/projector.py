"""Puts a request's present state, and news of a freeze, into Slack messages. Nobody else posts or updates them."""

import hashlib
import json
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.errors import SlackBusyError, UnreachableError
from deletion.domain.freeze_and_budget import Freeze, FreezeNotice
from deletion.domain.models import Message
from deletion.domain.policy import Policy
from deletion.messages.message_sync import RequestView
from slack_ui.messages import freeze_notice, request_card, thread_line
from slack_ui.parts.api_error import error_code

# Of docs.slack.dev/reference/methods/chat.postMessage: nobody can be told there until somebody changes something.
UNREACHABLE = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "user_not_found", "user_disabled",
     "cannot_dm_bot", "messages_tab_disabled", "restricted_action_read_only_channel", "team_access_not_granted"}
)  # fmt: skip
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
AS_WRITTEN = {"parse": "none"}  # chat.update would else look for addresses and names, as for text that a person typed
log = logging.getLogger(__name__)


class SlackProjector:
    """Renders, posts and updates; remembers nothing, because the store does."""

    def __init__(self, client: AsyncWebClient, policy: Policy) -> None:
        self._client = client
        self._policy = policy

    def rendering(self, seen: RequestView, message: Message) -> str:
        """SHA-256, in hex, of everything that would be shown."""
        return hashlib.sha256(json.dumps(self._payload(seen, message)).encode()).hexdigest()

    async def show(self, seen: RequestView, message: Message, thread_ts: str | None) -> Message:
        """Update the message where it stands, or post it where there is none (any more)."""
        payload = self._payload(seen, message)
        try:
            if message.ts and message.channel_id:
                try:
                    await self._client.chat_update(channel=message.channel_id, ts=message.ts, **payload)
                except SlackApiError as error:
                    if error_code(error) not in GONE:
                        raise
                else:
                    return message
            posted = await self._client.chat_postMessage(
                channel=message.target_id, thread_ts=thread_ts, unfurl_links=False, **payload
            )
        except SlackApiError as error:
            raise _meaning(error, request_id=seen.request.id) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackBusyError(type(error).__name__) from None
        return message.model_copy(update={"channel_id": posted["channel"], "ts": posted["ts"]})

    async def tell(self, freeze: Freeze, notice: FreezeNotice, unreached: list[str]) -> str:
        """Post what happened to all deletes; returns the ts."""
        payload = {**freeze_notice.build(freeze, notice, unreached), "unfurl_links": False, **AS_WRITTEN}
        try:
            posted = await self._client.chat_postMessage(channel=notice.target_id, **payload)
        except SlackApiError as error:
            raise _meaning(error, freeze_id=freeze.id) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackBusyError(type(error).__name__) from None
        return str(posted["ts"])

    def _payload(self, seen: RequestView, message: Message) -> dict[str, Any]:
        if message.entry:
            return {"text": thread_line.line(message.entry, seen.request, self._policy), **AS_WRITTEN}
        text, blocks = request_card.build(seen, message, self._policy)
        return {"text": text, "blocks": [block.to_dict() for block in blocks], **AS_WRITTEN}


def _meaning(error: SlackApiError, **of: str) -> Exception:
    code = error_code(error)
    if code in UNREACHABLE:
        return UnreachableError(code)
    log.warning("Slack did not take a message", extra={**of, "error": code})
    return SlackBusyError(code)
