"""A gateway, proxy or login page that answers in place of Kore.ai is not quoted as Kore.ai."""

import httpx
import pytest

from deletion.domain.attempt import Attempt
from deletion.kore.attempted import attempted
from kore_api.account import KoreAccount
from kore_api.endpoints import Endpoints
from kore_api.responses.api_response import ApiResponse, parse_response

ENDPOINTS = Endpoints(KoreAccount(base_url="https://kore.test", app_id="st-1", account_id="1"))
DELETE = ENDPOINTS.delete_campaign("cd-3aefda80-f98e-5f4f-ad41-92803abb0001")
WORDS = "Blocked by policy 17 at proxy-3"
OF_GATEWAYS = {
    "plain text": httpx.Response(502, headers={"Content-Type": "text/plain"}, content=WORDS.encode()),
    "its own JSON": httpx.Response(403, json={"message": WORDS}),
    "too many calls": httpx.Response(429, headers={"Content-Type": "text/plain"}, content=WORDS.encode()),
}


async def answered(response: httpx.Response) -> ApiResponse:
    return parse_response(DELETE, response, answered_at=0.0)


@pytest.mark.parametrize("answer", OF_GATEWAYS)
async def test_words_of_a_gateway_are_no_response_of_kore(answer: str) -> None:
    attempt = await attempted(answered(OF_GATEWAYS[answer]))
    assert isinstance(attempt, Attempt)
    assert not attempt.kore_message
    assert attempt.explanation


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_message_of_kore_stays(status: int) -> None:
    attempt = await attempted(answered(httpx.Response(status, json={"status": "error", "message": "It is running"})))
    assert isinstance(attempt, Attempt)
    assert attempt.kore_message == "It is running"
