"""The first word after the command selects the listener."""

from collections.abc import Awaitable, Callable
from typing import Any

from deletion.domain.text.typed_text import first_word, ids_as_typed

SUBCOMMANDS = ("many", "status", "history", "report", "hold", "release", "freeze", "unfreeze", "whoami", "help")
Matcher = Callable[..., Awaitable[bool]]


def matches(*words: str) -> Matcher:
    """Return a Bolt matcher: the command is followed by one of these words."""
    return when(lambda text: first_word(text)[0] in words)


def stops_campaign(text: str) -> bool:
    """Return whether a text asks to stop one campaign; ``stop`` without an id may mean a freeze."""
    word, rest = first_word(text)
    return word == "stop" and len(ids_as_typed(rest)) == 1


def when(is_meant: Callable[[str], bool]) -> Matcher:
    """Return a Bolt matcher: the text after the command is meant for this listener."""

    async def matches(body: dict[str, Any]) -> bool:
        return is_meant(typed_in(body))

    return matches


def arguments(body: dict[str, Any]) -> str:
    """Return the text after the first word, as Slack sent it."""
    return " ".join(first_word(typed_in(body))[1].split())


def typed_in(body: dict[str, Any]) -> str:
    """Return the text after the command, as Slack sent it."""
    return str(body.get("text") or "")
