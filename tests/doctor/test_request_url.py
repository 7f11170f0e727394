"""In HTTP mode, the request URL must lead to a bot with this signing secret."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.check import Outcome
from handlers.access import slack_client
from handlers.checks.request_url import check_request_url
from handlers.ingress.http import slack_handler
from tests.doctor.conftest import Installation, results

SECRET = "sandbox-signing-secret"


@pytest.fixture
async def bot() -> AsyncIterator[str]:
    """Yield the address of a server that answers as the bot does."""
    app, identity = web.Application(), AuthorizeResult(team_id="T0", enterprise_id=None, bot_token="xoxb-sandbox")
    bolt = slack_client.bolt_app(AsyncWebClient(token="xoxb-sandbox"), identity)
    app.add_routes([web.post("/slack/events", slack_handler(bolt, SECRET))])
    async with TestServer(app) as server:
        yield str(server.make_url("/slack/events"))


async def test_bot_with_this_secret_passes(bot: str) -> None:
    assert (await check_request_url(bot, SECRET)).outcome is Outcome.OK


async def test_bot_with_another_secret_fails(bot: str) -> None:
    found = await check_request_url(bot, "another-secret")
    assert (found.outcome, "rejects this signing secret" in found.text) == (Outcome.FAILED, True)


async def test_other_server_fails(bot: str) -> None:
    found = await check_request_url(bot.replace("/slack/events", "/elsewhere"), SECRET)
    assert (found.outcome, "answers 404, not as this bot" in found.text) == (Outcome.FAILED, True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/slack/events", "no address", "http://[::1"])
async def test_address_without_a_server_fails(url: str) -> None:
    found = await check_request_url(url, SECRET)
    assert (found.outcome, "cannot be reached" in found.text) == (Outcome.FAILED, True)


async def test_unknown_address_is_a_warning_that_names_the_option(installation: Installation) -> None:
    (found,) = results(await installation.check({"SLACK_APP_TOKEN": ""}), "Request URL")
    assert (found.outcome, "--request-url" in found.cure) == (Outcome.WARNING, True)
