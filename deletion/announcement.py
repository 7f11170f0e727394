"""Keeps the Slack messages of a request up with its row. The row is the truth; a message may be late, never wrong."""

import logging
from collections.abc import Iterable
from typing import Protocol

from deletion.audience import direct_message
from deletion.errors import UnreachableError
from deletion.models import Message, MessageKind, Request
from deletion.store import Store

log = logging.getLogger(__name__)


class Projector(Protocol):
    """Renders the present state of a request into one Slack message."""

    def rendering(self, request: Request, message: Message, unreached: list[str]) -> str:
        """A digest of what would be shown: the same digest means that nothing has to be sent."""

    async def show(self, request: Request, message: Message, unreached: list[str]) -> Message:
        """Post or update; returns the message with its channel and ts.

        Raises UnreachableError (nobody can be told there) or SlackBusyError (later, perhaps).
        """


class Announcement:
    """One message at a time: read the row, compare, send what is missing, keep where it is."""

    def __init__(self, store: Store, projector: Projector) -> None:
        self._store = store
        self._projector = projector

    async def targets(self, request_id: str) -> list[str]:
        return [message.target_id for message in await self._store.messages(request_id)]

    async def show(self, request_id: str, target_id: str) -> list[str]:
        """Bring one message up to date. Returns the targets whose messages must now be looked at again.

        Raises SlackBusyError when it should be tried again.
        """
        request = await self._store.request(request_id)
        messages = {message.target_id: message for message in await self._store.messages(request_id)}
        message = messages.get(target_id)
        if request is None or message is None:
            return []
        unreached = _unreached(messages.values(), message)
        rendering = self._projector.rendering(request, message, unreached)
        if rendering == message.shown:
            await self._keep(message, request, rendering)
            return []
        try:
            shown = await self._projector.show(request, message, unreached)
        except UnreachableError as error:
            log.warning("A channel cannot be told", extra={"request_id": request_id, "channel": target_id})
            return await self._give_up(request, message, str(error), messages)
        await self._keep(shown.model_copy(update={"error": ""}), request, rendering)
        return _origins(messages.values()) if message.error else []

    async def _give_up(self, request: Request, message: Message, error: str, messages: dict[str, Message]) -> list[str]:
        """Remember who was not reached. The requester hears of their own channel directly, of a room in the card."""
        await self._keep(message.model_copy(update={"error": error}), request, message.shown)
        if message.kind is MessageKind.ORIGIN and not request.is_open:
            direct = direct_message(request)
            await self._store.keep_message(messages.get(direct.target_id, direct))
            return [direct.target_id]
        return _origins(messages.values()) if message.kind is MessageKind.ROOM else []

    async def _keep(self, message: Message, request: Request, shown: str) -> None:
        await self._store.keep_message(message.model_copy(update={"shown_version": request.version, "shown": shown}))


def _unreached(messages: Iterable[Message], message: Message) -> list[str]:
    """The channels that the requester's own message has to name; rooms are not told of each other."""
    if message.kind is MessageKind.ROOM:
        return []
    return sorted(other.target_id for other in messages if other.error and other.target_id != message.target_id)


def _origins(messages: Iterable[Message]) -> list[str]:
    """The messages that name the rooms which were not reached."""
    return [message.target_id for message in messages if message.kind is not MessageKind.ROOM]
