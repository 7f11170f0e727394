"""Hostile texts, and checks that none of them acts as markup or hides something in what is sent to Slack."""

import re
from collections.abc import Iterator
from typing import Any

import regex

EVIL = "EVIL"  # marks text from outside
HOSTILE = [
    f"{EVIL} <!channel> & <@U0BOB> <#C0> <!subteam^S0> <!date^0^x|y> <https://evil.example|click>",
    f"{EVIL} https://evil.example #general @here",
    f":white_check_mark: *{EVIL} was deleted* _i_ ~s~ > quote",
    f"`{EVIL}` ``` *{EVIL}* ` <!here>",
    f"{EVIL}” was deleted. “",
    f"{{requester}} {{0}} {{}} %s {EVIL} {{approvers!r}}",
    f"{EVIL}\n\n\r\u2028\u2029\x0b*two*\nlines",
    f"\u202e{EVIL}\u2066 \u200b\u2060\ufeff\u00ad \U000e0041 \ue000 \u3164 \u2800",
    f"سلام عليكم {EVIL} שלום 1 of 2 approvals",
    EVIL + "o" + "\u0301\u0336" * 5_000,
    EVIL + "\ufe0f\U000e0100" * 5_000,
    f"\u0338{EVIL}",
    f"👩‍👩‍👧‍👦 {EVIL} 🔥" * 700,
    EVIL + "&" * 10_000,
    EVIL + "x" * 10_000,
    EVIL + "`" * 10_000,
    f"{EVIL}\x00\x1b[31m",
]
TOKEN = re.compile(r"<([^<>]*)>")
OURS = re.compile(
    r"@U[A-Z0-9]+|#C[A-Z0-9]+|!subteam\^S[A-Z0-9]+|!date\^-?\d+\^\{date_short_pretty\} at \{time(_secs)?\}\|[^|]+"
    r"|https://sandbox\.slack\.com/archives/[A-Z0-9]+/p\d+\|[A-Za-z ]+"
)
UNSEEN = regex.compile(r"[\p{Other}\p{Default_Ignorable_Code_Point}--[\n\u2068\u2069]]", regex.V1)
TOWER = regex.compile(r"\p{M}{5}")
CODE = re.compile(r"`[^`]*`")


def check_markup(surface: dict[str, Any]) -> None:
    for text in set(mrkdwn(surface)):
        assert all(OURS.fullmatch(token) for token in TOKEN.findall(text))
        assert "<" not in TOKEN.sub("", text)
        assert text.count("`") % 2 == 0
        assert EVIL not in CODE.sub("", text), "outside text where markup acts"
    for found in text_objects(surface):
        if found["type"] == "mrkdwn":
            assert found["verbatim"] is True
        elif EVIL in found["text"]:
            assert found["emoji"] is False


def check_seen(surface: dict[str, Any]) -> None:
    for text in set(all_texts(surface)):
        assert not UNSEEN.search(text)
        assert text.count("\u2068") == text.count("\u2069")
        assert not TOWER.search(text)


def mrkdwn(surface: Any) -> Iterator[str]:
    """Yield every text that Slack parses for markup: fallback texts and mrkdwn objects."""
    if isinstance(surface, dict) and isinstance(surface.get("text"), str) and surface.get("type") in (None, "mrkdwn"):
        yield surface["text"]
    for part in _parts(surface):
        yield from mrkdwn(part)


def text_objects(surface: Any) -> Iterator[dict[str, Any]]:
    if isinstance(surface, dict) and surface.get("type") in ("mrkdwn", "plain_text"):
        yield surface
    for part in _parts(surface):
        yield from text_objects(part)


def all_texts(surface: Any) -> Iterator[str]:
    if isinstance(surface, str):
        yield surface
    for part in _parts(surface):
        yield from all_texts(part)


def _parts(surface: Any) -> list[Any]:
    if isinstance(surface, dict):
        return list(surface.values())
    return surface if isinstance(surface, list) else []
