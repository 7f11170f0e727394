"""The answer to a form, in time whatever judging it takes. The only place that acks one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.models import Request
from handlers.replies.loading_modal import update_view
from slack_ui import strings
from slack_ui.views import notice

# Of the three seconds that Slack waits (docs.slack.dev/surfaces/modals); the others are for the way here and back.
JUDGED_WITHIN_SECONDS = 1.5
# Slack gives no sign that it shows what an ack brought, and an update must not come before it.
SHOWN_WITHIN_SECONDS = 0.5
log = logging.getLogger(__name__)


# What becomes of a form: another view in its place, a sentence at each wrong field by block id, or a recorded request.
Answer = View | dict[str, str] | Request
Judging = Coroutine[Any, Any, Answer]
OnRecorded = Callable[[Request], Awaitable[None]]


async def respond(
    ack: AsyncAck, client: AsyncWebClient, view_id: str, judging: Judging, go_on: OnRecorded | None = None
) -> Answer:
    """Ack with what ``judging`` comes to; if that takes long, with a modal that waits, and then says what came of it.

    What ``judging`` records, it has recorded before anybody is told so; ``go_on`` then goes on with it. Raises what
    they raise.
    """
    judged = asyncio.ensure_future(judging)
    await asyncio.wait({judged}, timeout=JUDGED_WITHIN_SECONDS)
    is_late = not judged.done()
    if is_late:
        await ack(response_action="update", view=notice.loading(strings.modals.STILL_WORKING))
    else:
        await _ack(ack, judged.result())
    try:
        answer = await judged
        if go_on and isinstance(answer, Request):
            await go_on(answer)
    finally:
        if is_late:
            await asyncio.sleep(SHOWN_WITHIN_SECONDS)
            await _tell(client, view_id, notice.unexpected() if judged.exception() else _late(judged.result()))
    return answer


async def _ack(ack: AsyncAck, answer: Answer) -> None:
    match answer:
        case Request():
            await ack()
        case View():
            await ack(response_action="update", view=answer)
        case wrong:
            await ack(response_action="errors", errors=wrong)


def _late(answer: Answer) -> View:
    """The form's fields are no longer there to be corrected, nor can a window be closed for somebody."""
    match answer:
        case Request():
            return notice.recorded(answer)
        case View():
            return answer
        case wrong:
            return notice.form_errors(wrong.values())


async def _tell(client: AsyncWebClient, view_id: str, view: View) -> None:
    try:
        await update_view(client, view_id, view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("A form's answer could not be shown", extra={"error": type(error).__name__})
