"""Interpret the text of Kore.ai's responses.

Kore.ai documents two forms of an error: ``{"status": "error" | "failure", "message": …}``
(docs.kore.ai/…/get-all-campaigns, get-campaign-status) and ``{"errors": [{"msg": …, "code": …}]}``
(docs.kore.ai/ai-for-service/sdk/sdk-security). Only these count as Kore.ai's own answer; a gateway, a proxy or a login
page answers in another form.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from kore_api.causes import Cause
from kore_api.responses.http_date import seconds_until
from kore_api.responses.masking import mask
from kore_api.responses.response_body import parse_json

_SUCCESS = "success"
_FAILURES = frozenset({"error", "failure"})
_MISSING = (
    r"(is |was |are )?(not (found|known|enabled|granted|allowed)|missing|unknown|invalid|(does not|doesn't) exist)"
)
_DENIALS = (
    (Cause.TOKEN_TIME, r"\A(?>.*?\b(jwt|token)\b).*\b(not (yet )?(valid|active)|expired|iat|nbf)\b"),
    (Cause.SCOPE, rf"\bscopes? {_MISSING}|\b(missing|insufficient|invalid|unknown|required) scopes?\b"),
    (
        Cause.CREDENTIALS,
        r"verifying the jwt|possibly a replay|invalid (sdk )?credentials|\bjwt malformed\b|invalid signature",
    ),
    (
        Cause.APP,
        rf"\b(bot|app|application|stream|account)( id)? {_MISSING}|\b(unknown|invalid) (bot|app|application|account)\b",
    ),
)
_DENIED = tuple((cause, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for cause, pattern in _DENIALS)
_NOT_FOUND = re.compile(
    r"\bcampaign\b.{0,80}\b(not found|(does not|doesn't) exist)|\bno (such )?campaign\b", re.IGNORECASE | re.DOTALL
)
_ANY_CAMPAIGN_ID = re.compile(r"\bcd-[0-9a-fx]{7,8}(?:-[0-9a-fx]{4}){3}-[0-9a-fx]{12}\b", re.IGNORECASE)


@dataclass(frozen=True)
class ParsedMessage:
    """A response body: its JSON object and its text, which is clamped, never HTML, and without tokens or numbers."""

    body: dict[str, Any] = field(repr=False)  # it may be personal
    message: str

    @property
    def _outcome(self) -> str:
        outcome = self.body.get("status")
        return outcome.strip().lower() if isinstance(outcome, str) else ""

    def says(self, success: str) -> bool:
        """Return whether the top-level ``status`` is the one that confirms the request."""
        return self._outcome == success and not self.body.get("errors")

    @property
    def says_failure(self) -> bool:
        return self._outcome in _FAILURES or ("status" not in self.body and _are_errors(self.body.get("errors")))

    @property
    def is_from_kore(self) -> bool:
        """Return whether the body has one of the documented forms; its text does not matter."""
        return self._outcome == _SUCCESS or self.says_failure

    @property
    def says_rate_limit(self) -> bool:
        """docs.kore.ai/…/rate-limit-ccai has a sentence and no HTTP status."""
        return "rate limit" in self.message.lower() and not self._quotes_name

    @property
    def denial(self) -> Cause | None:
        """The reason for which Kore.ai denies access, if the text names one."""
        if self._quotes_name:
            return None
        return next((cause for cause, pattern in _DENIED if pattern.search(self.message)), None)

    @property
    def _quotes_name(self) -> bool:
        """Whether the text is about one campaign, so that its words may be a name ("Campaign Rate Limit is active")."""
        text = self.message.lower()
        return text.startswith("campaign ") and not text.startswith("campaign management")

    def says_not_found(self, campaign_id: str) -> bool:
        """Whether the text says that this campaign is missing, and not another one, an app or a scope."""
        named = {found.lower() for found in _ANY_CAMPAIGN_ID.findall(self.message)}
        is_about_it = not named or campaign_id.lower() in named
        return is_about_it and self.denial is None and bool(_NOT_FOUND.search(self.message))


def parse_message(response: httpx.Response) -> ParsedMessage:
    """Read a JSON object or plain text; anything else has no body and no text.

    Raises:
        UnreadableBodyError: JSON that is nested too deeply.

    """
    try:
        body = parse_json(response.content)
    except ValueError:
        body = None
    if isinstance(body, dict):
        return ParsedMessage(body, mask(_text_in(body)))
    is_text = response.headers.get("content-type", "").startswith("text/plain")
    return ParsedMessage({}, mask(response.text) if is_text else "")


def retry_after_seconds(response: httpx.Response) -> float | None:
    """Return the header's seconds, or the seconds until its date (RFC 9110). Kore.ai documents no such header."""
    header = response.headers.get("retry-after", "").strip()
    if header.isascii() and header.isdigit():
        return float(header)
    until = seconds_until(header)
    return None if until is None else max(0.0, until)


def _text_in(body: dict[str, Any]) -> str:
    for key in ("message", "msg", "error"):
        if isinstance(body.get(key), str) and body[key]:
            return str(body[key])
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else []
    return "; ".join(str(item["msg"]) for item in listed if isinstance(item, dict) and item.get("msg"))


def _are_errors(errors: Any) -> bool:
    """Whether this is the documented list of errors, each with its text."""
    return (
        isinstance(errors, list)
        and bool(errors)
        and all(isinstance(item, dict) and isinstance(item.get("msg"), str) for item in errors)
    )
