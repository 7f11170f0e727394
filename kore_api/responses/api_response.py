"""Turn a response of Kore.ai into a value or an error.

Kore.ai documents success bodies only, and that a failure may come as a 200 (docs.kore.ai/…/get-all-campaigns and
get-campaign-status). So nothing counts as done unless the body says so, and nothing counts as Kore.ai's refusal unless
the body has one of the documented forms of an error.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from kore_api.causes import Cause
from kore_api.endpoints import Endpoint
from kore_api.errors import (
    CampaignNotFoundError,
    KoreAuthError,
    KoreError,
    KoreRateLimitError,
    KoreRefusedError,
    KoreServerError,
    KoreUnconfirmedError,
)
from kore_api.responses.message_parsing import ParsedMessage, parse_message, retry_after_seconds
from kore_api.responses.response_body import UnreadableBodyError

_NO_REFUSAL = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,  # a gateway gave up; the server behind it may have gone on
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    }
)
_SENTENCES: dict[type[KoreError], str] = {
    KoreRateLimitError: "Kore.ai was asked to {task} and did not: too many calls in this minute.",
    KoreServerError: "Kore.ai was asked to {task} and gave no answer that can be relied on (HTTP {status}).",
    KoreAuthError: "Kore.ai was asked to {task} and does not accept the credentials (HTTP {status}).",
    CampaignNotFoundError: "Kore.ai knows no campaign {campaign_id}.",
    KoreRefusedError: "Kore.ai was asked to {task} and refused (HTTP {status}).",
}


@dataclass(frozen=True)
class ApiResponse:
    """A 2xx whose body says success. ``has_data`` tells ``"data": null`` from no ``data`` at all.

    ``answered_at`` is ``elapsed_seconds()`` of the moment when its last byte had arrived.
    """

    message: str
    data: Any = field(repr=False)  # it may be personal
    has_data: bool
    http_status: int
    answered_at: float


def parse_response(endpoint: Endpoint, response: httpx.Response, answered_at: float) -> ApiResponse:
    """Return what Kore.ai confirmed.

    Raises:
        KoreError: one of its subclasses, for everything else.

    """
    try:
        parsed = parse_message(response)
    except UnreadableBodyError as error:
        raise unreadable(endpoint, response.status_code, str(error)) from None
    if response.is_success and parsed.says(endpoint.success):
        body = parsed.body
        return ApiResponse(parsed.message, body.get("data"), "data" in body, response.status_code, answered_at)
    kind, cause = _classify(endpoint, response, parsed)
    status = response.status_code
    sentence = _SENTENCES[kind].format(task=endpoint.task, status=status, campaign_id=endpoint.campaign_id)
    raise kind(sentence, parsed.message, status, retry_after_seconds(response), cause, parsed.is_from_kore)


def shows_no_campaign(endpoint: Endpoint, answer: ApiResponse) -> KoreError:
    """Return the error for a read that succeeded with ``"data": null``: not found only where no text contradicts it."""
    parsed = ParsedMessage({}, answer.message)
    if answer.message and not parsed.says_not_found(endpoint.campaign_id or ""):
        return unconfirmed(endpoint, answer, "it shows no campaign")
    sentence = _SENTENCES[CampaignNotFoundError].format(campaign_id=endpoint.campaign_id)
    return CampaignNotFoundError(sentence, answer.message, answer.http_status, is_from_kore=True)


def unconfirmed(endpoint: Endpoint, answer: ApiResponse, why: str) -> KoreUnconfirmedError:
    """Return the error for a response that says success and does not show it."""
    sentence = f"Kore.ai was asked to {endpoint.task} and its answer confirms nothing: {why}."
    return KoreUnconfirmedError(sentence, answer.message, answer.http_status, cause=Cause.UNREADABLE, is_from_kore=True)


def unreadable(endpoint: Endpoint, http_status: int | None, why: str) -> KoreUnconfirmedError:
    """Return the error for a body that is out of bounds."""
    sentence = f"Kore.ai was asked to {endpoint.task} and its answer cannot be read: {why}."
    return KoreUnconfirmedError(sentence, "", http_status, cause=Cause.UNREADABLE)


def _classify(
    endpoint: Endpoint, response: httpx.Response, parsed: ParsedMessage
) -> tuple[type[KoreError], Cause | None]:
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or parsed.says_rate_limit:
        return KoreRateLimitError, None
    if not _is_refusal(response, parsed):
        return KoreServerError, _cause(response, parsed)
    if denial := _denial(response, parsed):
        return KoreAuthError, denial
    if endpoint.campaign_id and parsed.says_not_found(endpoint.campaign_id):
        return CampaignNotFoundError, None
    return KoreRefusedError, None


def _is_refusal(response: httpx.Response, parsed: ParsedMessage) -> bool:
    """Whether Kore.ai itself said no."""
    is_no = response.is_client_error and response.status_code not in _NO_REFUSAL
    return parsed.says_failure and (is_no or response.is_success)


def _denial(response: httpx.Response, parsed: ParsedMessage) -> Cause | None:
    by_status: dict[int, Cause] = {HTTPStatus.UNAUTHORIZED: Cause.CREDENTIALS, HTTPStatus.FORBIDDEN: Cause.SCOPE}
    return parsed.denial or by_status.get(response.status_code)


def _cause(response: httpx.Response, parsed: ParsedMessage) -> Cause:
    if response.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return Cause.PROXY
    if response.is_redirect:
        return Cause.REDIRECT
    if parsed.is_from_kore and parsed.denial:
        return parsed.denial
    if response.is_server_error or response.status_code == HTTPStatus.REQUEST_TIMEOUT:
        return Cause.SERVER_ERROR
    is_json = response.headers.get("content-type", "").startswith("application/json")
    return Cause.UNREADABLE if parsed.is_from_kore or (is_json and not parsed.body) else Cause.NOT_KORE
