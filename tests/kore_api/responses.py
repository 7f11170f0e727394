"""Responses of Kore.ai and of what stands in between, by their meaning."""

from typing import Any

import httpx
import pytest

from kore_api import errors
from tests.kore_api.samples import DELETE_SMS_CAMPAIGN, RATE_LIMIT, REPLAY, SAMPLE_ID

HTML = "<!DOCTYPE html><html><body>Bad gateway</body></html>"


def body(status: int, content: Any) -> httpx.Response:
    return httpx.Response(status, json=content)


def says(status: str, message: str, http_status: int = 200, **more: Any) -> httpx.Response:
    return body(http_status, {"status": status, "message": message} | more)


def text(status: int, content: str) -> httpx.Response:
    return httpx.Response(status, text=content)


def html(status: int) -> httpx.Response:
    return httpx.Response(status, html=HTML)


SUCCESS = DELETE_SMS_CAMPAIGN
OTHER = SUCCESS | {"data": SUCCESS["data"] | {"_id": SAMPLE_ID.replace("f98e", "f98f")}}
UNRELIABLE = {
    "500": body(500, {"errors": [{"msg": "boom", "code": 500}]}),
    "a failure under 500": says("failure", "Campaign not found", 500),
    "bad token under 500": body(500, REPLAY),
    "502 in HTML": html(502),
    "504 empty": httpx.Response(504),
    "408": says("failure", "timeout", 408),
    "a page of login": httpx.Response(302, headers={"location": "https://evil.example"}),
    "204": httpx.Response(204),
    "200 empty": httpx.Response(200),
    "200 not JSON": text(200, "OK"),
    "200 broken JSON": httpx.Response(200, content=b'{"status": "success"'),
    "200 not an object": body(200, ["success"]),
    "no status": body(200, {"message": "Campaign deleted successfully"}),
    "unknown status": says("accepted", "Deletion in progress", data=SUCCESS["data"]),
    "status of a strange type": body(200, SUCCESS | {"status": True}),
    "success with errors": body(200, SUCCESS | {"errors": [{"msg": "partly"}]}),
    "success under 404": body(404, SUCCESS),
}
FOREIGN = {
    "HTML under 200": html(200),
    "HTML under 404": html(404),
    "HTML under 400": html(400),
    "HTML called plain text": text(404, HTML),
    "403 in HTML": html(403),
    "401 empty": httpx.Response(401),
    "404 empty": httpx.Response(404),
    "404 page not found": text(404, "404 page not found\n"),
    "412 as text": text(412, "Precondition failed"),
    "no route": body(404, {"message": "no Route matched with those values"}),
    "a gateway's refusal": body(403, {"message": "Forbidden"}),
    "a framework's 404": body(404, {"timestamp": "now", "status": 404, "error": "Not Found", "path": "/campaign"}),
    "another API's error": body(404, {"error": {"code": 404, "message": "Campaign not found"}}),
    "errors without a text": body(404, {"errors": [{"status": "404", "title": "Campaign not found"}]}),
    "a campaign not found, in another form": body(404, {"message": "Campaign not found"}),
    "400 without words": body(400, {"code": 7}),
}
UNCONFIRMED = {
    "200 bottomless JSON": httpx.Response(200, content=b"[" * 200_000),
    "success without data": says("success", "Campaign deleted successfully"),
    "success with a list": says("success", "Campaign deleted successfully", data=[SUCCESS["data"]]),
    "success without an id": says("success", "Campaign deleted successfully", data={"name": "x"}),
    "success for another": body(200, OTHER),
}
RATE_LIMITED = {
    "429": body(429, {"errors": [{"msg": "slow down"}]}),
    "429 in HTML": html(429),
    "the sentence under 200": says("failure", RATE_LIMIT),
    "the sentence under 400": body(400, {"errors": [{"msg": RATE_LIMIT, "code": 400}]}),
    "the sentence under 500": body(500, {"message": RATE_LIMIT}),
    "the sentence as text": text(403, RATE_LIMIT),
    "the older sentence": body(400, {"message": "Rate limit for this API has been reached."}),
}
DENIED = {
    "401": body(401, REPLAY),
    "403": says("error", "No", 403),
    "a replay under 200": body(200, REPLAY),
    "a bad token under 400": body(400, {"errors": [{"msg": "error verifying the jwt: expired"}]}),
    "bad credentials": body(400, {"errors": [{"msg": "Invalid SDK credentials", "code": 4002}]}),
    "a missing scope": body(400, {"errors": [{"msg": "Requested scope not found", "code": 400}]}),
    "a missing app": body(404, {"errors": [{"msg": "Bot does not exist", "code": 404}]}),
    "a missing app under 200": says("failure", "Bot not found"),
}
REFUSED = {
    "400": body(400, {"errors": [{"msg": "campaignType is wrong", "code": 400}]}),
    "409": says("failure", "Stop the campaign first", 409),
    "404 without a subject": body(404, {"errors": [{"msg": "gone", "code": 404}]}),
    "another campaign not found": says("failure", f"Campaign {SAMPLE_ID.replace('f98e', 'f98f')} not found", 404),
    "error under 200": says("error", "Campaign is active"),
    "failure under 200": says("Failure", "Campaign is active", data=None),
    "errors under 200": body(200, {"errors": [{"msg": "no", "code": 4}]}),
    "a name with rate limit in it": says("failure", "Campaign Rate Limit Notice is active"),
    "a name with token expired in it": says("failure", "Campaign Token expired is active"),
}
MISSING = {
    "404": body(404, {"errors": [{"msg": "Campaign not found", "code": 404}]}),
    "named": says("failure", f"Campaign {SAMPLE_ID} not found", 404),
    "not found under 200": says("failure", "Campaign Not Found"),
    "does not exist under 400": says("error", "The campaign does not exist", 400),
    "a name with bot in it": says("failure", "Campaign Chat Bot not found", 404),
}
EXPECTED = [
    (errors.KoreServerError, UNRELIABLE),
    (errors.KoreServerError, FOREIGN),
    (errors.KoreUnconfirmedError, UNCONFIRMED),
    (errors.KoreRateLimitError, RATE_LIMITED),
    (errors.KoreAuthError, DENIED),
    (errors.KoreRefusedError, REFUSED),
    (errors.CampaignNotFoundError, MISSING),
]
CASES = [
    pytest.param(kind, answer, id=f"{kind.__name__}-{name}")
    for kind, answers in EXPECTED
    for name, answer in answers.items()
]
