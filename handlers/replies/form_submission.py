"""Answer a submitted form within Slack's time limit, however long judging it takes."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.models import Request
from deletion.lifecycle.intake_results import OutdatedFormError
from handlers.access.practice_client import shown
from handlers.replies.loading_modal import show_or_log
from slack_ui import strings
from slack_ui.views import notice

# Of the three seconds that Slack waits (docs.slack.dev/surfaces/modals); the rest is for the network.
JUDGED_WITHIN_SECONDS = 1.5
# Slack gives no sign that it shows what an ack brought, and an update must not come before it.
SHOWN_WITHIN_SECONDS = 0.5
UNSURE_AFTER_SECONDS = 60.0  # then the modal says that it is not known what came of the form


# The answer to a form: another view in its place, an error for each wrong field by block id, or a recorded request.
Answer = View | dict[str, str] | Request
Body = dict[str, Any]
Judging = Coroutine[Any, Any, Answer]
OnRecorded = Callable[[Request], Awaitable[None]]


async def respond(
    ack: AsyncAck, client: AsyncWebClient, form: Body, judging: Judging, on_recorded: OnRecorded | None = None
) -> Answer:
    """Ack with the result of ``judging``; if that takes long, with a loading modal that later shows the result.

    The window keeps the title of its form. ``on_recorded`` goes on with a recorded request. Raises what both raise.
    """
    judged = asyncio.ensure_future(_unless_outdated(judging))
    await asyncio.wait({judged}, timeout=JUDGED_WITHIN_SECONDS)
    is_late = not judged.done()
    if is_late:
        await _ack(ack, client, notice.loading(strings.modals.STILL_WORKING), form)
        await asyncio.wait({judged}, timeout=UNSURE_AFTER_SECONDS)
        if not judged.done():
            await show_or_log(client, form["id"], notice.headed(notice.unexpected(), form))
    else:
        await _ack(ack, client, judged.result(), form)
    try:
        answer = await judged
        if on_recorded and isinstance(answer, Request):
            await on_recorded(answer)
    finally:
        if is_late:
            await asyncio.sleep(SHOWN_WITHIN_SECONDS)
            view = notice.unexpected() if judged.exception() else _late(judged.result())
            await show_or_log(client, form["id"], notice.headed(view, form))
    return answer


async def _unless_outdated(judging: Judging) -> Answer:
    """Return the answer, or that the form has expired: it said that less would follow than follows now."""
    try:
        return await judging
    except OutdatedFormError:
        return notice.preview_lost()


async def _ack(ack: AsyncAck, client: AsyncWebClient, answer: Answer, form: Body) -> None:
    match answer:
        case Request():
            await ack()
        case View():
            await ack(response_action="update", view=shown(client, notice.headed(answer, form)))
        case wrong:
            await ack(response_action="errors", errors=wrong)


def _late(answer: Answer) -> View:
    """Return the view that replaces the loading modal: the form's fields are gone, and it can't be closed from here."""
    match answer:
        case Request():
            return notice.recorded(answer)
        case View():
            return answer
        case wrong:
            return notice.form_errors(wrong.values())
