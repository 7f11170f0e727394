"""Which messages of a request are behind, which goes first, and which name a channel that refuses messages. No I/O."""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from deletion.domain.approvals.reminders import Call
from deletion.domain.campaign_list import CampaignList
from deletion.domain.errors import UnreachableError
from deletion.domain.models import Request
from deletion.domain.recipients import WITH_FILE, is_alert, is_call, is_pause, is_result_file, is_settled
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State


class Importance(IntEnum):
    """The order in which the messages of a channel are sent: a lower number first. Zero is sent before all others."""

    BUTTONS = 1  # a card, or the message in the command's channel
    RESULT = 2
    THREAD_LINE = 3
    LAST = 4  # a reminder, or a file


def importance(message: Message) -> Importance:
    if message.kind is MessageKind.STORY:
        is_reminder = message.entry is not None and message.entry.event == Call.REMINDED
        return Importance.LAST if is_reminder or is_result_file(message) else Importance.THREAD_LINE
    return Importance.BUTTONS if message.kind in (MessageKind.CARD, MessageKind.ORIGIN) else Importance.RESULT


def in_order(messages: Iterable[Message]) -> list[Message]:
    """Sort a card before its thread, the thread's lines by time, and files after them."""

    def place(message: Message) -> tuple[bool, bool, float]:
        at = message.entry.at.timestamp() if message.entry else 0.0
        return message.kind is MessageKind.STORY, is_result_file(message), at

    return sorted(messages, key=place)


def awaits_card(message: Message, messages: Iterable[Message]) -> bool:
    """Return whether it is of the thread of a message, or links to one, that is not posted yet and will bring it."""
    followed = _followed_by(message, messages)
    return followed is not None and followed.ts is None and not followed.error


def is_not_due(message: Message, request: Request) -> bool:
    """Return whether it is a posted line of a thread, or tells the end of a list that is open.

    ``request`` stands for the whole list. A posted file is due again if it said of a campaign that its result is
    unknown, and that of none is any more.
    """
    if is_result_file(message):
        is_valid = message.shown_version > 0 or request.state is State.UNKNOWN
        return request.is_open or (bool(message.ts) and is_valid)
    if message.kind is MessageKind.STORY:
        return message.ts is not None
    is_at_once = is_alert(message) or is_call(message) or is_settled(message) or is_pause(message)
    is_of_end = message.kind in (MessageKind.ROOM, MessageKind.DIRECT) and not is_at_once
    return request.list_id is not None and request.is_open and is_of_end


def is_behind(message: Message, request: Request, freeze_generation: int) -> bool:
    """Return whether it shows an earlier version, or an open request from before the last freeze or unfreeze."""
    if message.kind is MessageKind.STORY:
        return message.shown_version <= 0
    return message.shown_version < request.version or (
        request.is_open and message.shown_freeze_generation < freeze_generation
    )


def is_needless(message: Message, request: Request, listed: CampaignList | None, unreached: Mapping[str, str]) -> bool:
    """Return whether it was not posted yet, and what it is to tell has passed: unreached channels, or a pause."""
    if message.ts is not None:
        return False
    if is_alert(message):
        return not (request.is_open and unreached)
    position = message.entry.details.get("list_position", "") if message.entry else ""
    return is_pause(message) and not (listed and listed.is_paused_by(position))


def shows(message: Message, request: Request) -> int:
    """Return the version that a message shows once it is sent: negative for a file that is to be corrected."""
    return -request.version if is_result_file(message) and request.state is State.UNKNOWN else request.version


def untried_lines_before(key: str, messages: Iterable[Message]) -> list[Message]:
    """Return the earlier lines of a thread that were not tried yet. A line that failed no longer holds up the others.

    They go to the same channel, whose queue runs one workflow at a time, so no other workflow posts them meanwhile.
    Lines in another channel are left out: the settings may have named it when the request was made.
    """
    lines = [message for message in in_order(messages) if _is_line(message)]
    last = next((number for number, line in enumerate(lines) if line.key == key), 0)
    earlier = [line for line in lines[:last] if line.target_id == lines[last].target_id]
    return [line for line in earlier if line.ts is None and not line.error and line.tried_at is None]


def card_of(messages: Iterable[Message], channel_id: str = "") -> Message | None:
    """Return the message with the request's thread, in this channel if one is given, else in any.

    Without approvals, it is the one in the command's channel. A request has two cards if the settings name another
    channel of approvals by now.
    """
    there = [message for message in messages if not channel_id or message.target_id == channel_id]
    found = {message.kind: message for message in there if message.kind in (MessageKind.CARD, MessageKind.ORIGIN)}
    return found.get(MessageKind.CARD) or found.get(MessageKind.ORIGIN)


def thread_of(messages: Iterable[Message], message: Message) -> str | None:
    """Return the ts of the message whose thread it belongs to. Raises UnreachableError if its channel refuses that."""
    if message.kind is not MessageKind.STORY:
        return None
    followed = _followed_by(message, messages)
    if followed is None or (followed.ts is None and followed.error):
        raise UnreachableError(followed.error if followed else "no card")
    return followed.ts


def waiting_for(posted: Message, messages: Iterable[Message]) -> list[Message]:
    """Return what waits for a message: the lines and the file of its thread, and the messages that link to it."""
    messages = list(messages)
    unposted = [message for message in in_order(messages) if not message.ts]
    return [message for message in unposted if (of := _followed_by(message, messages)) and of.key == posted.key]


def _followed_by(message: Message, messages: Iterable[Message]) -> Message | None:
    """Return the message whose thread this one is posted in, or to which it links."""
    if is_result_file(message):
        there = (other for other in messages if other.kind in WITH_FILE and other.target_id == message.target_id)
        return next((other for other in there if other.key == f"{other.kind}-{other.target_id}"), None)
    if message.kind is MessageKind.STORY:
        return card_of(messages, message.target_id)
    return card_of(messages) if is_call(message) else None


def _is_line(message: Message) -> bool:
    return message.kind is MessageKind.STORY and not is_result_file(message)


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
    lines = (line for line in in_order(messages) if _is_line(line) and line.target_id == message.target_id)
    return next((line.error for line in lines if line.error), "")


def naming_rooms(messages: Iterable[Message]) -> list[Message]:
    """Return the messages that name channels which refuse messages."""
    silent = (MessageKind.ROOM, MessageKind.STORY)
    return [message for message in messages if message.kind not in silent and not is_call(message)]
