"""Who is told of a request, and since when. Pure, and the only place that decides it."""

from deletion.models import Message, MessageKind, Request


def audience(request: Request, ops_rooms: tuple[str, ...]) -> list[Message]:
    """The messages a request must have by now, not yet posted: its own channel at once, ops rooms at the outcome."""
    origin = Message(request_id=request.id, kind=MessageKind.ORIGIN, target_id=request.channel_id)
    if request.is_open:
        return [origin]
    rooms = dict.fromkeys(room for room in ops_rooms if room != request.channel_id)
    return [origin] + [Message(request_id=request.id, kind=MessageKind.ROOM, target_id=room) for room in rooms]


def direct_message(request: Request) -> Message:
    """What the requester gets when the channel of the command cannot be reached."""
    return Message(request_id=request.id, kind=MessageKind.DIRECT, target_id=request.requester_id)
