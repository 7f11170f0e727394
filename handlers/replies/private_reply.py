"""Reply to one user: in the channel where they acted, or else in a direct message."""

import logging
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncRespond
from slack_sdk.models.blocks import Block
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.access.gate import sender
from handlers.access.practice_client import said
from slack_ui.parts.api_error import SLACK_ERRORS, error_code
from slack_ui.views import notice

HTTP_OK = 200
log = logging.getLogger(__name__)


async def reply_ephemeral(  # noqa: PLR0913 - a reply has that many parts
    client: AsyncWebClient,
    respond: AsyncRespond,
    body: dict[str, Any],
    text: str,
    blocks: Sequence[Block] | None = None,
    *,
    replace: bool = False,
) -> None:
    """Reply where a command was typed or a button clicked, which Slack allows even where the bot is not a member.

    ``replace`` puts the reply in the place of the message with the button.
    """
    url = str(respond.response_url or "")
    is_sent = await reply_by_url(client, url, text=text, blocks=blocks, replace_original=replace)
    if not is_sent:
        channel_id = body.get("channel_id") or (body.get("channel") or {}).get("id")
        await send_private(client, str(channel_id or ""), sender(body)[1], text)


async def reply_by_url(client: AsyncWebClient, url: str, *, replace_original: bool, **message: Any) -> bool:
    """Post to a response_url, which needs no token, and return whether Slack took it.

    On the session of all other calls: Bolt's own ``respond`` opens a connection for each reply. The SDK raises only
    without a connection; a refusal is a status (docs.slack.dev/interactivity/handling-user-interaction).
    """
    if not url:
        return False
    try:
        sending = AsyncWebhookClient(url, session=client.session)
        sending.proxy = client.proxy
        answer = await sending.send(
            response_type="ephemeral",
            unfurl_links=False,
            replace_original=replace_original,
            **said(client, message),
        )
    except SLACK_ERRORS:
        return False
    return answer.status_code == HTTP_OK


async def reply_to_click(client: AsyncWebClient, body: dict[str, Any], text: str) -> None:
    """Reply beside the message with the button, in the modal with it, or in a new modal for a button of the Home."""
    if channel := body.get("channel"):
        url = str(body.get("response_url") or "")
        if not await reply_by_url(client, url, text=text, replace_original=False):
            await send_private(client, str(channel["id"]), sender(body)[1], text)
        return
    try:
        if is_in_modal(body):
            window = body["view"]
            await client.views_update(view_id=window["id"], view=notice.headed(notice.info(text), window))
            return
        await client.views_open(trigger_id=body["trigger_id"], view=notice.info(text))
    except SLACK_ERRORS:
        await send_private(client, sender(body)[1], sender(body)[1], text)


def is_in_modal(body: dict[str, Any]) -> bool:
    """Return whether a button was clicked in a modal."""
    return bool((body.get("view") or {}).get("type") == "modal")


async def send_private(client: AsyncWebClient, channel_id: str, user_id: str, text: str) -> None:
    """Send an ephemeral message, or else a direct one. Log it where Slack takes neither."""
    try:
        await client.chat_postEphemeral(channel=channel_id, user=user_id, text=text)
    except SLACK_ERRORS:
        try:
            await client.chat_postMessage(channel=user_id, **said(client, {"text": text}))
        except SLACK_ERRORS as error:
            log.warning("Private reply failed", extra={"user": user_id, "error": error_code(error)})
