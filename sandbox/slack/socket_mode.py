"""Socket Mode: the server's side of docs.slack.dev/apis/events-api/using-socket-mode."""

import asyncio
import itertools
import json
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.faults import SOCKET, Fault, Faults, reset_connection
from sandbox.slack.clock import new_id
from sandbox.slack.seed import APP

HOST = "applink-sandbox"
HEARTBEAT_SECONDS = 9.0  # aiohttp rounds up to a whole second; some clients give up after ten without a ping


class Sockets:
    """The bot's open connections; envelopes go to them in turn."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._transports: list[asyncio.Transport | None] = []
        self._turn = itertools.count()
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.base_url = ""

    def __len__(self) -> int:
        return len(self._open)

    def new_link(self) -> str:
        """Return the address for apps.connections.open, valid for one connection."""
        ticket = new_id().lower()
        self._tickets.add(ticket)
        return f"{self.base_url.replace('http', 'ws', 1)}/link/{ticket}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection, from hello to its end."""
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            raise web.HTTPNotFound
        fault = self._faults.take("slack", SOCKET)
        if fault and fault.kind in ("reset", "delay"):
            return await _dropped(request, fault)
        self._tickets.discard(ticket)
        if fault and fault.kind == "status":
            return web.Response(status=fault.status)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        await socket.prepare(request)
        transport = request.transport
        self._open.append(socket)
        self._transports.append(transport)
        try:
            await socket.send_json(self._hello())
            if fault:
                await _end(socket, fault.error)
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self._open.remove(socket)
            self._transports.remove(transport)
        return socket

    async def send(self, kind: str, payload: dict[str, Any], timeout_seconds: float) -> dict[str, Any]:
        """Deliver one envelope and return the payload of its ack. Raises TimeoutError."""
        envelope_id = new_id()
        envelope = {
            "envelope_id": envelope_id, "type": kind, "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }  # fmt: skip
        answer = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._open[next(self._turn) % len(self._open)].send_json(envelope)
                return dict(await answer)
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str) -> None:
        """Tell every client to reconnect, as Slack does before it closes a connection."""
        for socket in tuple(self._open):
            await _end(socket, reason)

    def drop(self) -> None:
        """Break every connection without a close frame."""
        for transport in tuple(self._transports):
            if transport:
                transport.abort()

    async def close(self) -> None:
        for socket in tuple(self._open):
            await socket.close()

    def _hello(self) -> dict[str, Any]:
        debug = {"host": HOST, "build_number": 1, "approximate_connection_time": 18_060}
        return {
            "type": "hello", "num_connections": len(self._open), "debug_info": debug,
            "connection_info": {"app_id": APP},
        }  # fmt: skip

    def _acknowledged(self, ack: dict[str, Any]) -> None:
        answer = self._waiting.get(str(ack.get("envelope_id")))
        if answer is not None and not answer.done():
            answer.set_result(ack.get("payload") or {})


async def _dropped(request: web.Request, fault: Fault) -> web.Response:
    """Drop the handshake after ``delay_ms``, as a firewall does. The ticket stays valid."""
    await asyncio.sleep(fault.delay_ms / 1000)
    return reset_connection(request)


async def _end(socket: web.WebSocketResponse, reason: str) -> None:
    await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}})
    await socket.close()
