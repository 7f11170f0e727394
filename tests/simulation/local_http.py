"""The sandbox's routes called in this process: no socket, but a network that can be slow."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web
from multidict import CIMultiDict

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class DroppedError(Exception):
    """The server closed the connection without an answer."""


@dataclass
class LocalTransport:
    """In the place of a socket: the sandbox aborts it to drop a connection."""

    is_aborted: bool = False

    def abort(self) -> None:
        self.is_aborted = True


@dataclass
class LocalRequest:
    """As much of aiohttp's request as the sandbox's handlers use."""

    method: str
    path_qs: str
    headers: CIMultiDict[str]
    body: bytes
    match_info: dict[str, str]
    transport: LocalTransport = field(default_factory=LocalTransport)

    @property
    def path(self) -> str:
        return urlsplit(self.path_qs).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path_qs).query, keep_blank_values=True))

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "application/octet-stream").partition(";")[0]

    @property
    def can_read_body(self) -> bool:
        return bool(self.body)

    @property
    def content_length(self) -> int:
        return len(self.body)

    async def read(self) -> bytes:
        return self.body

    async def text(self) -> str:
        return self.body.decode()

    async def json(self) -> Any:
        return json.loads(self.body)

    async def post(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class LocalServer:
    """Finds the handler of a request among aiohttp's route definitions."""

    def __init__(self, routes: Iterable[web.RouteDef]) -> None:
        self._exact: dict[tuple[str, str], Handler] = {}
        self._patterns: list[tuple[str, re.Pattern[str], Handler]] = []
        for route in routes:
            if "{" in route.path:
                self._patterns.append((route.method, _pattern(route.path), cast("Handler", route.handler)))
            else:
                self._exact[route.method, route.path] = cast("Handler", route.handler)

    async def answer(self, method: str, path_qs: str, headers: CIMultiDict[str], body: bytes) -> web.Response:
        """Return the handler's response. Raises DroppedError."""
        handler, found = self._find(method, urlsplit(path_qs).path)
        if handler is None:
            return web.Response(status=404, text=f"{method} {path_qs}")
        request = LocalRequest(method, path_qs, headers, body, found)
        response = await handler(cast("web.Request", request))
        if request.transport.is_aborted:
            raise DroppedError
        return cast("web.Response", response)

    def _find(self, method: str, path: str) -> tuple[Handler | None, dict[str, str]]:
        if handler := self._exact.get((method, path)):
            return handler, {}
        for wanted, pattern, handler in self._patterns:
            if wanted in (method, "*") and (found := pattern.fullmatch(path)):
                return handler, found.groupdict()
        return None, {}


def _pattern(path: str) -> re.Pattern[str]:
    """Translate aiohttp's ``{name}`` and ``{name:pattern}``."""
    parts = re.split(r"\{(\w+)(?::([^{}]*))?\}", path)
    text = re.escape(parts[0])
    for name, pattern, literal in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        text += f"(?P<{name}>{pattern or '[^/]+'}){re.escape(literal)}"
    return re.compile(text)


def body_of(response: web.Response) -> bytes:
    """Return the body; aiohttp keeps a text that was given as ``body`` in an object of its own."""
    return response.body if isinstance(response.body, bytes) else (response.text or "").encode()
