"""A modal opened in the same breath as the trigger, and filled in when what it shows has been read."""

import asyncio
import logging
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.kore.campaign_gateway import OnRateLimited
from slack_ui import strings
from slack_ui.parts.api_error import error_code
from slack_ui.views import notice

OVERTAKEN = frozenset({"not_found", "hash_conflict"})
log = logging.getLogger(__name__)


async def open_loading(client: AsyncWebClient, trigger_id: str, what: str = strings.modals.LOADING) -> str | None:
    """The id of the loading modal, or None if Slack no longer lets us open one."""
    try:
        answer = await client.views_open(trigger_id=trigger_id, view=notice.loading(what))
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("The modal could not be opened", extra={"error": type(error).__name__})
        return None
    view: dict[str, Any] = answer["view"]
    return str(view["id"])


async def update_view(
    client: AsyncWebClient, view_id: str, view: View, unless_changed_since: str | None = None
) -> str | None:
    """Show this instead; returns the hash of what is shown now (docs.slack.dev/reference/methods/views.update).

    None, and nothing happens, if the person has closed the modal meanwhile, or it is not what had the hash
    ``unless_changed_since`` any more.
    """
    try:
        answer = await client.views_update(view_id=view_id, view=view, hash=unless_changed_since)
    except SlackApiError as error:
        if error_code(error) not in OVERTAKEN:
            raise
        return None
    shown: dict[str, Any] = answer["view"]
    return str(shown["hash"])


def rate_limit_notifier(client: AsyncWebClient, opening: asyncio.Task[str | None] | str) -> OnRateLimited:
    """What says in a modal, also in one that is just being opened, that Kore.ai's limit is used up, and until when."""

    async def tell(again_at: datetime) -> bool:
        opened = opening if isinstance(opening, str) else await opening
        return opened is not None and await update_view(client, opened, notice.waiting(again_at)) is not None

    return tell
