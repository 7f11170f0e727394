"""Calls to Slack that fail are counted by method and code, on a client that retries and on one that does not."""

import json
from collections import Counter
from contextlib import suppress

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.errors import SlackApiError

from handlers.access.slack_client import client_on, without_retries
from handlers.access.slack_errors import ERRORS
from slack_ui.parts.api_error import SLACK_ERRORS, error_code, is_transient


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


UNREADABLE = {
    "text": (200, "text/plain", b"Access denied"),
    "a list": (200, "application/json", b"[1]"),
    "a word": (200, "application/json", b'"ok"'),
    "bytes": (200, "application/gzip", b"\x1f\x8b"),
    "no UTF-8": (200, "application/json", b"\xff\xfe{"),
    "too deep": (200, "application/json", b"[" * 100_000),
    "cut off": (200, "application/json", b'{"ok": tr'),
    "a page of a gateway": (502, "application/json", b"<html>Bad Gateway</html>"),
}


async def failure(status: int, content_type: str, body: bytes) -> tuple[Exception, Counter[tuple[str, str]]]:
    """Return the error of a call with this answer, and how it was counted."""

    async def post_message(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Content-Type": content_type}, body=body)

    app = web.Application()
    app.add_routes([web.post("/api/chat.postMessage", post_message)])
    before = total()
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        client = without_retries(client_on(session, "xoxb-sandbox", str(server.make_url("/api/"))))
        with pytest.raises(SLACK_ERRORS) as caught:
            await client.chat_postMessage(channel="C0", text="hello")
    return caught.value, total() - before


@pytest.mark.parametrize("answer", UNREADABLE)
async def test_answer_that_is_none_of_slack_counts_as_no_answer(answer: str) -> None:
    """A proxy sent it: the message may have been posted, and the next call may reach Slack."""
    error, counted = await failure(*UNREADABLE[answer])
    assert is_transient(error)
    assert sum(counted.values()) == 1


@pytest.mark.parametrize("said", ["x" * 65, "<html>Blocked\nby policy</html>", {"code": 1}, ["blocked"]])
async def test_what_is_no_code_of_slack_is_neither_stored_nor_shown(said: object) -> None:
    """The column of a message's error has 64 characters, and Slack would show the words of a proxy."""
    error, _ = await failure(200, "application/json", json.dumps({"ok": False, "error": said}).encode())
    assert error_code(error) == "HTTP 200"


async def test_status_of_an_unreadable_answer_is_its_code() -> None:
    error, _ = await failure(*UNREADABLE["a page of a gateway"])
    assert error_code(error) == "HTTP 502"
