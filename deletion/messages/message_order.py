"""Which messages of a request are behind, which goes first, and which name a channel that refuses messages. No I/O."""

from collections.abc import Iterable
from enum import IntEnum

from deletion.domain.approvals.reminders import Call
from deletion.domain.errors import UnreachableError
from deletion.domain.models import Request
from deletion.domain.recipients import is_alert, is_call
from deletion.domain.records import Message, MessageKind


class Importance(IntEnum):
    """The order in which the messages of a channel are sent: a lower number first. Zero is sent before all others."""

    BUTTONS = 1  # a card, or the message in the command's channel
    RESULT = 2
    THREAD_LINE = 3
    REMINDER = 4


def importance(message: Message) -> Importance:
    if message.kind is MessageKind.STORY:
        is_reminder = message.entry is not None and message.entry.event == Call.REMINDED
        return Importance.REMINDER if is_reminder else Importance.THREAD_LINE
    return Importance.BUTTONS if message.kind in (MessageKind.CARD, MessageKind.ORIGIN) else Importance.RESULT


def in_order(messages: Iterable[Message]) -> list[Message]:
    """Sort a card before its thread, and the thread's lines by time."""

    def place(message: Message) -> tuple[bool, float]:
        return message.kind is MessageKind.STORY, message.entry.at.timestamp() if message.entry else 0.0

    return sorted(messages, key=place)


def awaits_card(message: Message, messages: Iterable[Message]) -> bool:
    """Return whether it is a line of a thread, or a link to a card, that is not posted yet; the card will bring it."""
    card = card_of(messages) if _follows_card(message) else None
    return card is not None and card.ts is None and not card.error


def is_not_due(message: Message, request: Request) -> bool:
    """Return whether it is a posted line of a thread, or tells the end of a list that is open.

    ``request`` stands for the whole list.
    """
    if message.kind is MessageKind.STORY:
        return message.ts is not None
    is_of_end = message.kind is MessageKind.ROOM or (
        message.kind is MessageKind.DIRECT and not is_alert(message) and not is_call(message)
    )
    return request.list_id is not None and request.is_open and is_of_end


def is_behind(message: Message, request: Request, freeze_generation: int) -> bool:
    """Return whether it shows an earlier version, or an open request from before the last freeze or unfreeze."""
    if message.kind is MessageKind.STORY:
        return message.shown_version == 0
    return message.shown_version < request.version or (
        request.is_open and message.shown_freeze_generation < freeze_generation
    )


def untried_lines_before(key: str, messages: Iterable[Message]) -> list[Message]:
    """Return the earlier lines of a thread that were not tried yet. A line that failed no longer holds up the others.

    They all go to one channel, whose queue runs one workflow at a time, so no other workflow posts them meanwhile.
    """
    lines = [message for message in in_order(messages) if message.kind is MessageKind.STORY]
    keys = [line.key for line in lines]
    earlier = lines[: keys.index(key)] if key in keys else []
    return [line for line in earlier if line.ts is None and not line.error and line.tried_at is None]


def card_of(messages: Iterable[Message]) -> Message | None:
    """Return the message with the request's thread: without approvals, the one in the command's channel."""
    found = {message.kind: message for message in messages if message.kind in (MessageKind.CARD, MessageKind.ORIGIN)}
    return found.get(MessageKind.CARD) or found.get(MessageKind.ORIGIN)


def thread_of(messages: Iterable[Message], message: Message) -> str | None:
    """Return the ts of the card that a thread line belongs to. Raises UnreachableError if its channel refuses it."""
    if message.kind is not MessageKind.STORY:
        return None
    card = card_of(messages)
    if card is None or (card.ts is None and card.error):
        raise UnreachableError(card.error if card else "no card")
    return card.ts


def unposted_lines(messages: Iterable[Message]) -> list[Message]:
    """Return what waits for the card: the lines of its thread, and the messages that link to it."""
    return [line for line in in_order(messages) if _follows_card(line) and line.ts is None]


def _follows_card(message: Message) -> bool:
    return message.kind is MessageKind.STORY or is_call(message)


def unreached(messages: Iterable[Message], message: Message) -> dict[str, str]:
    """Return the channels that refuse messages, with Slack's code, as the message names them; rooms name none."""
    if message.kind in (MessageKind.ROOM, MessageKind.STORY):
        return {}
    return {target: code for target, code in refused(messages).items() if target != message.target_id}


def refused(messages: Iterable[Message]) -> dict[str, str]:
    """Return the channels that refuse messages of a request, with Slack's code."""
    failed = {other.target_id: other.error for other in messages if other.error and other.kind is not MessageKind.STORY}
    return {target: failed[target] for target in sorted(failed)}


def thread_error(messages: Iterable[Message], message: Message) -> str:
    """Return Slack's code for a line that it refuses in the thread of this card, which it accepts."""
    if message.kind is not MessageKind.CARD:
        return ""
    return next((line.error for line in in_order(messages) if line.kind is MessageKind.STORY and line.error), "")


def naming_rooms(messages: Iterable[Message]) -> list[Message]:
    """Return the messages that name channels which refuse messages."""
    silent = (MessageKind.ROOM, MessageKind.STORY)
    return [message for message in messages if message.kind not in silent and not is_call(message)]
