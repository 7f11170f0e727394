"""What Kore.ai's answers say, in its own words. The only place that looks for meaning in its texts."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

LONGEST_MESSAGE = 2_000
_FAILURES = frozenset({"error", "failure", "failed", "fail"})
_HTML = re.compile(r"\s*<(!doctype|\?xml|html|head|body|title|center|h\d|p|div|pre)\b", re.IGNORECASE)
_TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?")
_NUMBER = re.compile(r"\+\d[\d\s().-]{6,}\d")
_BAD_TOKEN = re.compile(r"verifying the jwt|possibly a replay|invalid (sdk )?credentials", re.IGNORECASE)
_NOT_FOUND = re.compile(r"not found|does(n't| not) exist|no such", re.IGNORECASE)


@dataclass(frozen=True)
class Wording:
    """``message`` is Kore.ai's own text, clamped, never HTML, without any token or phone number it echoed."""

    body: dict[str, Any] = field(repr=False)  # it may be personal
    message: str
    is_readable: bool

    @property
    def _outcome(self) -> str:
        outcome = self.body.get("status")
        return outcome.strip().lower() if isinstance(outcome, str) else ""

    @property
    def says_success(self) -> bool:
        return self._outcome == "success" and not self.body.get("errors")

    @property
    def says_failure(self) -> bool:
        """``errors`` without a status is the shape of docs.kore.ai/ai-for-service/sdk/sdk-security."""
        return self._outcome in _FAILURES or (not self._outcome and bool(self.body.get("errors")))

    @property
    def says_rate_limit(self) -> bool:
        """docs.kore.ai/…/rate-limit-ccai has a sentence and no status. "Campaign …" may only quote a name."""
        text = self.message.lower()
        return "rate limit" in text and not text.startswith("campaign ")

    @property
    def says_bad_token(self) -> bool:
        return bool(_BAD_TOKEN.search(self.message))

    @property
    def says_not_found(self) -> bool:
        return bool(_NOT_FOUND.search(self.message))


def read_wording(response: httpx.Response) -> Wording:
    """Read a JSON object, plain text, or nothing at all; anything else is not readable."""
    try:
        # Half of a character, as a JavaScript that cuts a text leaves it, cannot be encoded, so not stored or shown.
        body = json.loads(json.dumps(response.json(), ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        return Wording(body, _clean(_text_in(body)), is_readable=True)
    is_text = response.headers.get("content-type", "").startswith("text/plain")
    message = _clean(response.text) if is_text else ""
    return Wording({}, message, is_readable=bool(message) or not response.content)


def retry_after_seconds(response: httpx.Response) -> float | None:
    """Seconds or a date, as RFC 9110 has it. Kore.ai documents no such header; None without one."""
    header = response.headers.get("retry-after", "").strip()
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:  # RFC 5322 writes "-0000" for a time in UTC whose zone is not told
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _text_in(body: dict[str, Any]) -> str:
    for key in ("message", "msg", "error"):
        if isinstance(body.get(key), str) and body[key]:
            return str(body[key])
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else []
    return "; ".join(str(item["msg"]) for item in listed if isinstance(item, dict) and item.get("msg"))


def _clean(text: str) -> str:
    if _HTML.match(text):
        return ""
    return _NUMBER.sub("[number]", _TOKEN.sub("[token]", text))[:LONGEST_MESSAGE]
