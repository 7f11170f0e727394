"""What a failed call to Slack raises, and Slack's own code for the failure."""

import aiohttp
from slack_sdk.errors import SlackApiError

# A refusal, no connection, no answer in time: each call may end with one of these.
SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError)

# The bot's token does not count any more; other errors say nothing about it.
TOKEN_ERRORS = frozenset({"invalid_auth", "not_authed", "token_revoked", "account_inactive", "token_expired"})


def error_code(error: Exception) -> str:
    """Return ``channel_not_found`` and the like, an HTTP status, or the name of the connection error.

    The SDK hands on the text of a proxy in between, such as "upstream connect error" in text/plain.
    """
    if isinstance(error, aiohttp.ClientResponseError):
        return f"HTTP {error.status}"
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    answer = error.response.data if hasattr(error.response, "data") else error.response
    if isinstance(answer, dict) and answer.get("error"):
        return str(answer["error"])
    return f"HTTP {getattr(error.response, 'status_code', '')}".strip()


def rejects_token(error: BaseException) -> bool:
    """Return whether Slack's answer blames the token, and not the call or Slack itself."""
    return isinstance(error, SlackApiError) and error_code(error) in TOKEN_ERRORS
