"""Decide which Slack messages a request needs. No I/O."""

from deletion.domain.campaign_list import pauses
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request
from deletion.domain.policy import OpsRoomsEvents, Policy, is_group
from deletion.domain.reappearance import REAPPEARED
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.states import State

UNTOLD = frozenset(
    {
        "waiting for Slack",
        "undo window restarted",
        "attempting",
        "stopping",
        "rebuilding",
        "attempted",
        "not sent",
        "interrupted",
        "looked again",
        "still waiting for Kore.ai",
    }
)  # the card shows these steps; the thread does not
DELETIONS = frozenset({State.DELETED, State.GONE, State.UNKNOWN})  # the campaign is gone, or may be
DECIDED = frozenset({State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED})  # by people and deadlines
TOLD_IN_OPS_ROOMS = {
    OpsRoomsEvents.ALL: frozenset(State),
    OpsRoomsEvents.OUTCOMES: frozenset(State) - DECIDED,
    OpsRoomsEvents.DELETIONS: DELETIONS,
}
ALERT, CALL, FILE, PAUSE, SETTLED = "alert", "call", "file", "pause", "settled"
WITH_FILE = frozenset({MessageKind.ORIGIN, MessageKind.CARD, MessageKind.ROOM})  # whose thread gets a list's result
# The last one also of a request that needed no approval when it was made.
CALLING = frozenset({"requested", "rebuild requested", "stop requested", "escalated", "approvals insufficient"})


def recipients(
    request: Request, entry: Entry, policy: Policy, before: State | None = None, *, is_list_open: bool = False
) -> list[Message]:
    """Return the messages that a request needs after this journal entry. Existing ones are found by their key.

    From the start: the command's channel and the approvals channel, one message if they are the same. With the outcome:
    ops rooms and the requester. The card's thread gets one line for each entry, and the thread of each message about a
    list a file with its result, if Slack lets the bot write files. ``before`` is the state before the entry: an outcome
    that was unknown is told anew. The messages of a list are those of its first request; while it is open, those about
    its end are still to be sent, so a campaign that is there again is told as a late outcome is.
    """
    owed = []
    if not request.approvals_required or request.channel_id != policy.approvals_channel:
        owed.append(_message(request.shown_by, MessageKind.ORIGIN, request.channel_id))
    if request.approvals_required and policy.approvals_channel:
        owed.append(card(request.shown_by, policy.approvals_channel))
        if entry.event not in UNTOLD:
            owed.append(_story(request, entry, policy.approvals_channel))
    if request.is_open:
        return owed + _calls(request, entry, policy)
    if request.approvals_required:
        owed.append(direct(request))
    if request.state in TOLD_IN_OPS_ROOMS[policy.ops_rooms_events]:
        told = {message.target_id for message in owed}
        owed += [_message(request.shown_by, MessageKind.ROOM, room) for room in policy.ops_rooms if room not in told]
    if request.list_id and policy.attaches_files:
        owed += [result_file(request, message.target_id) for message in owed if message.kind in WITH_FILE]
    if before and request.list_id and pauses(before, request) and entry.event != REAPPEARED:  # which tells it, too
        owed.append(_of_list(PAUSE, request, entry))
    if entry.event == REAPPEARED:
        return owed + (_late(request, entry) if is_list_open else _anew(request, owed))
    return owed + _late(request, entry) if before is State.UNKNOWN and request.state is not State.UNKNOWN else owed


def _late(request: Request, entry: Entry) -> list[Message]:
    """Return a direct message to the requester, and a thread line where the card's thread has none."""
    threads = [] if request.approvals_required else [_story(request, entry, request.channel_id)]
    told = [_of_list(SETTLED, request, entry)] if request.list_id else _anew(request, [direct(request)])
    return [*told, *threads]


