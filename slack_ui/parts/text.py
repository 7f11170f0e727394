"""Text from outside, made safe to show. The only place that cleans, clamps and escapes it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

import regex

from deletion.domain.visible_text import visible_text
from slack_ui import strings

NAME_LIMIT = 120
VALUE_LIMIT = 300
KORE_MESSAGE_LIMIT = 1_000
NAMED = 20
PERSON = ("U", "W")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}  # docs.slack.dev/messaging/formatting-message-text
_IN_CODE = {**_ENTITIES, "`": "'"}
_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}]")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def clean(text: str, limit: int = VALUE_LIMIT) -> str:
    """One line without what cannot be seen, at most ``limit`` characters long; for plain and rich text.

    Nothing in it has a meaning there, so nothing is escaped. Empty text stays empty.
    """
    return _shown(text, limit, {})


def code(text: str, limit: int = VALUE_LIMIT) -> str:
    """The same as a code span of mrkdwn: no mention, link, emoji, bold or date can be made of it.

    ``limit`` counts what is sent, escapes included.
    """
    shown = _shown(text, limit - 2, _IN_CODE)
    return f"`{shown}`" if shown else ""


def clean_ends(text: str, limit: int) -> str:
    """The same, cut in the middle: names tend to differ at the end."""
    seen, end = visible_text(text), limit // 2
    if _length(seen) + len(_ISOLATE + _END_ISOLATE) <= limit:
        return clean(seen, limit)
    tail = seen[-end:]
    while _length(tail) > end:
        tail = tail[1:]
    return clean(_cut(list(seen), limit - _length(tail) - len(_ISOLATE + _END_ISOLATE)) + tail, limit)


def escape(text: str, limit: int = VALUE_LIMIT) -> str:
    """A sentence of ours in mrkdwn; what is somebody else's stands in ``code``, for ``*`` and ``:x:`` still act."""
    return _shown(text, limit, _ENTITIES)


def date(moment: datetime, *, seconds: bool = False) -> str:
    """A time in the reader's own zone, in mrkdwn (docs.slack.dev/messaging/formatting-message-text#date-formatting)."""
    shown = strings.campaign.DATE_AND_SECONDS if seconds else strings.campaign.DATE
    in_utc = strings.campaign.DATE_AND_SECONDS_IN_UTC if seconds else strings.campaign.DATE_IN_UTC
    return f"<!date^{int(moment.timestamp())}^{shown}|{moment:{in_utc}}>"


def mention(slack_id: str) -> str:
    """A person, a user group or a channel by its id, in mrkdwn (docs.slack.dev/messaging/formatting-message-text)."""
    if slack_id.startswith("S"):
        return f"<!subteam^{slack_id}>"
    return f"<@{slack_id}>" if slack_id.startswith(PERSON) else f"<#{slack_id}>"


def mentions(slack_ids: Sequence[str]) -> str:
    """The first twenty of them, and how many more there are."""
    named = ", ".join(mention(slack_id) for slack_id in slack_ids[:NAMED])
    more = len(slack_ids) - NAMED
    return f"{named} {strings.campaign.AND_MORE.format(count=more)}" if more > 0 else named


def day(moment: datetime) -> str:
    """The day in UTC, as 2 Nov 2025, where Slack shows plain text alone."""
    return f"{moment.day} {moment:%b %Y}"


def masked_number(number: str) -> str:
    """A phone number of which only the last two digits can be read."""
    digits = [char for char in number if char.isdigit()]
    return f"•••• {''.join(digits[-2:])}" if len(digits) > 4 else "••••"  # noqa: PLR2004 - of a short one nothing is shown


def _shown(text: str, limit: int, escapes: dict[str, str]) -> str:
    """Cut between characters, never inside an escape; a text from right to left does not turn what stands around it."""
    seen = visible_text(text)
    isolates = limit > len(_ISOLATE + _END_ISOLATE) and bool(_RIGHT_TO_LEFT.search(seen))
    cut = _cut([escapes.get(char, char) for char in seen[: limit + 1]], limit - 2 if isolates else limit)
    return f"{_ISOLATE}{cut}{_END_ISOLATE}" if isolates else cut


def _cut(parts: list[str], limit: int) -> str:
    lengths = list(accumulate(_length(part) for part in parts))
    if not lengths or lengths[-1] <= limit:
        return "".join(parts)
    kept = sum(1 for length in lengths if length < limit)
    return "".join(parts[:kept]) + "…"


def _length(part: str) -> int:
    """Of one character, or what stands for it, in UTF-16, where an emoji counts twice.

    Slack does not say how it counts, and this is never too short.
    """
    return 2 if part > "\uffff" else len(part)
