"""The first word after the command chooses the listener. The only place that looks at it."""

from collections.abc import Awaitable, Callable
from typing import Any


def matches(*words: str) -> Callable[..., Awaitable[bool]]:
    """A matcher for Bolt: the command is followed by one of these words, in whatever case."""

    async def matches(body: dict[str, Any]) -> bool:
        first, *_ = str(body.get("text") or "").split() or [""]
        return first.lower() in words

    return matches


def arguments(body: dict[str, Any]) -> str:
    """What follows the first word."""
    return " ".join(str(body.get("text") or "").split()[1:])
