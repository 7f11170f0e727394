"""What an answer of Kore.ai means. The only place that turns a response into a value or an error.

Kore.ai documents success bodies only, and that a failure may come as a 200 (docs.kore.ai/…/get-all-campaigns
and get-campaign-status). So nothing counts as done unless the body says so.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from kore_api.endpoints import Endpoint
from kore_api.errors import (
    CampaignNotFoundError,
    KoreAuthError,
    KoreError,
    KoreRateLimitError,
    KoreRefusedError,
    KoreServerError,
)
from kore_api.message_parsing import Wording, read_wording, retry_after_seconds

GATEWAY_GAVE_UP = HTTPStatus.REQUEST_TIMEOUT  # what stands behind the gateway may have gone on
_SENTENCES: dict[type[KoreError], str] = {
    KoreRateLimitError: "Kore.ai was asked to {task} and did not: too many calls in this minute.",
    KoreServerError: "Kore.ai was asked to {task} and gave no answer that can be relied on (HTTP {status}).",
    KoreAuthError: "Kore.ai was asked to {task} and does not accept the credentials (HTTP {status}).",
    CampaignNotFoundError: "Kore.ai knows no campaign {campaign_id}.",
    KoreRefusedError: "Kore.ai was asked to {task} and refused (HTTP {status}).",
}


@dataclass(frozen=True)
class ApiResponse:
    """A 2xx whose body says success. ``has_data`` tells ``"data": null`` from no ``data`` at all."""

    message: str
    data: Any = field(repr=False)  # it may be personal
    has_data: bool
    http_status: int


def parse_response(endpoint: Endpoint, response: httpx.Response) -> ApiResponse:
    """Return what Kore.ai confirmed.

    Raises:
        KoreError: one of its subclasses, for everything else.

    """
    wording = read_wording(response)
    if response.is_success and wording.says_success:
        body = wording.body
        return ApiResponse(wording.message, body.get("data"), "data" in body, response.status_code)
    kind = _kind(endpoint, response, wording)
    status = response.status_code
    sentence = _SENTENCES[kind].format(task=endpoint.task, status=status, campaign_id=endpoint.campaign_id)
    raise kind(sentence, wording.message, status, retry_after_seconds(response))


def not_found(endpoint: Endpoint, answer: ApiResponse) -> CampaignNotFoundError:
    sentence = _SENTENCES[CampaignNotFoundError].format(campaign_id=endpoint.campaign_id)
    return CampaignNotFoundError(sentence, answer.message, answer.http_status)


def unconfirmed(endpoint: Endpoint, answer: ApiResponse, why: str) -> KoreServerError:
    """The error for an answer that says success and does not show it."""
    sentence = f"Kore.ai was asked to {endpoint.task} and its answer confirms nothing: {why}."
    return KoreServerError(sentence, answer.message, answer.http_status)


def _kind(endpoint: Endpoint, response: httpx.Response, wording: Wording) -> type[KoreError]:
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or wording.says_rate_limit:
        return KoreRateLimitError
    if not _is_refusal(response, wording):
        return KoreServerError
    if _is_about_credentials(response) or wording.says_bad_token:
        return KoreAuthError
    if endpoint.campaign_id and (response.status_code == HTTPStatus.NOT_FOUND or wording.says_not_found):
        return CampaignNotFoundError
    return KoreRefusedError


def _is_refusal(response: httpx.Response, wording: Wording) -> bool:
    """Whether Kore.ai itself said no. An HTML page is not Kore.ai's word, whatever its status."""
    if response.is_client_error and response.status_code != GATEWAY_GAVE_UP:
        return wording.is_readable or _is_about_credentials(response)
    return response.is_success and wording.says_failure


def _is_about_credentials(response: httpx.Response) -> bool:
    return response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
