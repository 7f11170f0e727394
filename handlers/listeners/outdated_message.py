"""A button on a message that its request does not use: a copy that a crash left, or one that was posted again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.stores.request_queries import RequestQueries
from deletion.stores.request_store import RequestStore
from handlers.replies.private_reply import reply_to_click
from slack_ui import strings
from slack_ui.messages import list_buttons
from slack_ui.messages.projector import AS_WRITTEN
from slack_ui.parts import ids
from slack_ui.parts.api_error import SLACK_ERRORS
from slack_ui.parts.application import named
from slack_ui.parts.links import Links


class OutdatedMessage:
    """Answers the click and replaces the message by a link to the current one. Every other payload passes."""

    def __init__(self, requests: RequestStore, lookup: RequestQueries, links: Links) -> None:
        self._requests = requests
        self._lookup = lookup
        self._links = links
        self._replacing: set[asyncio.Task[None]] = set()

    def register(self, app: AsyncApp) -> None:
        app.middleware(self.on_payload)

    async def on_payload(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        action, container = (body.get("actions") or [{}])[0], body.get("container") or {}
        is_in_message = container.get("type") == "message" and not container.get("is_ephemeral")
        if action.get("action_id") not in ids.REQUEST_BUTTONS or not is_in_message:
            return await next_()
        request_id = list_buttons.parse(str(action.get("value")))[0]
        messages = await self._lookup.messages_of(request_id)
        channel_id, ts = str(container.get("channel_id")), str(container.get("message_ts"))
        if not messages or any((message.channel_id, message.ts) == (channel_id, ts) for message in messages):
            return await next_()
        request = await self._requests.request(request_id)
        pointer = strings.cards.POINTER.format(link=self._links.to_current(messages, channel_id))
        text = f"{named(request.application if request else '')}{pointer}"
        replacing = asyncio.create_task(_replace(client, body, channel_id, ts, text))
        self._replacing.add(replacing)
        replacing.add_done_callback(self._replacing.discard)
        return await ack()


async def _replace(client: AsyncWebClient, body: dict[str, Any], channel_id: str, ts: str, text: str) -> None:
    try:
        await client.chat_update(channel=channel_id, ts=ts, text=text, blocks=[], **AS_WRITTEN)
    except SLACK_ERRORS:
        with suppress(*SLACK_ERRORS):  # one that can be neither edited nor deleted; the answer is enough
            await client.chat_delete(channel=channel_id, ts=ts)
    await reply_to_click(client, body, strings.cards.NOT_CURRENT)
