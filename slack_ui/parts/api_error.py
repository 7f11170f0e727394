"""Slack's own name for why a call failed. The only place that looks for it in an answer."""

from slack_sdk.errors import SlackApiError


def error_code(error: SlackApiError) -> str:
    """``channel_not_found`` and the like, or the HTTP status where the answer is a text of something in between.

    The SDK hands such a text on as it is: a proxy says "upstream connect error" in text/plain.
    """
    answer = error.response.data if hasattr(error.response, "data") else error.response
    if isinstance(answer, dict) and answer.get("error"):
        return str(answer["error"])
    return f"HTTP {getattr(error.response, 'status_code', '')}".strip()
