"""Kore.ai's messages, and its Retry-After."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from pytest_mock import MockerFixture

from kore_api import errors
from kore_api.errors import KoreError
from kore_api.responses.message_parsing import parse_message
from tests.kore_api.conftest import DEFAULT_PAUSE_SECONDS, Answering
from tests.kore_api.samples import SAMPLE_ID

HTML = "<!DOCTYPE html><html><body>Bad gateway</body></html>"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhcHBJZCI6ImNzIn0.c2lnbmF0dXJl"


def body(status: int, content: Any, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=content, headers=headers)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"message": "<!channel> is not yours"}, "<!channel> is not yours"),
        ({"msg": "short"}, "short"),
        ({"error": "other"}, "other"),
        ({"errors": [{"msg": "one"}, {"msg": "two"}, "three"]}, "one; two"),
        ({"message": "x" * 3000}, "x" * 2000),
        ({"message": HTML}, ""),
        ({"message": f"jwt malformed: {TOKEN}"}, "jwt malformed: [token]"),
        ({"message": {"text": "odd"}, "errors": "odd"}, ""),
    ],
    ids=["message", "msg", "error", "errors", "long", "page", "token", "odd"],
)
async def test_kore_message_is_kept_clamped_and_masked(
    answering: Answering, content: dict[str, Any], message: str
) -> None:
    client, _ = answering(body(400, content))

    with pytest.raises(KoreError) as caught:
        await client.delete_campaign(SAMPLE_ID)

    assert caught.value.kore_message == message
    assert caught.value.http_status == 400


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("nan", None),
        ("Mon, 1 Jan 99999999999 00:00:00 GMT", None),
    ],
)
async def test_retry_after_is_passed_on(answering: Answering, header: str, seconds: float | None) -> None:
    client, sent = answering(body(429, {}, **{"Retry-After": header}))

    with pytest.raises(errors.KoreRateLimitError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert caught.value.retry_after_seconds == (DEFAULT_PAUSE_SECONDS if seconds is None else seconds)
    assert len(sent) == 1


async def test_retry_after_date_becomes_seconds(answering: Answering, mocker: MockerFixture) -> None:
    at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    mocker.patch("kore_api.responses.http_date.time.time", return_value=at.timestamp())
    later = format_datetime(at + timedelta(minutes=2), usegmt=True)
    client, _ = answering(body(429, {}, **{"Retry-After": later}))

    with pytest.raises(errors.KoreRateLimitError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert caught.value.retry_after_seconds == 120


def test_lone_surrogate_is_replaced() -> None:
    said = b'{"status": "success", "message": "Sale \\ud83d", "data": {"name": "\\ud83d\\udd25"}}'
    parsed = parse_message(httpx.Response(200, content=said))
    assert (parsed.message, parsed.body["data"]["name"]) == ("Sale ?", "🔥")
