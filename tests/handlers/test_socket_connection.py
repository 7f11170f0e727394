"""The Socket Mode connection comes back by itself, at a new address, and says why it is down."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from handlers.connection.socket_connection import LASTING_SECONDS, RESTART_AFTER_SECONDS, SocketConnection
from sandbox.faults import Fault
from sandbox.server import Sandbox, running
from tests.stories.person import eventually

WITHIN_SECONDS = 60


@dataclass
class Pauses:
    """Virtual time: a pause ends at once and moves the clock."""

    now: float = 1_000.0
    lengths: list[float] = field(default_factory=list)
    happened: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.lengths.append(seconds)
        async with self.happened:
            self.happened.notify_all()

    async def until(self, count: int) -> None:
        """Wait for the nth pause."""
        async with asyncio.timeout(WITHIN_SECONDS), self.happened:
            await self.happened.wait_for(lambda: len(self.lengths) >= count)

    async def pass_by(self, seconds: float) -> None:
        """Wait until so much time has passed in pauses."""
        then = self.now + seconds
        async with asyncio.timeout(WITHIN_SECONDS), self.happened:
            await self.happened.wait_for(lambda: self.now >= then)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running(latency_ms=0) as sandbox:
        yield sandbox


@pytest.fixture
async def connection(sandbox: Sandbox, pauses: Pauses) -> AsyncIterator[SocketConnection]:
    async with connecting(sandbox, pauses) as connection:
        yield connection


@asynccontextmanager
async def connecting(sandbox: Sandbox, pauses: Pauses) -> AsyncIterator[SocketConnection]:
    slack = AsyncWebClient(base_url=f"{sandbox.url}/api/", retry_handlers=[])
    connection = SocketConnection("xapp-sandbox", slack, sleep=pauses.sleep, clock=lambda: pauses.now)
    keeping = asyncio.create_task(connection.keep_connected())
    try:
        yield connection
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        await connection.close()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped


async def connected(connection: SocketConnection) -> None:
    await eventually(connection.is_connected, "the connection is open")


def issued(sandbox: Sandbox) -> int:
    """Return how many addresses Slack has issued."""
    return sum(exchange["what"] == "apps.connections.open" for exchange in sandbox.traffic.after(0))


async def test_envelope_is_acked_on_the_connection(sandbox: Sandbox, connection: SocketConnection) -> None:
    async def handle(client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        answer = SocketModeResponse(envelope_id=envelope.envelope_id, payload={"text": envelope.payload["text"]})
        await client.send_socket_mode_response(answer)

    connection.socket_mode_request_listeners.append(handle)
    await connected(connection)
    assert await sandbox.slack.sockets.send("slash_commands", {"text": "hello"}, WITHIN_SECONDS) == {"text": "hello"}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("slack", "wss", "status", status=503, times=4), "HTTP 503"),
        (Fault("slack", "wss", "reset", times=8), "ServerDisconnectedError"),
        (Fault("slack", "wss", "error", error="too_many_websockets", times=4), "too_many_websockets"),
        (Fault("slack", "wss", "error", error="link_disabled", times=4), "link_disabled"),
        (Fault("slack", "apps.connections.open", "error", error="internal_error", times=4), "internal_error"),
        (Fault("slack", "apps.connections.open", "html", status=503, times=4), "HTTP 503"),
    ],
)
async def test_each_attempt_has_a_new_address_a_longer_pause_and_its_reason_in_the_log(
    sandbox: Sandbox, pauses: Pauses, caplog: pytest.LogCaptureFixture, fault: Fault, reason: str
) -> None:
    caplog.set_level(logging.INFO, "handlers.connection.socket_connection")
    sandbox.faults.add(fault)
    async with connecting(sandbox, pauses) as connection:
        await pauses.until(4)
        await connected(connection)
        assert await connection.why_not_ready() == ""
    assert issued(sandbox) == 5
    assert all(0 <= pause <= 2**number for number, pause in enumerate(pauses.lengths))
    failures = [record for record in caplog.records if record.getMessage() == "Slack connection failed"]
    assert [vars(record)["error"] for record in failures] == [reason] * 4
    assert [vars(record)["attempt"] for record in failures] == [1, 2, 3, 4]
    assert not any(record.exc_info for record in failures)


async def test_slack_that_ends_each_connection_at_once_is_asked_less_and_less_often(
    sandbox: Sandbox, pauses: Pauses
) -> None:
    sandbox.faults.add(Fault("slack", "wss", "error", error="too_many_websockets", times=None))
    async with connecting(sandbox, pauses):
        await pauses.until(100)
    seconds, calls = pauses.now - 1_000.0, issued(sandbox)
    assert calls <= 101
    assert seconds / calls > 3
    assert max(pauses.lengths) <= 10


@pytest.mark.parametrize("kind", [{"disconnect": "refresh_requested"}, {"disconnect": "warning"}, {"drop": True}])
async def test_lasting_connection_is_replaced_without_a_pause(
    sandbox: Sandbox, pauses: Pauses, connection: SocketConnection, kind: dict[str, Any]
) -> None:
    await connected(connection)
    first = connection.current_session
    pauses.now += LASTING_SECONDS
    if "drop" in kind:
        sandbox.slack.sockets.drop()
    else:
        await sandbox.slack.sockets.disconnect(kind["disconnect"])

    async def is_replaced() -> bool:
        return connection.current_session is not first and await connection.is_connected()

    await eventually(is_replaced, "a new connection")
    assert pauses.lengths == []
    assert issued(sandbox) == 2


@pytest.mark.parametrize("failures", [0, 3])
async def test_ack_of_a_listener_that_outlives_its_connection_is_sent_on_the_next_one(
    sandbox: Sandbox, pauses: Pauses, connection: SocketConnection, failures: int
) -> None:
    is_disconnected = asyncio.Event()

    async def handle(client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        await is_disconnected.wait()
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=envelope.envelope_id))

    connection.socket_mode_request_listeners.append(handle)
    await connected(connection)
    pauses.now += LASTING_SECONDS
    sending = asyncio.create_task(sandbox.slack.sockets.send("slash_commands", {}, WITHIN_SECONDS))
    await asyncio.sleep(0)
    if failures:
        sandbox.faults.add(Fault("slack", "wss", "status", status=503, times=failures))
    await sandbox.slack.sockets.disconnect("refresh_requested")
    is_disconnected.set()
    assert await sending == {}
    assert len(pauses.lengths) == failures


async def test_restart_is_asked_for_after_two_minutes_only_while_the_web_api_answers(
    sandbox: Sandbox, pauses: Pauses
) -> None:
    sandbox.faults.add(Fault("slack", "apps.connections.open", "status", status=503, times=None))
    async with connecting(sandbox, pauses) as connection:
        await pauses.pass_by(RESTART_AFTER_SECONDS)
        assert await connection.why_not_ready() == "Slack's socket is not connected (internal_error)"
        assert await connection.why_restart() == ""
        sandbox.faults.clear()
        sandbox.faults.add(Fault("slack", "wss", "status", status=503, times=None))
        await pauses.until(len(pauses.lengths) + 2)
        assert await connection.why_not_ready() == "Slack's socket is not connected (HTTP 503)"
        assert "(HTTP 503), and its Web API answers" in await connection.why_restart()
        sandbox.faults.clear()
        await connected(connection)
        pauses.now += LASTING_SECONDS
        assert await connection.why_restart() == ""


async def test_connection_that_never_lasts_asks_for_a_restart(sandbox: Sandbox, pauses: Pauses) -> None:
    sandbox.faults.add(Fault("slack", "wss", "error", error="too_many_websockets", times=None))
    async with connecting(sandbox, pauses) as connection:
        await pauses.pass_by(RESTART_AFTER_SECONDS / 2)
        assert await connection.why_restart() == ""
        await pauses.pass_by(RESTART_AFTER_SECONDS / 2)
        assert "too_many_websockets" in await connection.why_restart()
