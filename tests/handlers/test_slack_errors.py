"""Calls to Slack that fail are counted by method and code, on a client that retries and on one that does not."""

from collections import Counter
from contextlib import suppress

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.errors import SlackApiError

from handlers.access.slack_client import client_on, without_retries
from handlers.access.slack_errors import ERRORS


def total() -> Counter[tuple[str, str]]:
    samples = [sample for family in ERRORS.collect() for sample in family.samples if sample.name.endswith("_total")]
    return Counter({(sample.labels["method"], sample.labels["code"]): int(sample.value) for sample in samples})


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"ok": False, "error": "not_in_channel"}, "not_in_channel"),
        ({"ok": False, "error": "<html>upstream</html>"}, "HTTP 200"),
        ({"ok": True}, None),
    ],
)
@pytest.mark.parametrize("is_retrying", [True, False])
async def test_failed_calls_are_counted(answer: dict[str, object], code: str | None, is_retrying: bool) -> None:
    async def post_message(_: web.Request) -> web.Response:
        return web.json_response(answer)

    app = web.Application()
    app.add_routes([web.post("/api/chat.postMessage", post_message)])
    before = total()
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        client = client_on(session, "xoxb-sandbox", str(server.make_url("/api/")))
        client = client if is_retrying else without_retries(client)
        with suppress(SlackApiError):
            await client.chat_postMessage(channel="C0", text="hello")
    after = total()
    assert after - before == Counter([("chat.postMessage", code)] if code else [])


async def test_connection_errors_are_counted_by_name() -> None:
    before = total()
    async with aiohttp.ClientSession() as session:
        client = without_retries(client_on(session, "xoxb-sandbox", "http://127.0.0.1:1/api/"))
        with pytest.raises(aiohttp.ClientError):
            await client.auth_test()
    assert total() - before == Counter([("auth.test", "ClientConnectorError")])
