"""Mask what must not be stored, shown or logged in a text from outside."""

import re

LONGEST_TEXT = 2_000
LONGEST_READ = 4 * LONGEST_TEXT  # masking shortens; reading more would block the event loop
_CUT = 200  # characters; what may remain of a number or a user that the clamp cuts in two
# Each pattern takes linear time: it begins with a character that its own run excludes, or cannot fail once begun.
_HTML = re.compile(r"<(!doctype|\?xml|html|head|body|title|center|h\d|p|div|pre)\b", re.IGNORECASE)
_TOKEN = re.compile(r"\beyJ[\w-]+(\.[\w-]+)*")
_NUMBER = re.compile(
    r"\+\d[\d\s().-]{6,}\d|(?<![\w.,+-])(?:\d{10,15}|\(?\d{3}\)?[ .-]{1,2}\d{3}[.-]\d{4})(?![\w,-]|[.:]\d)"
)
_USER_IN_URL = re.compile(r"(?<=://)[^\s'\"/\\@]+@")


def mask(text: str) -> str:
    """Return the text, clamped, without tokens, phone numbers and users of an address; a page of HTML becomes empty."""
    text = text.strip()
    read = text[:LONGEST_READ]
    if _HTML.match(read):
        return ""
    masked = _NUMBER.sub("[number]", _USER_IN_URL.sub("[user]@", _TOKEN.sub("[token]", read)))
    if len(text) > LONGEST_READ:
        masked = masked[:-_CUT]
    return masked[:LONGEST_TEXT]
