"""An answer that one person alone reads: in the channel where they clicked, else directly."""

import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)


async def answer_privately(client: AsyncWebClient, body: dict[str, Any], text: str) -> None:
    """Never silent: if Slack takes it in neither place, the log says so."""
    person = body["user"]["id"]
    try:
        await client.chat_postEphemeral(channel=body["channel"]["id"], user=person, text=text)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, KeyError):
        try:
            await client.chat_postMessage(channel=person, text=text)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("A person could not be answered", extra={"error": type(error).__name__})
