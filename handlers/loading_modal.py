"""A modal opened in the same breath as the trigger, and filled in when what it shows has been read."""

import asyncio
import logging
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.campaign import Tell
from slack_ui import notice

log = logging.getLogger(__name__)


async def open_loading(client: AsyncWebClient, trigger_id: str) -> str | None:
    """The id of the loading modal, or None if Slack no longer lets us open one."""
    try:
        answer = await client.views_open(trigger_id=trigger_id, view=notice.loading())
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("The modal could not be opened", extra={"error": type(error).__name__})
        return None
    view: dict[str, Any] = answer["view"]
    return str(view["id"])


async def fill(client: AsyncWebClient, view_id: str, view: View) -> bool:
    """Show this instead. False if the person has closed the modal meanwhile."""
    try:
        await client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        if error.response.get("error") != "not_found":
            raise
        return False
    return True


def telling(client: AsyncWebClient, opening: asyncio.Task[str | None]) -> Tell:
    """What says in the loading modal that Kore.ai's limit is used up, and until when."""

    async def tell(again_at: datetime) -> bool:
        opened = await opening
        return opened is not None and await fill(client, opened, notice.waiting(again_at))

    return tell
