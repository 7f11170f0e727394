"""The errors of a failed call to Slack, Slack's own code for the failure, and whether a retry can help."""

import re
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError

from deletion.domain.errors import SlackBusyError, UnreachableError

# A refusal, no connection, no answer in time: each call may end with one of these.
SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError)
# These pass by themselves (docs.slack.dev/reference/methods/chat.postMessage#errors). Slack adds codes at any time, and
# nearly all of them wait for a person, so every other code counts as permanent.
TRANSIENT = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
     "external_channel_migrating", "team_added_to_org"}
)  # fmt: skip
TRANSIENT_STATUSES = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
LONGEST_RETRY_AFTER_SECONDS = 600.0

# The bot's token does not count any more; other errors say nothing about it.
TOKEN_ERRORS = frozenset({"invalid_auth", "not_authed", "token_revoked", "account_inactive", "token_expired"})

CODE = re.compile(r"[a-z0-9_]{1,64}")  # of Slack; a proxy in between may answer anything
MISSING_SCOPE = "missing_scope"


def error_code(error: Exception) -> str:
    """Return ``channel_not_found`` and the like, an HTTP status, or the name of the connection error.

    The SDK hands on the words of a proxy in between, such as "upstream connect error"; they are no code.
    """
    if isinstance(error, aiohttp.ClientResponseError):
        return f"HTTP {error.status}"
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    answer = error.response.data if hasattr(error.response, "data") else error.response
    said = str(answer.get("error") or "") if isinstance(answer, dict) else ""
    return said if CODE.fullmatch(said) else f"HTTP {_status_of(error)}"


def needed_scope(error: Exception) -> str:
    """Return the scopes that Slack says a call needs, or nothing if it failed for another reason."""
    if not isinstance(error, SlackApiError) or error_code(error) != MISSING_SCOPE:
        return ""
    return str(error.response.get("needed") or "unknown")


def rejects_token(error: BaseException) -> bool:
    """Return whether Slack's answer blames the token, and not the call or Slack itself."""
    return isinstance(error, SlackApiError) and error_code(error) in TOKEN_ERRORS


def is_transient(error: Exception) -> bool:
    """Return whether the failure passes by itself: no connection, a rate limit, or an error inside Slack."""
    if not isinstance(error, SlackApiError):
        return True
    is_unreadable = isinstance(error.response, aiohttp.ClientResponse)  # the SDK could not parse it
    return is_unreadable or _is_outage(_status_of(error)) or error_code(error) in TRANSIENT


def domain_error(error: Exception) -> SlackBusyError | UnreachableError:
    """Return the error that says whether to retry the call by itself or to wait for a person."""
    code = error_code(error)
    return SlackBusyError(code, _retry_after_seconds(error)) if is_transient(error) else UnreachableError(code)


def status_error(status: int) -> SlackBusyError | UnreachableError:
    """Return the same for an HTTP status without a code of Slack."""
    code = f"HTTP {status}"
    return SlackBusyError(code) if _is_outage(status) else UnreachableError(code)


def _status_of(error: SlackApiError) -> int:
    answer = error.response
    return int(getattr(answer, "status_code", None) or getattr(answer, "status", None) or HTTPStatus.OK)


def _is_outage(status: int) -> bool:
    return status in TRANSIENT_STATUSES or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _retry_after_seconds(error: Exception) -> float | None:
    """Return the Retry-After of a rate limit, None for any other failure."""
    if not isinstance(error, SlackApiError) or error_code(error) not in ("ratelimited", "rate_limited", "HTTP 429"):
        return None
    headers: Mapping[str, str] = getattr(error.response, "headers", None) or {}
    given = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return min(float(given), LONGEST_RETRY_AFTER_SECONDS) if given.isdecimal() else 1.0
