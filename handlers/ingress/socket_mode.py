"""Receive Slack's envelopes by Socket Mode, and validate them before Bolt. The connection authenticates Slack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from deletion.domain.errors import StartError
from handlers.ingress import payload
from handlers.ingress.rejection_log import RefusalLog
from slack_ui.parts.api_error import error_code


class SocketMode(AsyncSocketModeHandler):
    """Bolt's handler behind the same validation as HTTP. A rejected envelope gets no ack, like a 400 in HTTP mode."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        super().__init__(app, app_token)
        self._refusals = RefusalLog()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in Bolt
        try:
            req.payload = payload.read(req.payload)
        except payload.UnexpectedPayloadError as error:
            self._refusals.note("nothing that Slack sends", details=str(error))
            return
        await super().handle(client, req)


@asynccontextmanager
async def connected(app: AsyncApp, app_token: str) -> AsyncIterator[SocketMode]:
    """Receive Slack's envelopes for the duration of the block. Raises StartError if Slack rejects the token."""
    try:
        # Try the token first: with a bad one, the SDK's client retries without end and logs a traceback each time.
        await app.client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise StartError(f"SLACK_APP_TOKEN: Slack refuses it ({error_code(error)}).") from None
    connection = SocketMode(app, app_token)
    try:
        await connection.client.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
        yield connection
    finally:
        await connection.close_async()  # type: ignore[no-untyped-call]  # the same
