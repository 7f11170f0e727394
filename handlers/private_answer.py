"""An answer that one person alone reads: in the channel where they clicked, else directly."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)


async def answer_privately(client: AsyncWebClient, channel_id: str, user_id: str, text: str) -> None:
    """Never silent: if Slack takes it in neither place, the log says so."""
    try:
        await client.chat_postEphemeral(channel=channel_id, user=user_id, text=text)
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        try:
            await client.chat_postMessage(channel=user_id, text=text)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("A person could not be answered", extra={"error": type(error).__name__})
