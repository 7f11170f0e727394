"""Find the Kore.ai application that a payload is about, and let only that application's listeners receive it."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from deletion.domain.policy import Policy
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from slack_ui.parts import ids
from slack_ui.views import picker_modal

APPLICATION = "application"  # in Bolt's context
ID = re.compile("[0-9a-f]{32}")  # of a request or of the preview that it was made from
SEARCHES = (ids.SEARCH_BUTTON, ids.SEARCH_WORDS_BUTTON)  # which carry the words that were typed
Body = dict[str, Any]
Matcher = Callable[..., Awaitable[bool]]


class ApplicationScope:
    """Reads the application from the channel, and for a button or form of a request from the request's row.

    Such a button or form carries the id of its request or preview first. An application without channels has them all.
    This routes, and authorises nothing: the parts of an application refuse what is of another one.
    """

    def __init__(self, policies: Iterable[Policy], requests: RequestStore, previews: PreviewStore) -> None:
        named = {policy.application: policy.channels for policy in policies}
        self._names = frozenset(named)
        self._of_channel = {channel: name for name, channels in named.items() for channel in channels}
        self._everywhere = next((name for name, channels in named.items() if not channels), None)
        self._requests = requests
        self._previews = previews

    def register(self, app: AsyncApp) -> None:
        app.middleware(self.on_payload)

    async def on_payload(
        self, body: Body, context: AsyncBoltContext, next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        context[APPLICATION] = await self._find(body)
        return await next_()

    async def _find(self, body: Body) -> str | None:
        """Return the application's name, or None if there is none for this payload."""
        view, action = body.get("view") or {}, (body.get("actions") or [{}])[0]
        is_form = body.get("type") == "view_submission"
        what = str((view.get("callback_id") if is_form else action.get("action_id")) or "")
        value = str((view.get("private_metadata") if is_form else action.get("value")) or "")
        if what not in SEARCHES and (found := ID.match(value)):
            made = await self._requests.request(found[0]) or await self._previews.preview(found[0])
            return made.application if made else None
        if what == ids.HOME_FIND_BUTTON:
            return value if value in self._names else None
        if view.get("callback_id") in (ids.PICKER_VIEW, ids.LIST_PICKER_VIEW):
            return self._of_picking(picker_modal.picking(view))
        return self._in_channel(str(body.get("channel_id") or (body.get("channel") or {}).get("id") or ""))

    def _of_picking(self, picking: picker_modal.Picking) -> str | None:
        return self._in_channel(picking.channel_id) if picking.channel_id else picking.application

    def _in_channel(self, channel_id: str) -> str | None:
        return self._of_channel.get(channel_id, self._everywhere)


class ScopedApp:
    """Registers listeners for the payloads of one application, or of none."""

    def __init__(self, app: AsyncApp, application: str | None) -> None:
        self._app = app
        self._application = application

    def command(self, command: str, matchers: Sequence[Matcher] = ()) -> Callable[..., Any]:
        return self._app.command(command, matchers=[*matchers, self._is_mine])

    def action(self, constraints: str, matchers: Sequence[Matcher] = ()) -> Callable[..., Any]:
        return self._app.action(constraints, matchers=[*matchers, self._is_mine])

    def options(self, constraints: str) -> Callable[..., Any]:
        return self._app.options(constraints, matchers=[self._is_mine])

    def shortcut(self, constraints: str) -> Callable[..., Any]:
        return self._app.shortcut(constraints, matchers=[self._is_mine])

    def view(self, constraints: str) -> Callable[..., Any]:
        return self._app.view(constraints, matchers=[self._is_mine])

    async def _is_mine(self, context: AsyncBoltContext) -> bool:
        return context.get(APPLICATION) == self._application
