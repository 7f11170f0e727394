"""Count the calls to Slack that fail, by method and code, and tell an answer that is none of Slack."""

from http import HTTPStatus

import aiohttp
from prometheus_client import Counter
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from slack_ui.parts.api_error import CODE

ERRORS = Counter("campaign_delete_slack_errors", "Tries of calls to Slack that failed", ["method", "code"])


class SlackErrorCounter(AsyncRetryHandler):
    """Counts each failed try, and retries none. The SDK shows every answer to its retry handlers, the first one first.

    Put it first, because the SDK stops asking at a handler that retries. Raises ClientPayloadError for an answer that
    is no JSON object: the SDK (3.48) fails at it with an error of another kind, or returns it as a success.
    """

    async def can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - the SDK's interface
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if error is None and response and not _is_readable(response):
            raise aiohttp.ClientPayloadError("no JSON object")  # the SDK then asks again, with this error
        if code := _code(response, error):
            ERRORS.labels(request.url.rpartition("/")[2], code).inc()
        if isinstance(error, ValueError | RecursionError):  # of the JSON
            raise aiohttp.ClientPayloadError("no JSON object") from None
        return False


def _is_readable(response: HttpResponse) -> bool:
    """Return whether a success is an object, or has another type of content, such as HTML, that the SDK refuses."""
    is_object = response.body is None or isinstance(response.body, dict)
    return response.status_code != HTTPStatus.OK or (is_object and response.data is None)


def _code(response: HttpResponse | None, error: Exception | None) -> str:
    """Return Slack's code, an HTTP status or the name of a connection error; nothing for a success."""
    if error or response is None:
        return type(error).__name__
    body = response.body if isinstance(response.body, dict) else {}
    if body.get("ok"):
        return ""
    said = str(body.get("error") or "")
    return said if CODE.fullmatch(said) else f"HTTP {response.status_code}"
