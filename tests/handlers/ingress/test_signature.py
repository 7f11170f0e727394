"""Only requests that Slack has signed within five minutes reach Bolt, and Slack's checks are answered."""

import json
import time

import pytest
from pytest_mock import MockerFixture

from handlers.ingress.http import FORM, JSON
from handlers.ingress.rejection_log import RejectionLog
from tests.handlers.ingress.signed_requests import BODY, Client, post, signed


async def test_signed_request_reaches_the_listener(client: Client) -> None:
    answer = await client.post("/slack/events", data=BODY, headers=signed(BODY))
    assert answer.status == 200
    assert "heard help" in await answer.text()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "١٢٣"},
        {"X-Slack-Request-Timestamp": "²²²²²²²²²²"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": "9" * 12},
        {"X-Slack-Signature": "v0=ÿ"},
        {"X-Slack-Signature": "v0=0"},
        {"X-Slack-Signature": ""},
    ],
)
async def test_badly_signed_request_is_401_and_its_content_is_not_logged(
    client: Client, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    spoilt = {**signed(BODY), **headers} if headers else {"Content-Type": FORM}
    assert await post(client, BODY, spoilt) == 401
    assert "U0ALICE" not in caplog.text
    assert "Traceback" not in caplog.text
    assert "Request rejected: not signed by Slack" in caplog.text


async def test_altered_request_is_401(client: Client) -> None:
    assert await post(client, BODY + "0", signed(BODY)) == 401


@pytest.mark.parametrize("age_seconds", [400, -400])
async def test_old_request_is_401_and_the_clock_difference_is_logged(
    client: Client, caplog: pytest.LogCaptureFixture, age_seconds: int
) -> None:
    began, headers = int(time.time()), signed(BODY, age_seconds)
    assert await post(client, BODY, headers) == 401
    took_seconds = int(time.time()) - began
    assert await post(client, BODY + "0", headers) == 401
    old, forged = caplog.records
    assert old.getMessage() == "Request rejected: signed by Slack, but not within the last five minutes"
    difference = int(str(vars(old)["details"]).split()[2])
    assert age_seconds <= difference <= age_seconds + took_seconds
    assert (forged.getMessage(), vars(forged)["details"]) == ("Request rejected: not signed by Slack", "")


async def test_body_that_is_not_utf8_is_401_without_a_traceback(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert await post(client, b"command=\xff\xfe", signed(BODY)) == 401
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
async def test_duplicate_signature_headers_are_401(client: Client, name: str) -> None:
    headers = signed(BODY)
    both = [*headers.items(), (name, headers[name])]
    assert (await client.post("/slack/events", data=BODY, headers=both)).status == 401


async def test_header_names_are_case_insensitive(client: Client) -> None:
    assert await post(client, BODY, {name.lower(): value for name, value in signed(BODY).items()}) == 200


async def test_bolt_control_headers_are_ignored(client: Client) -> None:
    lazy = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "listen"}
    answer = await client.post("/slack/events", data=BODY, headers={**signed(BODY), **lazy})
    assert "heard help" in await answer.text()


async def test_url_verification_is_answered(client: Client) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "none"})
    answer = await client.post("/slack/events", data=body, headers=signed(body, content_type=JSON))
    assert await answer.json() == {"challenge": "3eZbrw1aB"}
    assert await post(client, "ssl_check=1&token=none", signed("ssl_check=1&token=none")) == 200


async def test_unsigned_ssl_check_is_200_and_not_a_rejection(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = await client.post("/slack/events", data="ssl_check=1&token=none", headers={"Content-Type": FORM})
    assert (answer.status, await answer.text(), caplog.text) == (200, "", "")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY, {}),
        ("ssl_check=2", {}),
        ("ssl_check=1%ff\xff", {}),
        ("ssl_check=1", {"X-Slack-Signature": "v0=0"}),
        (f"ssl_check=1&{'x' * 300}", {}),
        ('{"ssl_check": "1"}', {"Content-Type": JSON}),
    ],
)
async def test_other_unsigned_requests_are_401(client: Client, body: str, headers: dict[str, str]) -> None:
    assert await post(client, body.encode("latin-1"), {"Content-Type": FORM, **headers}) == 401


def test_rejections_are_logged_once_a_minute_with_their_number(
    caplog: pytest.LogCaptureFixture, mocker: MockerFixture
) -> None:
    clock = mocker.patch("time.monotonic", return_value=1_000.0)
    refusals = RejectionLog()
    for _ in range(50):
        refusals.note("not signed by Slack", status=401)
    refusals.note("too large", status=413)
    clock.return_value = 1_061.0
    refusals.note("not signed by Slack", status=401)
    assert [(record.args, vars(record)["suppressed"]) for record in caplog.records] == [
        (("not signed by Slack",), 0),
        (("too large",), 0),
        (("not signed by Slack",), 49),
    ]
