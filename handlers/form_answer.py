"""The answer to a form, in time whatever judging it takes. The only place that acks one."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.models import Request
from handlers.loading_modal import fill
from slack_ui import notice, words

# Of the three seconds that Slack waits (docs.slack.dev/surfaces/modals); the others are for the way here and back.
JUDGED_WITHIN_SECONDS = 1.5
# Slack gives no sign that it shows what an ack brought, and an update must not come before it.
SHOWN_WITHIN_SECONDS = 0.5
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What becomes of a form: a sentence at each wrong field by block id, another view, or, with neither, it closes."""

    view: View | None = None
    errors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    recorded: Request | None = None


async def answer_form(
    ack: AsyncAck, client: AsyncWebClient, view_id: str, judging: Coroutine[Any, Any, Answer]
) -> Answer:
    """Ack with what ``judging`` comes to; if that takes long, with a modal that waits, and then says what came of it.

    Whatever ``judging`` records, it has recorded before anybody is told so. Raises what it raises.
    """
    judged = asyncio.ensure_future(judging)
    await asyncio.wait({judged}, timeout=JUDGED_WITHIN_SECONDS)
    if judged.done():
        await _ack(ack, judged.result())
    else:
        await ack(response_action="update", view=notice.loading(words.STILL_JUDGING))
        await asyncio.gather(judged, asyncio.sleep(SHOWN_WITHIN_SECONDS), return_exceptions=True)
        await _tell(client, view_id, notice.unexpected() if judged.exception() else _late(judged.result()))
    return judged.result()


async def _ack(ack: AsyncAck, answer: Answer) -> None:
    if answer.errors:
        await ack(response_action="errors", errors=dict(answer.errors))
    elif answer.view:
        await ack(response_action="update", view=answer.view)
    else:
        await ack()


def _late(answer: Answer) -> View:
    """The form's fields are no longer there to be corrected, nor can a window be closed for somebody."""
    if answer.errors:
        return notice.not_taken(answer.errors.values())
    return answer.view or notice.recorded(answer.recorded)


async def _tell(client: AsyncWebClient, view_id: str, view: View) -> None:
    try:
        await fill(client, view_id, view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("A form's answer could not be shown", extra={"error": type(error).__name__})
