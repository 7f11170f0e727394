"""Keep one Socket Mode connection to Slack (docs.slack.dev/apis/events-api/using-socket-mode)."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from math import nan
from typing import Any

import aiohttp
from prometheus_client import Counter, Gauge
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from tenacity import AsyncRetrying, RetryCallState, wait_random_exponential

from slack_ui.parts.api_error import SLACK_ERRORS, error_code

PING_SECONDS = 10.0
OPENED_WITHIN_SECONDS = 10.0
CLOSED_WITHIN_SECONDS = 1.0
LASTING_SECONDS = 10.0  # a connection that Slack ends sooner counts as a failed attempt
LONGEST_PAUSE_SECONDS = 10.0
RESTART_AFTER_SECONDS = 120.0
FAILED = Counter("campaign_delete_slack_connection_failures", "Socket Mode connections that failed or ended at once")
CONNECTED = Gauge("campaign_delete_slack_connected", "1 while Slack's socket is connected, else 0 (Socket Mode)")
CONNECTED.set(nan)  # in HTTP mode there is no socket
log = logging.getLogger(__name__)


class EndedError(Exception):
    """Slack ended the connection at once; ``str()`` is its reason."""


class SocketConnection(SocketModeClient):
    """The SDK's client, which queues envelopes and sends acks, with a connection loop of its own.

    The SDK's loop (3.48) repeats an address that Slack issued until it connects, although the address expires, and
    reconnects without backoff when Slack ends each connection at once (too_many_websockets).
    """

    def __init__(
        self,
        app_token: str,
        web_client: AsyncWebClient,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        # SDK warnings may contain payloads (logs.py).
        super().__init__(app_token, logging.getLogger("slack_bolt"), web_client, auto_reconnect_enabled=False)
        self._sleep = sleep
        self._clock = clock
        self._opened_at = self._down_since = clock()
        self._is_address_issued = False
        self._trouble = "not connected yet"

    async def keep_connected(self) -> None:
        """Connect, and connect again whenever a connection ends. Runs until it is cancelled."""
        CONNECTED.set(0)
        # Full jitter, so that replicas that lost Slack together do not come back together.
        pauses = wait_random_exponential(max=LONGEST_PAUSE_SECONDS)
        async with self.connect_operation_lock:  # an ack that cannot be sent waits for it (SDK, send_message)
            while True:
                await AsyncRetrying(wait=pauses, sleep=self._sleep, before_sleep=self._note_failure)(self._connection)

    async def why_not_ready(self) -> str:
        return "" if await self.is_connected() else f"Slack's socket is not connected ({self._trouble})"

    async def why_restart(self) -> str:
        """Return a reason if the connection has been down for long, although Slack's Web API issues addresses for it.

        A restart may help then. While the Web API is down, it would not.
        """
        if self._is_address_issued and (down_seconds := await self._down_seconds()) > RESTART_AFTER_SECONDS:
            return f"Slack's socket has been down for {down_seconds:.0f} s ({self._trouble}), and its Web API answers"
        return ""

    async def _down_seconds(self) -> float:
        is_lasting = await self.is_connected() and self._clock() - self._opened_at >= LASTING_SECONDS
        return 0.0 if is_lasting else self._clock() - self._down_since

    async def _connection(self) -> None:
        """Hold one connection, at a new address, until it ends. Raises an error if it fails or ends at once."""
        async with await self._open() as session:
            self.current_session, self._opened_at = session, self._clock()
            self.connect_operation_lock.release()
            CONNECTED.set(1)
            try:
                self._trouble = await self._receive(session)
            finally:
                CONNECTED.set(0)
                await self.connect_operation_lock.acquire()
        ended_at = self._clock()
        if ended_at - self._opened_at < LASTING_SECONDS:
            raise EndedError(self._trouble)
        self._down_since = ended_at
        log.info("Slack connection ended", extra={"reason": self._trouble})

    async def _open(self) -> aiohttp.ClientWebSocketResponse:
        try:
            answer = await self.web_client.apps_connections_open(app_token=self.app_token)
        except Exception:
            self._is_address_issued = False
            raise
        self._is_address_issued = True
        async with asyncio.timeout(OPENED_WITHIN_SECONDS):
            return await self.aiohttp_client_session.ws_connect(
                answer["url"],
                heartbeat=PING_SECONDS,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSED_WITHIN_SECONDS),
                proxy=self.web_client.proxy,
                ssl=self.web_client.ssl or True,
            )

    async def _receive(self, session: aiohttp.ClientWebSocketResponse) -> str:
        """Queue envelopes until the connection ends, and return why it did."""
        async for message in session:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            match _read(message.data):
                case {"type": "hello", "num_connections": count}:
                    log.info("Slack connected", extra={"connections": count})
                case {"type": "disconnect", "reason": reason}:
                    return str(reason)
                case _:
                    await self.enqueue_message(message.data)
        error = session.exception()
        return error_code(error) if isinstance(error, Exception) else f"closed with code {session.close_code}"

    def _note_failure(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, Exception):
            return
        self._trouble = str(error) if isinstance(error, EndedError) else error_code(error)
        FAILED.inc()
        log.warning(
            "Slack connection failed",
            extra={
                "error": self._trouble,
                "attempt": state.attempt_number,
                "retry_in_seconds": round(state.upcoming_sleep, 1),
            },
            exc_info=None if isinstance(error, (EndedError, *SLACK_ERRORS)) else error,
        )


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
