"""What went wrong that nobody foresaw: a traceback in the log, and one neutral line to the one person concerned."""

import asyncio
import logging
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_ui import strings

# Bolt 1.30 forgets an ack when the listener raises before Bolt has looked for it, which it does every 10 ms.
BOLT_LOOKS_FOR_THE_ACK_SECONDS = 0.02
log = logging.getLogger(__name__)


def register(app: AsyncApp) -> None:
    app.error(on_error)


async def on_error(error: Exception, body: dict[str, Any], client: AsyncWebClient) -> None:
    """Tell the person. A form without its ack stays open: Bolt answers 500, and Slack keeps what was typed."""
    log.error("A listener failed", exc_info=error)
    await asyncio.sleep(BOLT_LOOKS_FOR_THE_ACK_SECONDS)
    person = body.get("user_id") or (body.get("user") or {}).get("id")
    if person:
        try:
            await client.chat_postMessage(channel=person, text=strings.modals.UNEXPECTED)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            log.exception("The person could not be told")
