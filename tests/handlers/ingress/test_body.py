"""Bodies that are too large, too slow, of another type, or not what Slack sends."""

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

import logs
from handlers.ingress import http
from handlers.ingress.http import BODY_LIMIT_BYTES, FORM, JSON
from tests.handlers.ingress.signed_requests import BODY, Client, post, signed


async def raw(client: Client, text: bytes) -> bytes:
    """Send these bytes and return the whole response."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(text)
    async with asyncio.timeout(60):
        answered = await reader.read()
    writer.close()
    return answered


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
