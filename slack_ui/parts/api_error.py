"""What a failed call to Slack raises, and Slack's own code for the failure."""

import aiohttp
from slack_sdk.errors import SlackApiError

# A refusal, no connection, no answer in time: each call may end with one of these.
SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError)


def error_code(error: Exception) -> str:
    """Return ``channel_not_found`` and the like, an HTTP status, or the name of the connection error.

    The SDK hands on the text of a proxy in between, such as "upstream connect error" in text/plain.
    """
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    answer = error.response.data if hasattr(error.response, "data") else error.response
    if isinstance(answer, dict) and answer.get("error"):
        return str(answer["error"])
    return f"HTTP {getattr(error.response, 'status_code', '')}".strip()
