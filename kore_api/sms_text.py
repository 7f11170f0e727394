"""Decode the text of an SMS: Kore.ai stores it as Base64 and then URL-encoded, or as plain text."""

import base64
import unicodedata
from urllib.parse import unquote


def decode_sms_text(stored: str) -> str:
    """Return the readable text, or ``stored`` itself unless it is certainly Base64.

    docs.kore.ai/…/create-sms-campaign-without-template shows both forms and states neither.
    """
    try:
        text = base64.b64decode(unquote(stored), validate=True).decode("utf-8")
    except ValueError:
        return stored
    if not text or any(unicodedata.category(char) == "Cc" and char not in "\r\n\t" for char in text):
        return stored
    return text
