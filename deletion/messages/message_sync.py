"""Keeps the Slack messages of a request up to date with its row. A message may be late, never wrong."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple, Protocol

from deletion.domain.clock import now
from deletion.domain.errors import SlackBusyError, UnreachableError
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request
from deletion.domain.recipients import direct
from deletion.domain.records import Message, MessageKind
from deletion.messages.disclosure import Disclosure
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore

log = logging.getLogger(__name__)


class MessageRef(NamedTuple):
    """One message: its request, its key in the request, and the channel or user it goes to.

    ``occasion`` names the version of the request and the freeze generation that it should show; it may be empty.
    """

    request_id: str
    key: str
    target_id: str
    occasion: str = ""


@dataclass(frozen=True)
class RequestView:
    """What a message shows: the request, the unreachable channels, and the current freeze."""

    request: Request
    unreached: Sequence[str] = ()
    freeze: Freeze | None = None


@dataclass(frozen=True)
class Rendering:
    """What a Slack message shows. The same digest (SHA-256, in hex) means that nothing has to be sent.

    ``is_final``: it stays true for ever and has no buttons, so a copy of it that is left behind is harmless.
    """

    payload: Mapping[str, Any]
    digest: str
    is_final: bool = False


class Projector(Protocol):
    """Renders a request into a Slack message and sends it.

    ``post`` and ``update`` raise UnreachableError (the channel accepts no message) or SlackBusyError (retry later).
    """

    def render(self, view: RequestView, message: Message) -> Rendering:
        """Render the present state."""

    def render_first(self, request: Request) -> Rendering:
        """Render who requested what and when, which stays true."""

    def render_withheld(self, request: Request) -> Rendering:
        """Render a line without names, for a channel that is shared with another organization."""

    async def post(self, rendering: Rendering, message: Message, thread_ts: str | None) -> Message:
        """Return the message with its channel and ts."""

    async def update(self, rendering: Rendering, message: Message) -> bool:
        """Return False if the message no longer exists in Slack."""


class MessageSync:
    """Brings one message at a time up to date with its row: reads, compares, sends the difference.

    A crash between Slack's answer and the database leaves a copy of a message that no row knows. So a message is posted
    with facts that stay true and no buttons, and is updated with state and buttons once its row holds its ts.
    """

    def __init__(
        self, store: RequestStore, messages: MessageStore, projector: Projector, disclosure: Disclosure
    ) -> None:
        self._store, self._messages = store, messages
        self._projector, self._disclosure = projector, disclosure

    async def pending(self, request_id: str) -> list[MessageRef]:
        """Return the messages that do not show the present version, the card before its thread."""
        request = await self._store.request(request_id)
        if request is None:
            return []
        _, freeze_generation = await self._store.current_freeze()
        behind = [
            message
            for message in await self._messages.messages(request_id)
            if _is_behind(message, request, freeze_generation)
        ]
        occasion = f"{request.version}-{freeze_generation}"
        return [_address(message)._replace(occasion=occasion) for message in _in_order(behind)]

    async def overdue(
        self, older_than: timedelta, retried_for: timedelta, within: timedelta | None = None
    ) -> list[MessageRef]:
        late = await self._messages.overdue_messages(older_than, retried_for, within)
        return [_address(message) for message in _in_order(late)]

    async def show(self, address: MessageRef) -> list[MessageRef]:
        """Bring one message up to date, and before a line of a thread the card and the lines that it follows.

        Return the messages that are owed from now on. Raises SlackBusyError when it should be retried.
        """
        messages = await self._messages.messages(address.request_id)
        affected = []
        for key in _up_to(address.key, messages):
            affected += await self._show(address.request_id, key)
        return affected

    async def _show(self, request_id: str, key: str) -> list[MessageRef]:
        freeze, freeze_generation = await self._store.current_freeze()
        request = await self._store.request(request_id)
        messages = {message.key: message for message in await self._messages.messages(request_id)}
        message = messages.get(key)
        if request is None or message is None or (message.kind is MessageKind.STORY and message.ts):
            return []
        view = RequestView(request, _unreached(messages.values(), message), freeze if request.is_open else None)
        rendering = self._projector.render(view, message)
        handled = {"shown_version": request.version, "shown_freeze_generation": freeze_generation, "tried_at": now()}
        if rendering.digest == message.shown:
            await self._messages.save_shown(message, **handled)
            return []
        try:
            if not await self._disclosure.may_name(message.target_id):
                rendering = self._withheld(request, message)
            shown = {**handled, "error": "", "shown": rendering.digest}
            await self._send(request, message, rendering, _thread(messages.values(), message), shown)
        except UnreachableError as error:
            log.warning("Channel unreachable", extra={**_fields(request, message), "error": str(error)})
            await self._messages.save_shown(message, **handled, error=str(error))
            return await self._not_told(request, message, messages)
        return _naming_rooms(messages.values()) if message.error else []

    def _withheld(self, request: Request, message: Message) -> Rendering:
        log.warning("Channel is shared with another organization; names withheld", extra=_fields(request, message))
        if message.kind is MessageKind.STORY:
            raise UnreachableError("shared_channel")  # the card says it once
        return self._projector.render_withheld(request)

    async def _send(
        self, request: Request, message: Message, rendering: Rendering, thread_ts: str | None, shown: dict[str, Any]
    ) -> None:
        """Update the message and save it as ``shown``; post it first if it does not exist (any more)."""
        if rendering.digest == message.shown or (message.ts and await self._projector.update(rendering, message)):
            await self._save_sent(request, message, shown)
            return
        first = rendering if rendering.is_final else self._projector.render_first(request)
        posted = await self._projector.post(first, message, thread_ts)
        if first is rendering:
            posted = posted.model_copy(update=shown)
        if not await self._messages.place(posted, instead_of=message.ts):
            return  # another run was quicker and continues; what was posted here stays true
        if first is rendering:
            return
        if not await self._projector.update(rendering, posted):
            raise SlackBusyError("message_not_found")
        await self._save_sent(request, posted, shown)

    async def _save_sent(self, request: Request, before: Message, shown: dict[str, Any]) -> None:
        """Save what was sent. If another run saved meanwhile, either may have sent last, so the sweep sends again."""
        if not await self._messages.save_shown(before, **shown):
            log.warning("Message updated twice at once", extra=_fields(request, before))
            await self._messages.mark_stale(before)

    async def _not_told(self, request: Request, message: Message, messages: dict[str, Message]) -> list[MessageRef]:
        """Return the messages that say so: one to the requester about their own channel, the card about a room."""
        is_theirs = message.target_id == request.channel_id and message.kind is not MessageKind.STORY
        if is_theirs and (message.kind is MessageKind.CARD or not request.is_open):
            told = direct(request)
            if told.key not in messages:
                await self._messages.add(told)
            return [_address(told)]
        is_news = message.kind in (MessageKind.ROOM, MessageKind.CARD) and not message.error
        return _naming_rooms(messages.values()) if is_news else []


def _fields(request: Request, message: Message) -> dict[str, str]:
    return {"request_id": request.id, "campaign_id": request.campaign.campaign_id, "channel": message.target_id}


def _address(message: Message) -> MessageRef:
    return MessageRef(message.request_id, message.key, message.target_id)


def _is_behind(message: Message, request: Request, freeze_generation: int) -> bool:
    """Return whether it shows an earlier version, or an open request from before the last freeze or unfreeze."""
    if message.kind is MessageKind.STORY:
        return message.shown_version == 0
    return message.shown_version < request.version or (
        request.is_open and message.shown_freeze_generation < freeze_generation
    )


def _in_order(messages: Iterable[Message]) -> list[Message]:
    """Sort a card before its thread, and the thread's lines by time."""

    def place(message: Message) -> tuple[bool, float]:
        return message.kind is MessageKind.STORY, message.entry.at.timestamp() if message.entry else 0.0

    return sorted(messages, key=place)


