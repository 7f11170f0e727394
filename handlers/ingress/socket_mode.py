"""Receive Slack's envelopes by Socket Mode, and validate them before Bolt. The connection authenticates Slack."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers.connection.health import Health
from handlers.connection.identity import until_answered
from handlers.connection.socket_connection import SocketConnection
from handlers.ingress import payload
from handlers.ingress.rejection_log import RejectionLog

log = logging.getLogger(__name__)


class SocketMode:
    """Bolt behind the same validation as HTTP. A rejected envelope gets no ack, like a 400 in HTTP mode."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self._refusals = RejectionLog()

    async def handle(self, client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        began = time.time()
        try:
            envelope.payload = payload.read(envelope.payload)
        except payload.UnexpectedPayloadError as error:
            self._refusals.note("nothing that Slack sends", details=str(error))
            return
        answer = await run_async_bolt_app(self._app, envelope)
        try:
            await send_async_response(client, envelope, answer, began)
        except ConnectionError as error:
            log.warning("Ack not sent", extra={"error": type(error).__name__})


@asynccontextmanager
async def connected(app: AsyncApp, app_token: str, health: Health) -> AsyncIterator[None]:
    """Keep a connection for the duration of the block. It may not be open yet when the block begins.

    Raises StartError if Slack rejects the token.
    """
    await until_answered("SLACK_APP_TOKEN", partial(app.client.apps_connections_open, app_token=app_token), health)
    connection = SocketConnection(app_token, app.client)
    health.needs(connection.why_not_ready)
    health.lives_by(connection.why_restart)
    connection.socket_mode_request_listeners.append(SocketMode(app).handle)
    keeping = asyncio.create_task(connection.keep_connected())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        await connection.close()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
