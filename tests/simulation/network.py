"""The network between a replica and the sandbox: each call crosses it twice, and the server's side outlives a caller.

The bot's own clients run on it unchanged: httpx for Kore.ai, and slack_sdk with its retries for Slack.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import httpx
from aiohttp import web
from multidict import CIMultiDict

from tests.simulation.local_http import DroppedError, LocalServer, body_of
from tests.simulation.process import in_the_world

Travel = Callable[[str, str, bool], Awaitable[None]]  # method, path, is it the answer: waits, or raises DroppedError


async def without_delay(_method: str, _path: str, _is_answer: bool) -> None:
    """No-op: latency is the sandbox's."""


class Network:
    """Carries calls to one server. ``travel`` delays or loses what crosses it."""

    def __init__(self, server: LocalServer, travel: Travel = without_delay) -> None:
        self._server = server
        self._travel = travel

    async def call(self, method: str, path_qs: str, headers: CIMultiDict[str], body: bytes) -> web.Response:
        """Return the response. The request arrives even if the caller stops waiting. Raises DroppedError."""
        answered: asyncio.Future[web.Response] = asyncio.get_running_loop().create_future()
        in_the_world(self._cross(answered, method, path_qs, headers, body))
        return await answered

    async def _cross(
        self,
        answered: asyncio.Future[web.Response],
        method: str,
        path_qs: str,
        headers: CIMultiDict[str],
        body: bytes,
    ) -> None:
        try:
            await self._travel(method, path_qs, False)
            response = await self.serve(method, path_qs, headers, body)
            await self._travel(method, path_qs, True)
        except Exception as error:  # noqa: BLE001 - it belongs to the caller
            if not answered.done():
                answered.set_exception(error)
            return
        if not answered.done():
            answered.set_result(response)

    async def serve(self, method: str, path_qs: str, headers: CIMultiDict[str], body: bytes) -> web.Response:
        """Return the server's response at the moment of its arrival there."""
        return await self._server.answer(method, path_qs, headers, body)


class HttpxTransport(httpx.AsyncBaseTransport):
    """For the Kore.ai client. It reports the step of sending, as httpcore does, so that ``before_send`` runs."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        if trace := request.extensions.get("trace"):
            await trace("http11.send_request_headers.started", {"request": None})
        timeout = request.extensions.get("timeout", {}).get("read")
        headers = CIMultiDict(request.headers.multi_items())
        try:
            async with asyncio.timeout(timeout):
                answer = await self._network.call(request.method, request.url.raw_path.decode(), headers, body)
        except DroppedError:
            raise httpx.ReadError("dropped", request=request) from None
        except TimeoutError:
            raise httpx.ReadTimeout("timed out", request=request) from None
        return httpx.Response(
            answer.status, headers=list(answer.headers.items()), stream=httpx.ByteStream(body_of(answer))
        )


class SlackSession:
    """In the place of the aiohttp session that slack_sdk sends on."""

    closed = False

    def __init__(self, network: Network, timeout_seconds: float) -> None:
        self._network = network
        self._timeout_seconds = timeout_seconds

    def request(self, method: str, url: str, **arguments: Any) -> "SlackCall":
        return SlackCall(self._network, self._timeout_seconds, method, url, arguments)


class SlackCall:
    """One call, used as ``async with session.request(…) as response``."""

    def __init__(self, network: Network, timeout_seconds: float, method: str, url: str, given: dict[str, Any]) -> None:
        self._network = network
        self._timeout_seconds = timeout_seconds
        self._method = method
        self._url = url
        self._given = given

    async def __aenter__(self) -> "SlackResponse":
        body, content_type = _encoded(self._given)
        headers = CIMultiDict({name: str(value) for name, value in (self._given.get("headers") or {}).items()})
        headers["Content-Type"] = content_type
        address = urlsplit(self._url)
        query = urlencode(_plain(self._given.get("params") or {}))
        path = address.path + (f"?{query}" if query else "")
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await self._network.call(self._method, path, headers, body)
        except DroppedError:
            raise aiohttp.ServerDisconnectedError from None
        return SlackResponse(answer)

    async def __aexit__(self, *_: object) -> None:
        """Do nothing: there is no connection."""


class SlackResponse:
    """As much of aiohttp's response as slack_sdk reads."""

    def __init__(self, answer: web.Response) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.content_type = answer.content_type
        self._body = body_of(answer)

    async def json(self) -> Any:
        return json.loads(self._body)

    async def text(self) -> str:
        return self._body.decode()

    async def read(self) -> bytes:
        return self._body


def _encoded(given: dict[str, Any]) -> tuple[bytes, str]:
    if given.get("json") is not None:
        return json.dumps(given["json"]).encode(), "application/json"
    data = given.get("data")
    if isinstance(data, str | bytes):
        return (data.encode() if isinstance(data, str) else data), "application/json"
    return urlencode(_plain(data or {})).encode(), "application/x-www-form-urlencoded"


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
