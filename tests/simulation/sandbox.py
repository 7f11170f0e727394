"""The sandbox's Slack and Kore.ai in this process, and what people and tests do with them."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from multidict import CIMultiDict

from handlers.connection.health import Health
from handlers.ingress.http import health_routes
from sandbox.faults import Faults
from sandbox.kore.api import KoreSandbox
from sandbox.server import Sandbox, switches
from sandbox.slack.api import SlackSandbox
from sandbox.slack.interactions.delivery import Ack, encoded, signed_headers
from sandbox.traffic import Traffic
from tests.simulation.clock import true_time
from tests.simulation.local_http import LocalServer, body_of

URL = "http://127.0.0.1:9"  # loopback, as the settings demand; nothing is sent there
OK = range(200, 300)
Receive = Callable[[CIMultiDict[str], bytes], Awaitable[tuple[int, str, bytes]]]


class LocalSandbox:
    """``receive`` delivers to the bot: it returns status, content type and body, or raises as ``Post`` says."""

    def __init__(self, receive: Receive, faults: Faults, traffic: Traffic | None = None, scopes: str = "") -> None:
        self._receive = receive
        traffic = traffic or Traffic()
        slack = SlackSandbox(faults, traffic, post=self._post, more_scopes=scopes)
        slack.listen_at(URL)
        slack.delivery.request_url = f"{URL}/slack/events"
        self.parts = Sandbox(URL, slack, KoreSandbox(faults, traffic), faults, traffic)
        kore = self.parts.kore
        self.server = LocalServer(
            [*slack.routes(), *kore.routes(), *switches(slack, kore, faults, traffic), *health_routes(Health())]
        )

    def client(self) -> httpx.AsyncClient:
        """Return a client of the control API, for tests."""
        return httpx.AsyncClient(transport=ControlTransport(self.server), base_url=URL)

    async def _post(self, _url: str, kind: str, payload: dict[str, Any], age_seconds: int) -> Ack:
        content_type, body = encoded(kind, payload)
        headers = CIMultiDict({**signed_headers(body, int(true_time()) - age_seconds), "Content-Type": content_type})
        status, answered_type, answered = await self._receive(headers, body)
        text = answered.decode()
        if status not in OK:
            return Ack(error="dispatch_failed", status=status)
        if answered_type == "application/json" and text:
            return Ack(json.loads(text), status=status)
        return Ack({"text": text} if text else {}, status=status)


class ControlTransport(httpx.AsyncBaseTransport):
    """Calls the sandbox's control API at once."""

    def __init__(self, server: LocalServer) -> None:
        self._server = server

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        headers = CIMultiDict(request.headers.multi_items())
        answer = await self._server.answer(
            request.method, request.url.raw_path.decode(), headers, await request.aread()
        )
        return httpx.Response(answer.status, headers=list(answer.headers.items()), content=body_of(answer))
