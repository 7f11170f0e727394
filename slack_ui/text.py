"""Text from outside, made safe to show. The only place that cleans, clamps and escapes it."""

import unicodedata
from datetime import datetime

NAME_LIMIT = 120
VALUE_LIMIT = 300
KORE_MESSAGE_LIMIT = 1_000


def clean(text: str, limit: int = VALUE_LIMIT) -> str:
    """One line without invisible, control or direction-changing characters, at most ``limit`` characters long.

    For plain and rich text, where nothing needs an escape. Empty text stays empty.
    """
    visible = "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_visible(char))
    line = visible.strip()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def escape(text: str, limit: int = VALUE_LIMIT) -> str:
    """The same for mrkdwn and fallback texts: no mention, link or date can be made of it.

    docs.slack.dev/messaging/formatting-message-text: ``&``, ``<`` and ``>`` are all that needs escaping.
    """
    return clean(text, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def date(moment: datetime, *, seconds: bool = False) -> str:
    """A time in the reader's own zone, in mrkdwn (docs.slack.dev/messaging/formatting-message-text#date-formatting)."""
    fallback = f"{moment:%Y-%m-%d %H:%M:%S} UTC" if seconds else f"{moment:%Y-%m-%d %H:%M} UTC"
    time = "{time_secs}" if seconds else "{time}"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} at {time}|{fallback}>"


def masked_number(number: str) -> str:
    """A phone number of which only the last two digits can be read."""
    digits = [char for char in number if char.isdigit()]
    return f"•••• {''.join(digits[-2:])}" if len(digits) > 4 else "••••"  # noqa: PLR2004 - of a short one nothing is shown


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
