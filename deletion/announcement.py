"""Keeps the Slack messages of a request up with its row. The row is the truth; a message may be late, never wrong."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple, Protocol

from deletion.audience import direct
from deletion.clock import now
from deletion.errors import UnreachableError
from deletion.models import Message, MessageKind, Request
from deletion.store import Store

log = logging.getLogger(__name__)


class Address(NamedTuple):
    """Where one message is: its request, its key in the request, and the channel or person it goes to.

    ``version`` is the one of the request that it owes to show, 0 where that is not the reason to look at it.
    """

    request_id: str
    key: str
    target_id: str
    version: int = 0


class Projector(Protocol):
    """Renders the present state of a request into one Slack message."""

    def rendering(self, request: Request, message: Message, unreached: list[str]) -> str:
        """A digest of what would be shown: the same digest means that nothing has to be sent."""

    async def show(self, request: Request, message: Message, unreached: list[str], thread_ts: str | None) -> Message:
        """Post or update; returns the message with its channel and ts.

        Raises UnreachableError (nobody can be told there) or SlackBusyError (later, perhaps).
        """


class Announcement:
    """One message at a time: read the row, compare, send what is missing, keep where it is."""

    def __init__(self, store: Store, projector: Projector) -> None:
        self._store = store
        self._projector = projector

    async def owed(self, request_id: str) -> list[Address]:
        """Where the messages are that do not show the present version; the card before its thread."""
        request = await self._store.request(request_id)
        if request is None:
            return []
        behind = [message for message in await self._store.messages(request_id) if _is_behind(message, request)]
        return [_address(message)._replace(version=request.version) for message in _in_order(behind)]

    async def late(
        self, older_than: timedelta, retried_for: timedelta, within: timedelta | None = None
    ) -> list[Address]:
        late = await self._store.late_messages(older_than, retried_for, within)
        return [_address(message) for message in _in_order(late)]

    async def show(self, address: Address) -> list[Address]:
        """Bring one message up to date, and before a line of a thread the card and the lines that it follows.

        Returns the messages that must now be looked at again. Raises SlackBusyError when it should be tried again.
        """
        messages = await self._store.messages(address.request_id)
        affected = []
        for key in _up_to(address.key, messages):
            affected += await self._show(address.request_id, key)
        return affected

    async def _show(self, request_id: str, key: str) -> list[Address]:
        request = await self._store.request(request_id)
        messages = {message.key: message for message in await self._store.messages(request_id)}
        message = messages.get(key)
        if request is None or message is None or (message.kind is MessageKind.STORY and message.ts):
            return []
        unreached = _unreached(messages.values(), message)
        rendering = self._projector.rendering(request, message, unreached)
        if rendering == message.shown:
            await self._keep(message, request, rendering)
            return []
        try:
            shown = await self._projector.show(request, message, unreached, _thread(messages.values(), message))
        except UnreachableError as error:
            extra = {"request_id": request.id, "channel": message.target_id, "error": str(error)}
            log.warning("A channel cannot be told", extra=extra)
            return await self._give_up(request, message, str(error), messages)
        await self._keep(shown.model_copy(update={"error": ""}), request, rendering)
        return _naming_rooms(messages.values()) if message.error else []

    async def _give_up(
        self, request: Request, message: Message, error: str, messages: dict[str, Message]
    ) -> list[Address]:
        """Remember who was not reached. The requester hears of their own channel directly, of a room in the card."""
        await self._keep(message.model_copy(update={"error": error}), request, message.shown)
        is_theirs = message.target_id == request.channel_id and message.kind is not MessageKind.STORY
        if is_theirs and (message.kind is MessageKind.CARD or not request.is_open):
            told = direct(request)
            if told.key not in messages:
                await self._store.keep_message(told)
            return [_address(told)]
        is_news = message.kind in (MessageKind.ROOM, MessageKind.CARD) and not message.error
        return _naming_rooms(messages.values()) if is_news else []

    async def _keep(self, message: Message, request: Request, shown: str) -> None:
        handled = {"shown_version": request.version, "shown": shown, "tried_at": now()}
        await self._store.keep_message(message.model_copy(update=handled))


def _address(message: Message) -> Address:
    return Address(message.request_id, message.key, message.target_id)


def _is_behind(message: Message, request: Request) -> bool:
    if message.kind is MessageKind.STORY:
        return message.shown_version == 0
    return message.shown_version < request.version


def _in_order(messages: Iterable[Message]) -> list[Message]:
    """A card before its thread, and the thread's lines in the order in which they happened."""

    def place(message: Message) -> tuple[bool, float]:
        return message.kind is MessageKind.STORY, message.entry.at.timestamp() if message.entry else 0.0

    return sorted(messages, key=place)


def _up_to(key: str, messages: Iterable[Message]) -> list[str]:
    """The key itself; for a line of a thread, after the card and the earlier lines that are not posted yet.

    They all go to one channel, where one message is shown at a time, so nobody else is posting them meanwhile.
    """
    in_order = _in_order(messages)
    message = next((message for message in in_order if message.key == key), None)
    if message is None or message.kind is not MessageKind.STORY:
        return [key]
    thread = [other for other in in_order if other.kind in (MessageKind.CARD, MessageKind.STORY)]
    earlier = thread[: thread.index(message)]
    return [other.key for other in earlier if other.ts is None and not other.error] + [key]


def _thread(messages: Iterable[Message], message: Message) -> str | None:
    """The card that a line of the story belongs to. Raises UnreachableError if there is none."""
    if message.kind is not MessageKind.STORY:
        return None
    card = next((other for other in messages if other.kind is MessageKind.CARD), None)
    if card is None or card.ts is None:
        raise UnreachableError(card.error if card else "no card")
    return card.ts


def _unreached(messages: Iterable[Message], message: Message) -> list[str]:
    """The channels that the requester's own messages have to name; rooms are not told of each other."""
    if message.kind in (MessageKind.ROOM, MessageKind.STORY):
        return []
    failed = {other.target_id for other in messages if other.error and other.kind is not MessageKind.STORY}
    return sorted(failed - {message.target_id})


def _naming_rooms(messages: Iterable[Message]) -> list[Address]:
    """The messages that name the rooms which were not reached."""
    silent = (MessageKind.ROOM, MessageKind.STORY)
    return [_address(message) for message in messages if message.kind not in silent]
