"""The Socket Mode surface: Slack's envelopes, read before Bolt sees them. Slack vouches for them by the connection."""

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers.ingress import payload
from handlers.ingress.rejection_log import RefusalLog


class SocketMode(AsyncSocketModeHandler):
    """Bolt's, behind the same check as HTTP. An envelope that is refused gets no ack, as Slack knows it from a 400."""

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
