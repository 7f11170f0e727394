"""Cleaning, clamping and escaping of external text, and mrkdwn for dates and mentions."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import regex

from deletion.domain.policy import ID_END, is_group
from deletion.domain.text.visible_text import visible_text
from slack_ui import strings

NAME_LIMIT = 120
VALUE_LIMIT = 300
KORE_MESSAGE_LIMIT = 1_000
NAMED = 20
PERSON = ("U", "W")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})  # docs.slack.dev/messaging/formatting-message-text
_IN_CODE = {**_ENTITIES, ord("`"): "'"}
_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}]")
_WORDS = regex.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_CODE_OR_SPACES = regex.compile("(`[^`]*`)| {2,}")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def clean(text: str, limit: int = VALUE_LIMIT) -> str:
    """Return one line of visible characters, at most ``limit`` long, for plain and rich text.

    Nothing is escaped, because these interpret no character. Empty text stays empty.
    """
    return _shown(text, limit, {})


def code(text: str, limit: int = VALUE_LIMIT) -> str:
    """Return the same as a mrkdwn code span, where no mention, link, emoji, bold or date is interpreted.

    ``limit`` includes the escapes.
    """
    shown = _shown(text, limit - 2, _IN_CODE)
    return f"`{shown}`" if shown else ""


def single_spaced(mrkdwn: str) -> str:
    """Return a text with one space between its parts, some of which may be empty. Text in code keeps its spaces."""
    return _CODE_OR_SPACES.sub(lambda found: found[1] or " ", mrkdwn).strip()


def word(text: str, limit: int = VALUE_LIMIT) -> str:
    """Return letters, digits and single spaces as they are, which mrkdwn does not interpret; anything else as code."""
    return text if _WORDS.fullmatch(text) and len(text) <= limit else code(text, limit)


def short_id(campaign_id: str) -> str:
    """Return the end of an id as code, by which users tell ids apart."""
    return code(f"…{campaign_id[-ID_END:]}")


def name_in_code(name: str, limit: int = NAME_LIMIT) -> str:
    """Return a campaign's name as ``code``, or what stands for a name without visible text."""
    return code(name, limit) or strings.modals.UNNAMED


def plain_name(name: str) -> str:
    """Return the same for plain and rich text, see ``clean``."""
    return clean(name, NAME_LIMIT) or strings.modals.UNNAMED


def short_name(name: str, limit: int) -> str:
    """Return the same, cut in the middle, see ``clean_ends``."""
    return clean_ends(name, limit) or strings.modals.UNNAMED


def id_among(campaign_id: str, others: Iterable[str]) -> str:
    """Return the end of an id, or all of it where another one of these ids has the same end. It is not cleaned."""
    end = campaign_id[-ID_END:]
    is_shared = any(each[-ID_END:].lower() == end.lower() for each in others if each != campaign_id)
    return campaign_id if is_shared else f"…{end}"


def clean_ends(text: str, limit: int) -> str:
    """Return the same as ``clean``, but cut in the middle, because names tend to differ at the end."""
    seen, end = visible_text(text), limit // 2
    if _length(seen) + len(_ISOLATE + _END_ISOLATE) <= limit:
        return clean(seen, limit)
    tail = seen[-end:]
    while _length(tail) > end:
        tail = tail[1:]
    return clean(_cut(seen, limit - _length(tail) - len(_ISOLATE + _END_ISOLATE), {}) + tail, limit)


def escape(text: str, limit: int = VALUE_LIMIT) -> str:
    """Escape one of the bot's own sentences for mrkdwn. ``*`` and ``:x:`` still act; external text needs ``code``."""
    return _shown(text, limit, _ENTITIES)


def date(moment: datetime, *, seconds: bool = False) -> str:
    """Return mrkdwn for a time in the reader's zone.

    docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    shown = strings.campaign.DATE_AND_SECONDS if seconds else strings.campaign.DATE
    form = strings.campaign.DATE_AND_SECONDS_IN_UTC if seconds else strings.campaign.DATE_IN_UTC
    return f"<!date^{int(moment.timestamp())}^{shown}|{in_utc(moment):{form}}>"


def first_minute(moment: datetime) -> datetime:
    """Return the first whole minute that is not before: a time from which something holds is shown without seconds."""
    begun = moment.replace(second=0, microsecond=0)
    return begun if begun == moment else begun + timedelta(minutes=1)


def in_utc(moment: datetime) -> datetime:
    """Return the time in UTC, or as it is where UTC has no such time."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment


def mention(slack_id: str) -> str:
    """Return mrkdwn for a user, group or channel id (docs.slack.dev/messaging/formatting-message-text)."""
    if is_group(slack_id):
        return f"<!subteam^{slack_id}>"
    return f"<@{slack_id}>" if slack_id.startswith(PERSON) else f"<#{slack_id}>"


def mentions(slack_ids: Sequence[str], most: int = NAMED) -> str:
    """Return mentions of the first ``most``, and the number of the others."""
    return and_more([mention(slack_id) for slack_id in slack_ids[:most]], len(slack_ids))


def and_more(shown: Sequence[str], count: int) -> str:
    """Return the shown ones of ``count``, and the number of the others."""
    named, more = ", ".join(shown), count - len(shown)
    return f"{named} {strings.campaign.AND_MORE.format(count=more)}" if more > 0 else named


def day(moment: datetime) -> str:
    """Return the day in UTC, such as 2 Nov 2025, for plain text."""
    moment = in_utc(moment)
    return f"{moment.day} {moment:%b %Y}"


def masked_number(number: str) -> str:
    """Return a phone number with all but its last two digits masked."""
    digits = [char for char in number if char.isdigit()]
    return f"•••• {''.join(digits[-2:])}" if len(digits) > 4 else "••••"  # noqa: PLR2004 - a short number is masked completely


def _shown(text: str, limit: int, escapes: dict[int, str]) -> str:
    """Cut between characters, never inside an escape, and isolate right-to-left text from its surroundings."""
    seen = visible_text(text)[: limit + 1]
    isolates = limit > len(_ISOLATE + _END_ISOLATE) and bool(_RIGHT_TO_LEFT.search(seen))
    cut = _cut(seen, limit - 2 if isolates else limit, escapes)
    return f"{_ISOLATE}{cut}{_END_ISOLATE}" if isolates else cut


def _cut(text: str, limit: int, escapes: dict[int, str]) -> str:
    whole = text.translate(escapes)
    if _length(whole) <= limit:
        return whole
    counts = range(1, len(text) + 1)
    kept = bisect_left(counts, limit, key=lambda count: _length(text[:count].translate(escapes)))
    return text[:kept].translate(escapes) + "…"


def _length(text: str) -> int:
    """Return the length in UTF-16; an emoji counts twice.

    Slack does not document how it counts; this is an upper bound.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