def _anew(request: Request, owed: list[Message]) -> list[Message]:
    """Return one more message for each channel without a thread line, because an update sends no notification."""
    silent = [message for message in owed if message.kind not in (MessageKind.CARD, MessageKind.STORY)]
    return [message.model_copy(update={"key": f"{message.key}-{_occasion(request)}"}) for message in silent]


def card(shown_by: str, channel_id: str) -> Message:
    """Return the message with buttons for approvers, of a request or of a list."""
    return _message(shown_by, MessageKind.CARD, channel_id)


def direct(request: Request) -> Message:
    """Return the direct message to the requester, for the outcome or if the command's channel is unreachable."""
    return _message(request.shown_by, MessageKind.DIRECT, request.requester_id)


def alert(request: Request) -> Message:
    """Return the direct message to the requester of an open request that its channel or the approvers' refuses.

    It is another one than that of the outcome, because an update sends no notification.
    """
    return direct(request).model_copy(update={"key": f"{ALERT}-{request.requester_id}"})


def is_alert(message: Message) -> bool:
    return message.key.startswith(f"{ALERT}-")


def is_call(message: Message) -> bool:
    return message.key.startswith(f"{CALL}-")


def is_result_file(message: Message) -> bool:
    return message.key.startswith(f"{FILE}-")


def result_file(request: Request, channel_id: str) -> Message:
    """Return the file with the result of a list, for the thread of the message in this channel.

    The kind, a ``ts`` and a version that is not 0 keep the previous version from posting the row as anything else.
    """
    file = {"request_id": request.shown_by, "kind": MessageKind.STORY, "target_id": channel_id}
    return Message(**file, key=f"{FILE}-{channel_id}", ts="", shown_version=-1)


def is_settled(message: Message) -> bool:
    return message.key.startswith(f"{SETTLED}-")


def is_pause(message: Message) -> bool:
    return message.key.startswith(f"{PAUSE}-")


def _of_list(begins: str, request: Request, entry: Entry) -> Message:
    """Return the direct message about one campaign of a list, which does not wait for the end of the list.

    It tells that its result is known now, or that it pauses the rest, which an update of the card notifies nobody of.
    """
    key = f"{begins}-{request.requester_id}-{_occasion(request)}"
    return direct(request).model_copy(update={"key": key, "entry": entry})


def _calls(request: Request, entry: Entry, policy: Policy) -> list[Message]:
    """Return a direct message to each approver whom the settings name by user id, once for each request.

    The line in the card's thread mentions them, too. The kind is one that the previous version can show.
    """
    is_calling = policy.notify_by_dm and request.state is State.AWAITING_APPROVAL and entry.event in CALLING
    called = [name for name in policy.notified_about(request) if not is_group(name)] if is_calling else []
    call = {"request_id": request.shown_by, "kind": MessageKind.DIRECT, "entry": entry}
    return [Message(**call, key=f"{CALL}-{user_id}", target_id=user_id) for user_id in called]


def rooms_of_a_freeze(freeze: Freeze, policy: Policy) -> list[str]:
    """Return the channels that announce a freeze or its end: approvals, ops rooms, and those of the commands.

    Direct messages are left out: the response to the command is enough there.
    """
    rooms = (policy.approvals_channel, *policy.ops_rooms, freeze.frozen_in, freeze.lifted_in)
    return [room for room in dict.fromkeys(rooms) if room and not room.startswith("D")]


def _story(request: Request, entry: Entry, channel_id: str) -> Message:
    return Message(
        request_id=request.shown_by,
        key=f"{MessageKind.STORY}-{_occasion(request)}",
        kind=MessageKind.STORY,
        target_id=channel_id,
        entry=entry,
    )


def _message(shown_by: str, kind: MessageKind, target_id: str) -> Message:
    return Message(request_id=shown_by, key=f"{kind}-{target_id}", kind=kind, target_id=target_id)


def _occasion(request: Request) -> str:
    """Return what tells the messages of a change from those of others; the requests of a list share theirs."""
    return f"{request.list_position}.{request.version}" if request.list_id else str(request.version)
