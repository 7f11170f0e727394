"""Every kind of answer and silence, and the one error that each of them means."""

from typing import Any

import httpx
import pytest

from kore_api import errors
from kore_api.errors import KoreError
from tests.kore_api.conftest import Answering
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
SERVER = {
    "500": body(500, {"errors": [{"msg": "boom", "code": 500}]}),
    "a failure under 500": says("failure", "Campaign not found", 500),
    "bad token under 500": body(500, REPLAY),
    "502 in HTML": html(502),
    "504 empty": httpx.Response(504),
    "408": body(408, {"message": "timeout"}),
    "HTML under 200": html(200),
    "HTML under 404": html(404),
    "HTML under 400": html(400),
    "HTML called plain text": text(404, HTML),
    "a page of login": httpx.Response(302, headers={"location": "https://evil.example"}),
    "204": httpx.Response(204),
    "200 empty": httpx.Response(200),
    "200 not JSON": text(200, "OK"),
    "200 broken JSON": httpx.Response(200, content=b'{"status": "success"'),
    "200 bottomless JSON": httpx.Response(200, content=b"[" * 200_000),
    "200 not an object": body(200, ["success"]),
    "no status": body(200, {"message": "Campaign deleted successfully"}),
    "unknown status": says("accepted", "Deletion in progress", data=SUCCESS["data"]),
    "status of a strange type": body(200, SUCCESS | {"status": True}),
    "success with errors": body(200, SUCCESS | {"errors": [{"msg": "partly"}]}),
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
    "401 empty": httpx.Response(401),
    "403 in HTML": html(403),
    "a replay under 200": body(200, REPLAY),
    "a bad token under 400": body(400, {"errors": [{"msg": "error verifying the jwt: expired"}]}),
    "bad credentials": body(400, {"errors": [{"msg": "Invalid SDK credentials", "code": 4002}]}),
}
REFUSED = {
    "400": body(400, {"errors": [{"msg": "campaignType is wrong", "code": 400}]}),
    "400 without words": body(400, {"code": 7}),
    "409": says("failure", "Stop the campaign first", 409),
    "412 as text": text(412, "Precondition failed"),
    "error under 200": says("error", "Campaign is active"),
    "failure under 200": says("Failure", "Campaign is active", data=None),
    "errors under 200": body(200, {"errors": [{"msg": "no", "code": 4}]}),
    "a name with rate limit in it": says("failure", "Campaign Rate Limit Notice is active"),
}
MISSING = {
    "404": body(404, {"errors": [{"msg": "gone", "code": 404}]}),
    "404 empty": httpx.Response(404),
    "not found under 200": says("failure", "Campaign Not Found"),
    "does not exist under 400": says("error", "The campaign does not exist", 400),
}
EXPECTED = [
    (errors.KoreServerError, SERVER),
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


@pytest.mark.parametrize(("kind", "answer"), CASES)
async def test_an_answer_to_a_delete_means_one_thing_and_is_never_asked_for_again(
    answering: Answering, kind: type[KoreError], answer: httpx.Response
) -> None:
    client, sent = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.delete_campaign(SAMPLE_ID)

    assert type(caught.value) is kind
    assert len(sent) == 1


@pytest.mark.parametrize(("kind", "answer"), CASES)
async def test_a_read_is_tried_again_only_where_that_may_help(
    answering: Answering, kind: type[KoreError], answer: httpx.Response
) -> None:
    client, sent = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert type(caught.value) is kind
    confirmed_nothing = "confirms nothing" in str(caught.value)
    assert len(sent) == (3 if kind is errors.KoreServerError and not confirmed_nothing else 1)


@pytest.mark.parametrize(("kind", "answer"), CASES)
async def test_an_error_repeats_no_page_no_address_and_no_token(
    answering: Answering, kind: type[KoreError], answer: httpx.Response
) -> None:
    client, _ = answering(answer)

    with pytest.raises(kind) as caught:
        await client.delete_campaign(SAMPLE_ID)

    told = repr(caught.value)
    assert not any(secret in told for secret in ("<html", "https://", "?", "eyJ", "secret"))
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError("refused"), errors.KoreUnreachableError),
        (httpx.ConnectTimeout("slow"), errors.KoreUnreachableError),
        (httpx.PoolTimeout("busy"), errors.KoreUnreachableError),
        (httpx.ReadTimeout("slow"), errors.KoreNoAnswerError),
        (httpx.WriteTimeout("slow"), errors.KoreNoAnswerError),
        (httpx.ReadError("reset"), errors.KoreNoAnswerError),
        (httpx.WriteError("reset"), errors.KoreNoAnswerError),
        (httpx.RemoteProtocolError("closed"), errors.KoreNoAnswerError),
        (httpx.DecodingError("not gzip"), errors.KoreNoAnswerError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_silence_means_never_sent_or_perhaps_done(
    answering: Answering, failure: Exception, kind: type[KoreError]
) -> None:
    client, sent = answering(failure)

    with pytest.raises(kind):
        await client.delete_campaign(SAMPLE_ID)
    assert len(sent) == 1

    with pytest.raises(kind):
        await client.get_campaign(SAMPLE_ID)
    assert len(sent) == 1 + 3


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("word", ["success", "Success", " SUCCESS "])
async def test_a_delete_is_done_when_kore_says_success_and_names_our_campaign(
    answering: Answering, status: int, word: str
) -> None:
    client, sent = answering(body(status, SUCCESS | {"status": word}))

    deleted = await client.delete_campaign(SAMPLE_ID)

    assert deleted.message == "Campaign Interactive Support SMS Campaign deleted successfully"
    assert deleted.campaign is not None
    assert deleted.campaign.raw == SUCCESS["data"]
    assert len(sent) == 1


async def test_success_with_null_means_not_found_when_reading_and_nothing_when_deleting(
    answering: Answering,
) -> None:
    client, _ = answering(says("success", "Campaign  retrieved successfully", data=None))

    with pytest.raises(errors.CampaignNotFoundError):
        await client.get_campaign(SAMPLE_ID)
    with pytest.raises(errors.KoreServerError):
        await client.delete_campaign(SAMPLE_ID)


async def test_a_list_is_refused_and_not_not_found(answering: Answering) -> None:
    client, _ = answering(body(404, {"message": "Not Found"}))

    with pytest.raises(errors.KoreRefusedError) as caught:
        await client.get_contact_lists()

    assert type(caught.value) is errors.KoreRefusedError


async def test_a_redirect_is_not_followed(answering: Answering) -> None:
    client, sent = answering(httpx.Response(307, headers={"location": "https://evil.example/"}), body(200, SUCCESS))

    with pytest.raises(errors.KoreServerError):
        await client.delete_campaign(SAMPLE_ID)

    assert [request.url.host for request in sent] == ["platform.kore.ai"]


async def test_a_read_succeeds_on_its_third_try(answering: Answering) -> None:
    client, sent = answering(httpx.ReadError("reset"), html(502), body(200, SUCCESS))

    assert (await client.get_campaign(SAMPLE_ID)).id == SAMPLE_ID
    assert len(sent) == 3
