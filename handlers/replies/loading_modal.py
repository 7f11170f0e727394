"""Open a modal at once, and fill it in when its content is known. It ends in a result or in an error."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.kore.campaign_gateway import OnRateLimited
from handlers.replies.private_reply import reply_to_click
from slack_ui import strings
from slack_ui.parts.api_error import SLACK_ERRORS, error_code
from slack_ui.parts.blocks import has_alert, without_alerts
from slack_ui.views import notice, refusals

T = TypeVar("T")
Opened = tuple[str | None, str]
INVALID = "invalid_arguments"  # also for a block that this Slack does not know
OVERTAKEN = frozenset({"not_found", "hash_conflict"})
FOUND_WITHIN_SECONDS = 240.0  # longer than a read that waits for Kore.ai's rate limit
log = logging.getLogger(__name__)


class Modal:
    """An open modal that shows one view after another, but none in the place of what its user has moved on to.

    What has no inputs keeps the title of the ``loading`` view.
    """

    def __init__(self, client: AsyncWebClient, view_id: str, loading: View) -> None:
        self.client = client
        self.id = view_id
        self._window = loading.to_dict()
        self._hash: str | None = None
        self._is_left = False

    async def show(self, view: View) -> bool:
        """Show a view, the first one in any case. Return False if the user has closed or changed it since the last.

        Raises one of SLACK_ERRORS.
        """
        if not self._is_left:
            self._hash = await update_view(self.client, self.id, notice.headed(view, self._window), self._hash)
            self._is_left = self._hash is None
        return not self._is_left


async def open_and_fill(  # noqa: PLR0913 - a modal and what becomes of it
    client: AsyncWebClient,
    body: dict[str, Any],
    find: Callable[[OnRateLimited], Awaitable[T]],
    fill: Callable[[Modal, T], Awaitable[object]],
    otherwise: Callable[[T, str], Awaitable[None]],
    *,
    loading: View | None = None,
) -> None:
    """Open a loading modal and ``find`` its content at the same time; then ``fill`` it in.

    Calls ``otherwise`` with what was found and Slack's error code where Slack opens no modal. Raises what ``find`` and
    ``fill`` raise, after showing an error in the modal.
    """
    loading = loading or notice.loading()
    opening = asyncio.create_task(_open(client, body["trigger_id"], loading))
    finding = asyncio.ensure_future(find(rate_limit_notifier(client, opening, loading)))
    view_id, code = await opening
    if view_id is None:
        await otherwise(await asyncio.wait_for(finding, FOUND_WITHIN_SECONDS), code)
        return
    async with ending_in_error(Modal(client, view_id, loading)) as modal:
        await fill(modal, await asyncio.wait_for(finding, FOUND_WITHIN_SECONDS))


async def open_view(
    client: AsyncWebClient, body: dict[str, Any], find: Callable[[OnRateLimited], Awaitable[View]], loading: View
) -> None:
    """Open a modal for a clicked button, and fill it with the view that ``find`` returns."""

    async def otherwise(found: View, code: str) -> None:
        await reply_to_click(client, body, refusals.not_opened(found, code, strings.modals.NOT_OPENED_FROM_BUTTON))

    await open_and_fill(client, body, find, Modal.show, otherwise, loading=loading)


@asynccontextmanager
async def ending_in_error(modal: Modal) -> AsyncIterator[Modal]:
    """Show an error in an open modal if the block raises, and raise it again."""
    try:
        yield modal
    except Exception:
        with _logging(modal.id):
            await modal.show(notice.error(*strings.modals.NOT_LOADED))
        raise


async def show_or_log(client: AsyncWebClient, view_id: str, view: View) -> None:
    """Show this in an open modal; log it where Slack does not take it."""
    with _logging(view_id):
        await update_view(client, view_id, view)


async def update_view(
    client: AsyncWebClient, view_id: str, view: View, unless_changed_since: str | None = None
) -> str | None:
    """Replace an open view and return the new hash (docs.slack.dev/reference/methods/views.update).

    Return None and change nothing if the user has closed the modal, or it no longer has the hash
    ``unless_changed_since``. Raises one of SLACK_ERRORS.
    """
    try:
        answer = await client.views_update(view_id=view_id, view=view, hash=unless_changed_since)
    except SlackApiError as error:
        if error_code(error) == INVALID and has_alert(view):
            return await update_view(client, view_id, without_alerts(view), unless_changed_since)
        if error_code(error) not in OVERTAKEN:
            raise
        return None
    shown: dict[str, Any] = answer["view"]
    return str(shown["hash"])


async def show_twice(modal: Modal, facts: Awaitable[T], form: Callable[[T | None], View]) -> None:
    """Show a form at once, without its late facts, and again with them. They are looked for meanwhile."""
    finding = asyncio.ensure_future(facts)
    await modal.show(form(None))
    await modal.show(form(await finding))


def rate_limit_notifier(client: AsyncWebClient, opening: asyncio.Task[Opened] | str, loading: View) -> OnRateLimited:
    """Return what shows in a modal, open or opening, that Kore.ai's rate limit is reached, and until when.

    It keeps the title of the ``loading`` modal.
    """

    async def notify(again_at: datetime) -> bool:
        view_id = opening if isinstance(opening, str) else (await opening)[0]
        waiting = notice.headed(notice.waiting(again_at), loading.to_dict())
        return view_id is not None and await update_view(client, view_id, waiting) is not None

    return notify


@contextmanager
def _logging(view_id: str) -> Iterator[None]:
    """Log that Slack does not take a view."""
    try:
        yield
    except SLACK_ERRORS as error:
        log.warning("Modal update failed", extra={"view": view_id, "error": error_code(error)})


async def _open(client: AsyncWebClient, trigger_id: str, loading: View) -> Opened:
    """Return the id of the loading modal, or None and Slack's error code."""
    try:
        answer = await client.views_open(trigger_id=trigger_id, view=loading)
    except SLACK_ERRORS as error:
        code = error_code(error)
        log.warning("Modal could not be opened", extra={"error": code})
        return None, code
    view: dict[str, Any] = answer["view"]
    return str(view["id"]), ""
