"""Handle unexpected errors of listeners: a traceback in the log, and a neutral message to the user."""

import asyncio
import logging
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.access.practice_client import said
from handlers.replies.private_reply import reply_by_url
from slack_ui import strings
from slack_ui.parts.api_error import SLACK_ERRORS, error_code

# Bolt 1.30 loses an ack when the listener raises before Bolt polls for it, which it does every 10 ms.
ACK_POLLED_WITHIN_SECONDS = 0.02
log = logging.getLogger(__name__)


def register(app: AsyncApp) -> None:
    app.error(on_error)


async def on_error(error: Exception, body: dict[str, Any], client: AsyncWebClient) -> None:
    """Tell the user. A form without an ack stays open: Bolt answers 500, and Slack keeps what was typed."""
    log.error("Listener failed", exc_info=error)
    await asyncio.sleep(ACK_POLLED_WITHIN_SECONDS)
    user_id = body.get("user_id") or (body.get("user") or {}).get("id")
    if user_id:
        try:
            await client.chat_postMessage(channel=user_id, **said(client, {"text": strings.modals.UNEXPECTED}))
        except SLACK_ERRORS as failed:
            log.warning("Error message not sent", extra={"user": user_id, "error": error_code(failed)})
            url = str(body.get("response_url") or "")
            await reply_by_url(client, url, text=strings.modals.UNEXPECTED, replace_original=False)
