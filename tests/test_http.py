"""What stands at the HTTP port before Bolt: signatures, and the health of the process."""

import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from handlers import error_handler
from handlers.http import health_routes, slack_routes

SECRET = "a-signing-secret"
BODY = "command=%2Fcampaign-delete&text=help&team_id=T0&user_id=U0ALICE&channel_id=C0&trigger_id=1.2"
FORM = "application/x-www-form-urlencoded"
WHY_NOT: web.AppKey[dict[str, str]] = web.AppKey("why_not", dict)
Client = TestClient[web.Request, web.Application]


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb-sandbox")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """The routes around a real Bolt app whose listener acks, and raises at once when told to."""
    slack = AsyncWebClient(token="xoxb-sandbox", base_url="http://127.0.0.1:1/")
    app = AsyncApp(client=slack, authorize=authorize, request_verification_enabled=False)
    error_handler.register(app)

    @app.command("/campaign-delete")
    async def listen(ack: AsyncAck, command: dict[str, str]) -> None:
        if command["text"] == "fail":
            raise RuntimeError("before its ack")
        await ack(text=f"heard {command['text']}")
        if command["text"] == "raise":
            raise RuntimeError("in the listener")

    async def why_not() -> str:
        return server[WHY_NOT]["now"]

    server = web.Application()
    server[WHY_NOT] = {"now": ""}
    server.add_routes([*health_routes(why_not), *slack_routes(app, SECRET)])
    async with TestClient(TestServer(server)) as client:
        yield client


def signed(body: str, age_seconds: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - age_seconds)
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(signature), "Content-Type": FORM}


async def test_what_slack_signed_is_heard(client: Client) -> None:
    answer = await client.post("/slack/events", data=BODY, headers=signed(BODY))
    assert answer.status == 200
    assert "heard help" in await answer.text()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": "١٢٣"},
        {"X-Slack-Request-Timestamp": "²²²²²²²²²²"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Signature": "v0=ÿ"},
        {"X-Slack-Signature": "v0=0"},
        {"X-Slack-Signature": ""},
    ],
)
async def test_what_is_badly_signed_is_401_and_never_logged(
    client: Client, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    spoilt = {**signed(BODY), **headers} if headers else {"Content-Type": FORM}
    answer = await client.post("/slack/events", data=BODY, headers=spoilt)
    assert answer.status == 401
    assert "U0ALICE" not in caplog.text
    assert "Traceback" not in caplog.text


async def test_an_old_request_and_an_altered_one_are_401(client: Client) -> None:
    assert (await client.post("/slack/events", data=BODY, headers=signed(BODY, 400))).status == 401
    assert (await client.post("/slack/events", data=BODY, headers=signed(BODY, -400))).status == 401
    assert (await client.post("/slack/events", data=BODY + "0", headers=signed(BODY))).status == 401


async def test_an_ack_is_kept_when_the_listener_raises_right_after_it(client: Client) -> None:
    body = BODY.replace("help", "raise")
    began = time.monotonic()
    answer = await client.post("/slack/events", data=body, headers=signed(body))
    assert "heard raise" in await answer.text()
    assert time.monotonic() - began < 2  # Bolt waits three seconds for an ack it has forgotten


async def test_what_failed_before_its_ack_is_no_ack_so_that_slack_keeps_the_form(client: Client) -> None:
    body = BODY.replace("help", "fail")
    answer = await client.post("/slack/events", data=body, headers=signed(body))
    assert answer.status == 500
    assert await answer.text() == ""


async def test_health_says_whether_it_runs_and_readiness_says_why_not(client: Client) -> None:
    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/readyz")).status == 200
    assert client.app is not None
    client.app[WHY_NOT]["now"] = "the database does not answer"
    answer = await client.get("/readyz")
    assert answer.status == 503
    assert await answer.text() == "the database does not answer\n"
    assert (await client.get("/healthz")).status == 200
