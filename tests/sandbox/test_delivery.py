"""Delivery to the bot, and what the user sees if it fails."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.signature import SignatureVerifier

from sandbox.server import Sandbox, running
from sandbox.slack.interactions import delivery
from sandbox.slack.interactions.delivery import encoded, signed_headers
from tests.sandbox.driver import Driver, client_of, texts
from tests.sandbox.small_bot import button

COMMAND = {"as_": "U0ALICE", "channel": "C0CAMPAIGNS", "text": "/campaign-delete now"}


@pytest.fixture
async def socket(driver: Driver) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Connect a plain Socket Mode client, and return it after hello."""
    link = (await driver.call("apps.connections.open", token="xapp-sandbox"))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(link) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        yield socket


@asynccontextmanager
async def answered_with(sandbox: Sandbox, status: int, body: Any) -> AsyncIterator[None]:
    """Run a bot in HTTP mode that gives the same answer to everything."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    application = web.Application()
    application.add_routes([web.post("/slack/events", answer)])
    async with TestServer(application) as bot:
        sandbox.slack.delivery.request_url = str(bot.make_url("/slack/events"))
        yield


def test_delivery_is_signed_like_slacks() -> None:
    _, body = encoded("slash_commands", {"command": "/campaign-delete", "text": "a & b"})
    headers = signed_headers(body, int(time.time()))
    verifier = SignatureVerifier("sandbox-signing-secret")
    assert verifier.is_valid_request(body, headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)


async def test_slackbot_reports_a_failed_command_without_a_bot(driver: Driver) -> None:
    assert await driver.post("command", **COMMAND) == {"delivered": False, "error": "dispatch_failed"}
    state = await driver.state("U0ALICE")
    said = state["messages"]["C0CAMPAIGNS"][-1]
    assert said["text"] == '/campaign-delete failed with the error "dispatch_failed"'
    assert (said["username"], said["ephemeral"]) == ("Slackbot", True)
    assert texts(await driver.state("U0BOB"), "C0CAMPAIGNS") == []


async def test_unreachable_or_failing_bot_is_a_failed_dispatch(driver: Driver) -> None:
    await driver.post("delivery", request_url="http://127.0.0.1:1/slack/events")
    assert (await driver.post("command", **COMMAND))["error"] == "dispatch_failed"
    async with answered_with(driver.sandbox, 500, {}):
        assert (await driver.post("command", **COMMAND))["error"] == "dispatch_failed"


async def test_answer_that_is_not_a_message_is_an_invalid_response(driver: Driver) -> None:
    async with answered_with(driver.sandbox, 200, {"blocks": [{"type": "sectoin"}]}):
        assert (await driver.post("command", **COMMAND))["error"] == "invalid_command_response"


async def test_missing_acknowledgement_is_a_timeout(
    driver: Driver, sandbox: Sandbox, socket: aiohttp.ClientWebSocketResponse
) -> None:
    sandbox.slack.delivery.ack_timeout_seconds = 0.05
    assert await driver.post("command", **COMMAND) == {"delivered": False, "error": "operation_timeout"}
    assert (await socket.receive_json())["type"] == "slash_commands"
    assert texts(await driver.state("U0ALICE"), "C0CAMPAIGNS") == [
        '/campaign-delete failed with the error "operation_timeout"'
    ]


async def test_unknown_command_is_not_delivered(driver: Driver, sandbox: Sandbox) -> None:
    sent = await driver.post("command", as_="U0ALICE", channel="C0CAMPAIGNS", text="/other x")
    assert sent["error"] == "unknown_command"
    assert sandbox.traffic.after() == []


async def test_envelope_has_a_type_and_its_ack_is_the_answer(
    driver: Driver, socket: aiohttp.ClientWebSocketResponse
) -> None:
    sending = asyncio.create_task(driver.post("command", **COMMAND))
    envelope = await socket.receive_json()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert envelope["payload"]["text"] == "now"
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Done"}})
    assert await sending == {"delivered": True}
    assert texts(await driver.state("U0ALICE"), "C0CAMPAIGNS") == ["Done"]


async def test_socket_is_preferred_and_its_ticket_works_once(
    driver: Driver, socket: aiohttp.ClientWebSocketResponse
) -> None:
    await driver.post("delivery", request_url="http://127.0.0.1:1/slack/events")
    shown = (await driver.client.get("/sandbox/delivery")).json()
    assert (shown["mode"], shown["sockets"]) == ("socket", 1)
    used = str(socket._response.url).replace("ws", "http", 1)  # noqa: SLF001 - aiohttp has no public name for it
    assert (await driver.client.get(used)).status_code == 404


async def test_clients_reconnect_when_asked(driver: Driver, socket: aiohttp.ClientWebSocketResponse) -> None:
    await asyncio.gather(driver.post("delivery", disconnect="refresh_requested"), leave(socket))
    assert (await driver.client.get("/sandbox/delivery")).json()["mode"] == "none"


async def test_dropped_socket_ends_without_a_close_frame(
    driver: Driver, socket: aiohttp.ClientWebSocketResponse
) -> None:
    await driver.post("delivery", drop=True)
    assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert socket.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE


async def test_refused_handshake_uses_up_the_ticket(driver: Driver) -> None:
    await driver.post("faults", target="slack", operation="wss", kind="status", status=503)
    link = driver.sandbox.slack.sockets.new_link()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await session.ws_connect(link)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
            await session.ws_connect(link)


@pytest.mark.parametrize("kind", ["reset", "delay"])
async def test_dropped_handshake_leaves_the_ticket_valid(driver: Driver, kind: str) -> None:
    await driver.post("faults", target="slack", operation="wss", kind=kind, times=None)
    link = driver.sandbox.slack.sockets.new_link()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.ws_connect(link)
        driver.sandbox.faults.clear()
        async with session.ws_connect(link) as socket:
            assert (await socket.receive_json())["type"] == "hello"


async def test_fault_of_the_socket_ends_it_after_hello_and_others_leave_it_alone(driver: Driver) -> None:
    await driver.post("faults", target="slack", operation="*", kind="error", error="internal_error", times=None)
    await driver.post("faults", target="slack", operation="wss", kind="error", error="too_many_websockets")
    async with aiohttp.ClientSession() as session:
        for types in (["hello", "disconnect"], ["hello"]):
            async with session.ws_connect(driver.sandbox.slack.sockets.new_link()) as socket:
                assert [(await socket.receive_json())["type"] for _ in types] == types


async def test_check_of_the_certificate_is_sent_unsigned(driver: Driver) -> None:
    async with answered_with(driver.sandbox, 401, {}):
        assert await driver.post("delivery", ssl_check=True) == {"status": 401}


async def test_old_delivery_is_signed_as_of_then(
    driver: Driver, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "time", SimpleNamespace(time=lambda: 1_800_000_000.5, monotonic=time.monotonic))
    signed_at: list[int] = []

    async def answer(request: web.Request) -> web.Response:
        signed_at.append(int(request.headers["X-Slack-Request-Timestamp"]))
        return web.Response()

    application = web.Application()
    application.add_routes([web.post("/", answer)])
    async with TestServer(application) as bot:
        sandbox.slack.delivery.request_url = str(bot.make_url("/"))
        await driver.post("command", **COMMAND)
        await driver.post("delivery", again=True, age_seconds=600)
    assert signed_at == [1_800_000_000, 1_800_000_000 - 600]


async def leave(socket: aiohttp.ClientWebSocketResponse) -> None:
    message = await socket.receive_json()
    assert (message["type"], message["reason"]) == ("disconnect", "refresh_requested")
    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_click_in_an_ephemeral_message_is_sent_without_its_content(
    driver: Driver, socket: aiohttp.ClientWebSocketResponse
) -> None:
    said: dict[str, Any] = {"channel": "C0CAMPAIGNS", "user": "U0ALICE", "text": "x", "blocks": [button("b", "go")]}
    ts = (await driver.call("chat.postEphemeral", **said))["message_ts"]
    click = {"as_": "U0ALICE", "channel": "C0CAMPAIGNS", "ts": ts, "block_id": "b", "action_id": "go"}
    clicking = asyncio.create_task(driver.post("click", **click))
    envelope = await socket.receive_json()
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    assert await clicking == {"delivered": True}
    assert envelope["payload"]["container"]["is_ephemeral"] is True
    assert "message" not in envelope["payload"]


async def test_event_is_sent_only_to_subscribed_apps(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yml"
    manifest.write_text("features: {app_home: {home_tab_enabled: true}}", encoding="utf-8")
    async with running(manifest=manifest) as sandbox, client_of(sandbox) as client:
        opened = await Driver(sandbox, client).post("home", as_="U0ALICE")
        assert opened == {"delivered": False, "error": "not_subscribed"}
        assert sandbox.traffic.after() == []
