"""An answer that one person alone reads: in the channel where they clicked, else directly."""

import logging
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)
SILENT = (SlackApiError, aiohttp.ClientError, TimeoutError)


async def answer_command(client: AsyncWebClient, respond: AsyncRespond, command: dict[str, Any], text: str) -> None:
    """Answer where the command was typed, which Slack lets us even in a channel that the bot is not in."""
    try:
        # Bolt raises only where there is no connection; a refusal is a status (docs.slack.dev/…#responding).
        answer = await respond(text=text, response_type="ephemeral")
        is_said = answer.status_code == 200  # noqa: PLR2004 - HTTP's word for yes
    except (aiohttp.ClientError, TimeoutError, ValueError):
        is_said = False
    if not is_said:
        await answer_privately(client, str(command.get("channel_id")), str(command.get("user_id")), text)


async def answer_privately(client: AsyncWebClient, channel_id: str, user_id: str, text: str) -> None:
    """Never silent: if Slack takes it in neither place, the log says so."""
    try:
        await client.chat_postEphemeral(channel=channel_id, user=user_id, text=text)
    except SILENT:
        try:
            await client.chat_postMessage(channel=user_id, text=text)
        except SILENT as error:
            log.warning("A person could not be answered", extra={"error": type(error).__name__})
