"""Count the calls to Slack that fail, by method and code."""

import re

from prometheus_client import Counter
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

ERRORS = Counter("campaign_delete_slack_errors", "Tries of calls to Slack that failed", ["method", "code"])
CODE = re.compile(r"[a-z_]{1,64}")  # of Slack; a proxy in between may answer anything


class SlackErrorCounter(AsyncRetryHandler):
    """Counts each failed try, and retries none. The SDK shows every answer to its retry handlers, the first one first.

    Put it first, because the SDK stops asking at a handler that retries.
    """

    async def can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - the SDK's interface
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if code := _code(response, error):
            ERRORS.labels(request.url.rpartition("/")[2], code).inc()
        return False


def _code(response: HttpResponse | None, error: Exception | None) -> str:
    """Return Slack's code, an HTTP status or the name of a connection error; nothing for a success."""
    if error or response is None:
        return type(error).__name__
    body = response.body if isinstance(response.body, dict) else {}
    if body.get("ok"):
        return ""
    said = str(body.get("error") or "")
    return said if CODE.fullmatch(said) else f"HTTP {response.status_code}"
