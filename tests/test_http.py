"""The HTTP checks before Bolt (signature, size, type, fields), and the health endpoints."""

import asyncio
import gzip
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pytest_mock import MockerFixture
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

import logs
from handlers.connection.health import Health
from handlers.ingress import http
from handlers.ingress.http import BODY_LIMIT_BYTES, FORM, JSON, SLACK_PATH, health_routes, slack_handler
from handlers.ingress.rejection_log import RejectionLog
from handlers.ingress.server import Server
from handlers.listeners import error_handler
from tests.postgres import free_port

SECRET = "a-signing-secret"
BODY = "command=%2Fcampaign-delete&text=help&team_id=T0&user_id=U0ALICE&channel_id=C0&trigger_id=1.2"
Client = TestClient[web.Request, web.Application]


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb-sandbox")


@pytest.fixture
def health() -> Health:
    health = Health()
    health.phase = ""
    return health


@pytest.fixture
async def client(health: Health) -> AsyncIterator[Client]:
    """Serve the routes with a real Bolt app, whose listener raises if the command says so."""
    slack = AsyncWebClient(token="xoxb-sandbox", base_url="http://127.0.0.1:1/")
    app = AsyncApp(name="test", client=slack, authorize=authorize, request_verification_enabled=False)
    error_handler.register(app)

    @app.command("/campaign-delete")
    async def listen(ack: AsyncAck, command: dict[str, str]) -> None:
        if command["text"] == "fail":
            raise RuntimeError("before its ack")
        await ack(text=f"heard {command['text']}")
        if command["text"] == "raise":
            raise RuntimeError("in the listener")

    server = web.Application(client_max_size=BODY_LIMIT_BYTES)
    server.add_routes([*health_routes(health), web.post(SLACK_PATH, slack_handler(app, SECRET))])
    async with TestClient(TestServer(server)) as client:
        yield client


def signed(body: str | bytes, age_seconds: int = 0, content_type: str = FORM) -> dict[str, str]:
    timestamp = str(int(time.time()) - age_seconds)
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(signature), "Content-Type": content_type}


async def post(client: Client, body: str | bytes, headers: dict[str, str]) -> int:
    return (await client.post("/slack/events", data=body, headers=headers)).status


async def raw(client: Client, text: bytes) -> bytes:
    """Send these bytes and return the whole response."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(text)
    async with asyncio.timeout(60):
        answered = await reader.read()
    writer.close()
    return answered


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
    assert await post(client, BODY, signed(BODY, age_seconds)) == 401
    assert await post(client, BODY + "0", signed(BODY, age_seconds)) == 401
    old, forged = caplog.records
    assert old.getMessage() == "Request rejected: signed by Slack, but not within the last five minutes"
    difference = int(str(vars(old)["details"]).split()[2])
    assert age_seconds <= difference <= age_seconds + 5
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


async def test_oversized_body_is_413_with_and_without_content_length(client: Client) -> None:
    long = f"{BODY}&text={'x' * BODY_LIMIT_BYTES}"

    async def unannounced() -> AsyncIterator[bytes]:
        for start in range(0, len(long), 65_536):
            yield long[start : start + 65_536].encode()

    assert await post(client, long, signed(long)) == 413
    answer = await client.post("/slack/events", data=unannounced(), headers=signed(long))
    assert (answer.status, await answer.text()) == (413, "too large\n")


async def test_oversized_content_length_is_rejected_before_the_body(client: Client) -> None:
    head = b"POST /slack/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 9000000\r\n\r\n"
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(head)
    async with asyncio.timeout(60):
        assert b" 413 " in await reader.readline()
    writer.close()


async def test_slow_body_is_408(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_WITHIN_SECONDS", 0.1)

    async def stuck() -> AsyncIterator[bytes]:
        yield b"command="
        await asyncio.Event().wait()

    assert (await client.post("/slack/events", data=stuck(), headers=signed(BODY))).status == 408


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""])
async def test_other_content_types_are_415(client: Client, content_type: str) -> None:
    assert await post(client, BODY, signed(BODY, content_type=content_type)) == 415


@pytest.mark.parametrize("content_type", [f"{FORM}; charset=utf-8", f"{FORM};charset=no-such-thing", FORM.upper()])
async def test_content_type_parameters_are_ignored(client: Client, content_type: str) -> None:
    assert await post(client, BODY, signed(BODY, content_type=content_type)) == 200


async def test_compressed_body_is_415(client: Client) -> None:
    packed = gzip.compress(BODY.encode())
    headers = {**signed(BODY), "Content-Encoding": "gzip"}
    assert await post(client, packed, headers) == 415


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, "{"),
        (JSON, "[]"),
        (JSON, "null"),
        (JSON, ""),
        (JSON, "[" * 100_000),
        (JSON, "9" * 10_000),
        (FORM, ""),
        (FORM, "payload="),
        (FORM, "payload={"),
        (FORM, "payload=[]"),
        (FORM, "payload=%22text%22"),
        (FORM, "&" * 200),
        (FORM, f"{BODY}&{'a=b&' * 200}"),
        (FORM, "command=%2Fcampaign-delete"),
    ],
)
async def test_signed_but_unreadable_body_is_400_without_a_traceback(
    client: Client, content_type: str, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await post(client, body, signed(body, content_type=content_type)) == 400
    assert "Traceback" not in caplog.text


USER, VIEW = {"id": "U0ALICE"}, {"type": "modal", "callback_id": "x"}


@pytest.mark.parametrize(
    ("strange", "field"),
    [
        ({"type": "block_actions", "user": USER, "trigger_id": "1", "actions": []}, "actions"),
        ({"type": "block_actions", "user": USER, "trigger_id": "1", "actions": [None]}, "actions.0"),
        ({"type": "block_actions", "user": None, "trigger_id": "1", "actions": [{"action_id": "x"}]}, "user"),
        ({"type": "block_actions", "user": {"id": "U1> <!here>"}, "actions": [{"action_id": "x"}]}, "user.id"),
        ({"type": "view_submission", "user": USER, "view": None}, "view"),
        ({"type": "view_submission", "user": USER, "view": {**VIEW, "private_metadata": 5}}, "private_metadata"),
        ({"type": "view_submission", "user": USER, "view": {**VIEW, "state": {"values": {"<!here>": 1}}}}, "state"),
        ({"type": "view_submission", "user": USER, "view": VIEW, "team": "T0"}, "team"),
        ({"type": "view_closed", "user": USER, "view": {"callback_id": "x"}}, "view.type"),
        ({"type": "event_callback", "event": None}, "event"),
        ({"type": {"a": "b"}}, "no known type"),
        ({"type": "unheard_of"}, "no known type"),
    ],
)
async def test_unexpected_payload_is_400_and_only_its_field_is_logged(
    client: Client, strange: dict[str, Any], field: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps(strange)
    assert await post(client, body, signed(body, content_type=JSON)) == 400
    form = urlencode({"payload": body})
    assert await post(client, form, signed(form)) == 400
    (line,) = [record for record in caplog.records if record.name == "handlers.ingress.rejection_log"]
    assert field in str(vars(line)["details"])
    assert "<!here>" not in caplog.text + str(vars(line))
    assert "Traceback" not in caplog.text


async def test_command_with_the_text_payload_is_a_command(client: Client) -> None:
    body = BODY.replace("help", "payload")
    answer = await client.post("/slack/events", data=body, headers=signed(body))
    assert "heard payload" in await answer.text()


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


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"\x16\x03\x01\x02\x00",
        b"POST /slack/events HTTP/1.1\r\nHost: a\r\nX-Secret: U0\x00ALICE\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Type: a/U0ALICE\r\nContent-Type: b/c\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: U0ALICE\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: a\r\nX-Long: " + b"U0ALICE" * 9_000 + b"\r\n\r\n",
        b"POST /U0ALICE \xff HTTP/9.9\r\n\r\n",
    ],
)
@pytest.mark.usefixtures("quiet_server")
async def test_malformed_http_is_400_and_not_logged(
    client: Client, bytes_sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert b" 400 " in await raw(client, bytes_sent)
    assert caplog.text == ""


@pytest.fixture
def quiet_server() -> Iterator[None]:
    """Filter the web server's log as ``logs.set_up`` does."""
    log = logging.getLogger("aiohttp.server")
    log.addFilter(logs.is_ours)
    yield
    log.removeFilter(logs.is_ours)


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


