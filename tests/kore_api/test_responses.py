"""Each kind of response and failure, and the one error that it becomes."""

from typing import Any

import httpx
import pytest

from kore_api import errors
from kore_api.causes import Cause
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


@pytest.mark.parametrize(("kind", "answer"), CASES)
async def test_each_answer_to_delete_has_one_meaning_and_is_not_retried(
    answering: Answering, kind: type[KoreError], answer: httpx.Response
) -> None:
    client, sent = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.delete_campaign(SAMPLE_ID)

    assert type(caught.value) is kind
    assert len(sent) == 1


@pytest.mark.parametrize(("kind", "answer"), CASES)
async def test_read_is_retried_only_where_that_may_help(
    answering: Answering, kind: type[KoreError], answer: httpx.Response
) -> None:
    client, sent = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert type(caught.value) is kind
    assert len(sent) == (3 if kind is errors.KoreServerError else 1)


@pytest.mark.parametrize("answer", FOREIGN.values(), ids=FOREIGN)
async def test_answer_in_another_form_is_not_from_kore(answering: Answering, answer: httpx.Response) -> None:
    client, _ = answering(answer)

    with pytest.raises(errors.KoreServerError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert caught.value.cause is Cause.NOT_KORE
    assert not caught.value.is_from_kore
    assert not caught.value.can_mean_absent


@pytest.mark.parametrize("answer", [*REFUSED.values(), *MISSING.values()], ids=[*REFUSED, *MISSING])
async def test_refusal_by_kore_can_mean_absent_whatever_its_wording(
    answering: Answering, answer: httpx.Response
) -> None:
    client, _ = answering(answer)

    with pytest.raises(errors.KoreRefusedError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert caught.value.is_from_kore
    assert caught.value.can_mean_absent


NEVER_ABSENT = [*DENIED.items(), *UNRELIABLE.items(), *RATE_LIMITED.items(), *UNCONFIRMED.items()]


@pytest.mark.parametrize("answer", [answer for _, answer in NEVER_ABSENT], ids=[name for name, _ in NEVER_ABSENT])
async def test_any_other_answer_cannot_mean_absent(answering: Answering, answer: httpx.Response) -> None:
    client, _ = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.get_status(SAMPLE_ID)

    assert not caught.value.can_mean_absent


CAUSES = [
    (UNRELIABLE["500"], Cause.SERVER_ERROR),
    (UNRELIABLE["502 in HTML"], Cause.SERVER_ERROR),
    (UNRELIABLE["bad token under 500"], Cause.CREDENTIALS),
    (UNRELIABLE["a page of login"], Cause.REDIRECT),
    (UNRELIABLE["200 broken JSON"], Cause.NOT_KORE),
    (httpx.Response(200, content=b"{", headers={"content-type": "application/json"}), Cause.UNREADABLE),
    (UNRELIABLE["success under 404"], Cause.UNREADABLE),
    (httpx.Response(407, text="Proxy Authentication Required"), Cause.PROXY),
    (DENIED["401"], Cause.CREDENTIALS),
    (DENIED["403"], Cause.SCOPE),
    (DENIED["bad credentials"], Cause.CREDENTIALS),
    (DENIED["a missing scope"], Cause.SCOPE),
    (DENIED["a missing app"], Cause.APP),
    (body(401, {"errors": [{"msg": "error verifying the jwt: The token is not yet valid (iat)"}]}), Cause.TOKEN_TIME),
    (body(401, {"errors": [{"msg": "jwt expired"}]}), Cause.TOKEN_TIME),
    (REFUSED["409"], None),
    (MISSING["404"], None),
    (RATE_LIMITED["429"], None),
]


@pytest.mark.parametrize(("answer", "cause"), CAUSES, ids=[f"{n}-{cause}" for n, (_, cause) in enumerate(CAUSES)])
async def test_error_names_its_cause(answering: Answering, answer: httpx.Response, cause: Cause | None) -> None:
    client, _ = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert caught.value.cause is cause


def test_every_cause_has_advice_for_the_operator() -> None:
    assert all(cause.advice.endswith(".") for cause in Cause)


@pytest.mark.parametrize(("kind", "answer"), CASES)
async def test_error_contains_no_page_address_or_token(
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
async def test_failure_without_answer_says_whether_the_request_can_have_left(
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
async def test_delete_succeeds_when_kore_says_success_and_names_the_campaign(
    answering: Answering, status: int, word: str
) -> None:
    client, sent = answering(body(status, SUCCESS | {"status": word}))

    deleted = await client.delete_campaign(SAMPLE_ID)

    assert deleted.message == "Campaign Interactive Support SMS Campaign deleted successfully"
    assert deleted.campaign is not None
    assert deleted.campaign.raw == SUCCESS["data"]
    assert len(sent) == 1


@pytest.mark.parametrize("message", ["", "Campaign not found"])
async def test_success_with_null_means_not_found_when_reading_and_nothing_when_deleting(
    answering: Answering, message: str
) -> None:
    client, _ = answering(says("success", message, data=None))

    with pytest.raises(errors.CampaignNotFoundError) as caught:
        await client.get_campaign(SAMPLE_ID)
    assert caught.value.is_from_kore
    with pytest.raises(errors.KoreUnconfirmedError):
        await client.delete_campaign(SAMPLE_ID)


@pytest.mark.parametrize("message", ["Campaign  retrieved successfully", "Bot not found"])
async def test_success_with_null_and_a_contradicting_text_is_unconfirmed(answering: Answering, message: str) -> None:
    client, _ = answering(says("success", message, data=None))

    for read in (client.get_campaign, client.get_status):
        with pytest.raises(errors.KoreUnconfirmedError):
            await read(SAMPLE_ID)


async def test_list_is_refused_rather_than_not_found(answering: Answering) -> None:
    client, _ = answering(says("failure", "Campaign not found", 404))

    with pytest.raises(errors.KoreRefusedError) as caught:
        await client.get_contact_lists()

    assert type(caught.value) is errors.KoreRefusedError


async def test_redirect_is_not_followed(answering: Answering) -> None:
    client, sent = answering(httpx.Response(307, headers={"location": "https://evil.example/"}), body(200, SUCCESS))

    with pytest.raises(errors.KoreServerError):
        await client.delete_campaign(SAMPLE_ID)

    assert [request.url.host for request in sent] == ["platform.kore.ai"]


async def test_read_succeeds_on_its_third_try(answering: Answering) -> None:
    client, sent = answering(httpx.ReadError("reset"), html(502), body(200, SUCCESS))

    assert (await client.get_campaign(SAMPLE_ID)).id == SAMPLE_ID
    assert len(sent) == 3