def _up_to(key: str, messages: Iterable[Message]) -> list[str]:
    """Return the key; for a line of a thread, after the card and earlier lines that are not posted yet.

    They all go to one channel, whose queue runs one workflow at a time, so no other workflow posts them meanwhile.
    """
    in_order = _in_order(messages)
    message = next((message for message in in_order if message.key == key), None)
    if message is None or message.kind is not MessageKind.STORY:
        return [key]
    thread = [other for other in in_order if other.kind in (MessageKind.CARD, MessageKind.STORY)]
    earlier = thread[: thread.index(message)]
    return [other.key for other in earlier if other.ts is None and not other.error] + [key]


def _thread(messages: Iterable[Message], message: Message) -> str | None:
    """Return the ts of the card that a thread line belongs to. Raises UnreachableError if there is none."""
    if message.kind is not MessageKind.STORY:
        return None
    card = next((other for other in messages if other.kind is MessageKind.CARD), None)
    if card is None or card.ts is None:
        raise UnreachableError(card.error if card else "no card")
    return card.ts


def _unreached(messages: Iterable[Message], message: Message) -> list[str]:
    """Return the unreachable channels that the message names; rooms and thread lines name none."""
    if message.kind in (MessageKind.ROOM, MessageKind.STORY):
        return []
    failed = {other.target_id for other in messages if other.error and other.kind is not MessageKind.STORY}
    return sorted(failed - {message.target_id})


def _naming_rooms(messages: Iterable[Message]) -> list[MessageRef]:
    """Return the messages that name unreachable rooms."""
    silent = (MessageKind.ROOM, MessageKind.STORY)
    return [_address(message) for message in messages if message.kind not in silent]