async def test_ack_is_sent_when_the_listener_raises_after_it(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    body = BODY.replace("help", "raise")
    answer = await client.post("/slack/events", data=body, headers=signed(body))
    assert "heard raise" in await answer.text()
    assert "didn't call ack" not in caplog.text  # Bolt says so after waiting three seconds for an ack it has forgotten


async def test_error_before_the_ack_is_500_so_that_slack_keeps_the_form(client: Client) -> None:
    body = BODY.replace("help", "fail")
    answer = await client.post("/slack/events", data=body, headers=signed(body))
    assert answer.status == 500
    assert await answer.text() == ""


async def test_readiness_and_health_state_their_reasons(client: Client, health: Health, mocker: MockerFixture) -> None:
    database, socket = mocker.AsyncMock(return_value=""), mocker.AsyncMock(return_value="")
    health.needs(database)
    health.lives_by(socket)
    assert await probed(client) == [(200, "ready\n"), (200, "ok\n")]
    database.return_value, socket.return_value = "the database does not answer", "Slack's socket is down"
    assert await probed(client) == [(503, "the database does not answer\n"), (503, "Slack's socket is down\n")]
    health.phase, socket.return_value = "Slack is unavailable", ""
    assert await probed(client) == [(503, "Slack is unavailable\n"), (200, "ok\n")]


async def probed(client: Client) -> list[tuple[int, str]]:
    answers = [await client.get(path) for path in ("/readyz", "/healthz")]
    return [(answer.status, await answer.text()) for answer in answers]


async def test_metrics_stay_readable_when_a_gauge_cannot_be_refreshed(client: Client, health: Health) -> None:
    async def refresh() -> None:
        raise ConnectionError

    health.measures(refresh)

    answer = await client.get("/metrics")

    assert answer.status == 200
    assert "process_cpu_seconds_total" in await answer.text()


async def test_slack_gets_503_and_health_is_served_before_the_bot_is_ready(mocker: MockerFixture) -> None:
    health, port = Health(), free_port()
    server = Server(health, serves_slack=True)
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as http, server.serving("127.0.0.1", port):
        assert (await http.post(url + SLACK_PATH)).status == 503
        assert (await http.get(f"{url}/healthz")).status == 200
        assert await (await http.get(f"{url}/readyz")).text() == "starting\n"
        on_slack = mocker.AsyncMock(return_value=web.Response(status=202))
        async with server.receiving(on_slack):
            assert (await http.post(url + SLACK_PATH)).status == 202
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(f"{url}/healthz")
