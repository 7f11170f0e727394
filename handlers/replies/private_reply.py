"""An answer that one person alone reads: in the channel where they clicked, else directly."""

import logging
from collections.abc import Sequence
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.access.gate import sender
from slack_ui.views import notice

log = logging.getLogger(__name__)
SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError)


async def reply_ephemeral(  # noqa: PLR0913 - an answer has that many parts
    client: AsyncWebClient,
    respond: AsyncRespond,
    body: dict[str, Any],
    text: str,
    blocks: Sequence[Block] | None = None,
    *,
    instead: bool = False,
) -> None:
    """Answer where a command was typed or a button clicked, which Slack lets us even where the bot is not.

    ``instead`` puts the answer in the place of the message with the button.
    """
    try:
        # The SDK raises only where there is no connection; a refusal is a status (docs.slack.dev/…#responding).
        is_said = bool(respond.response_url) and await _respond(
            client,
            str(respond.response_url),
            text=text,
            blocks=blocks,
            response_type="ephemeral",
            replace_original=instead,
            unfurl_links=False,
        )
    except (aiohttp.ClientError, TimeoutError):
        is_said = False
    if not is_said:
        channel_id = body.get("channel_id") or (body.get("channel") or {}).get("id")
        await send_private(client, str(channel_id or ""), sender(body)[1], text)


async def _respond(client: AsyncWebClient, url: str, **message: Any) -> bool:
    """By the session of all other calls: Bolt's own ``respond`` makes a new connection for each answer."""
    answer = await AsyncWebhookClient(url, session=client.session).send(**message)
    return answer.status_code == 200  # noqa: PLR2004 - HTTP's word for yes


async def reply_to_click(client: AsyncWebClient, body: dict[str, Any], text: str) -> None:
    """Answer a button: beside its message, and from the Home, where there is none, in a modal."""
    if channel := body.get("channel"):
        await send_private(client, str(channel["id"]), sender(body)[1], text)
        return
    try:
        await client.views_open(trigger_id=body["trigger_id"], view=notice.info(text))
    except SLACK_ERRORS:
        await send_private(client, sender(body)[1], sender(body)[1], text)


async def send_private(client: AsyncWebClient, channel_id: str, user_id: str, text: str) -> None:
    """Never silent: if Slack takes it in neither place, the log says so."""
    try:
        await client.chat_postEphemeral(channel=channel_id, user=user_id, text=text)
    except SLACK_ERRORS:
        try:
            await client.chat_postMessage(channel=user_id, text=text)
        except SLACK_ERRORS as error:
            log.warning("A person could not be answered", extra={"error": type(error).__name__})
