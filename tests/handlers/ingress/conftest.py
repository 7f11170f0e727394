"""The routes of the bot with a real Bolt app."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from handlers.connection.health import Health
from handlers.ingress.http import BODY_LIMIT_BYTES, SLACK_PATH, health_routes, slack_handler
from handlers.listeners import error_handler
from tests.handlers.ingress.signed_requests import SECRET, Client


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
