"""The first word after the command selects the listener."""

from collections.abc import Awaitable, Callable
from typing import Any


def matches(*words: str) -> Callable[..., Awaitable[bool]]:
    """Return a Bolt matcher: the command is followed by one of these words, in upper or lower case."""

    async def matches(body: dict[str, Any]) -> bool:
        first, *_ = str(body.get("text") or "").split() or [""]
        return first.lower() in words

    return matches


def arguments(body: dict[str, Any]) -> str:
    """Return the text after the first word."""
    return " ".join(str(body.get("text") or "").split()[1:])
