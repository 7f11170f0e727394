"""Mask what must not be stored, shown or logged in a text from outside."""

import re

LONGEST_TEXT = 2_000
_HTML = re.compile(r"\s*<(!doctype|\?xml|html|head|body|title|center|h\d|p|div|pre)\b", re.IGNORECASE)
_TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?")
_NUMBER = re.compile(r"\+\d[\d\s().-]{6,}\d")
_USER_IN_URL = re.compile(r"(?<=://)[^\s'\"/\\@]+@")


def mask(text: str) -> str:
    """Return the text, clamped, without tokens, phone numbers and users of an address; a page of HTML becomes empty."""
    if _HTML.match(text):
        return ""
    masked = _USER_IN_URL.sub("[user]@", _TOKEN.sub("[token]", text))
    return _NUMBER.sub("[number]", masked)[:LONGEST_TEXT]
