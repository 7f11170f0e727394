"""Whether the requester of a paused list was told that it waits, and of no other."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deletion.domain.models import Request
from deletion.domain.records import Message
from deletion.domain.states import State

WAITS, OVER = " continue with ", "It isn't paused any more."
Posts = Mapping[Any, dict[str, Any]]


def wrong_pauses(
    lists: Mapping[str, list[Request]], paused_on: Mapping[str, str | None], kept: Sequence[Message], posts: Posts
) -> Iterator[str]:
    """Return what is wrong with the direct messages about pauses, by the rows of the lists and of their requests."""
    for list_id, requests in lists.items():
        is_paused = bool(paused_on[list_id]) and any(each.state is State.APPROVED for each in requests)
        told = [message for message in kept if message.request_id == list_id and message.key.startswith("pause-")]
        texts = [posts[place]["text"] for each in told if (place := (each.channel_id, each.ts)) in posts]
        for text in texts:
            if (WAITS in text) is not is_paused or (OVER in text) is is_paused:
                yield f"list {list_id}, {'' if is_paused else 'not '}paused: {text!r}"
        trouble = next((each for each in requests if each.id == paused_on[list_id]), None)
        is_refused = any(message.error for message in told)
        if is_paused and trouble and not (trouble.reappeared_at or texts or is_refused):
            yield f"list {list_id}: nothing tells its requester that it is paused"
