"""Who is told of a request, and since when. Pure, and the only place that decides it."""

from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Entry, Message, MessageKind, Request
from deletion.domain.policy import Policy
from deletion.domain.reappearance import REAPPEARED

UNTOLD = frozenset(
    {
        "waiting for Slack",
        "attempting",
        "attempted",
        "not sent",
        "interrupted",
        "looked again",
        "still waiting for Kore.ai",
    }
)  # steps of ours, which the card shows well enough


def recipients(request: Request, entry: Entry, policy: Policy) -> list[Message]:
    """The messages that a request must have after this entry of its journal; those it has already keep their place.

    The channel of the command and the approvals channel from the beginning (one message where they are the same), ops
    rooms and the requester directly at the outcome, and in the card's thread one line for each entry.
    """
    owed = []
    if not request.approvals_required or request.channel_id != policy.approvals_channel:
        owed.append(_message(request, MessageKind.ORIGIN, request.channel_id))
    if request.approvals_required and policy.approvals_channel:
        owed.append(_message(request, MessageKind.CARD, policy.approvals_channel))
        if entry.event not in UNTOLD:
            owed.append(_story(request, entry, policy.approvals_channel))
    if request.is_open:
        return owed
    if request.approvals_required:
        owed.append(direct(request))
    told = {message.target_id for message in owed}
    owed += [_message(request, MessageKind.ROOM, room) for room in policy.ops_rooms if room not in told]
    return owed + _anew(request, owed) if entry.event == REAPPEARED else owed


def _anew(request: Request, owed: list[Message]) -> list[Message]:
    """One more message in each channel without a thread line: an update of the first one notifies nobody there."""
    silent = [message for message in owed if message.kind not in (MessageKind.CARD, MessageKind.STORY)]
    return [message.model_copy(update={"key": f"{message.key}-{request.version}"}) for message in silent]


def direct(request: Request) -> Message:
    """What the requester gets, at the outcome or when the channel of the command cannot be reached."""
    return _message(request, MessageKind.DIRECT, request.requester_id)


def rooms_of_a_freeze(freeze: Freeze, policy: Policy) -> list[str]:
    """The channels that are told of a freeze or of its end: approvals, ops rooms, and where it was typed.

    A direct message is no room; whoever typed it there has been answered.
    """
    rooms = (policy.approvals_channel, *policy.ops_rooms, freeze.frozen_in, freeze.lifted_in)
    return [room for room in dict.fromkeys(rooms) if room and not room.startswith("D")]


def _story(request: Request, entry: Entry, channel_id: str) -> Message:
    return Message(
        request_id=request.id,
        key=f"{MessageKind.STORY}-{request.version}",
        kind=MessageKind.STORY,
        target_id=channel_id,
        entry=entry,
    )


def _message(request: Request, kind: MessageKind, target_id: str) -> Message:
    return Message(request_id=request.id, key=f"{kind}-{target_id}", kind=kind, target_id=target_id)
