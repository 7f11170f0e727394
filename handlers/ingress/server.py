"""The HTTP server: health checks and metrics from the start of the process, Slack's requests once the bot is ready."""

import errno
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler

from deletion.domain.errors import StartError
from handlers.connection.health import Health
from handlers.ingress.http import BODY_LIMIT_BYTES, SLACK_PATH, health_routes

BOTH_FAMILIES = "::"  # IPv6 and IPv4
NOT_OF_THIS_MACHINE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
SHUTDOWN_TIMEOUT_SECONDS = 1.0


class Server:
    """Answers Slack with 503 while there is no handler for its requests, and with 404 if they come by Socket Mode."""

    def __init__(self, health: Health, *, serves_slack: bool) -> None:
        self._on_slack: Handler | None = None
        application = web.Application(client_max_size=BODY_LIMIT_BYTES)
        application.add_routes(health_routes(health))
        if serves_slack:
            application.add_routes([web.post(SLACK_PATH, self._dispatch)])
        # Compressed bodies are refused (handlers/ingress/http.py), so nothing may decompress one.
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT_SECONDS, auto_decompress=False
        )

    @asynccontextmanager
    async def serving(self, host: str, port: int) -> AsyncIterator[None]:
        """Serve for the duration of the block. Raises StartError if the address cannot be used."""
        await self._runner.setup()
        try:
            await self._listen(host, port)
            yield
        finally:
            await self._runner.cleanup()

    @asynccontextmanager
    async def receiving(self, on_slack: Handler) -> AsyncIterator[None]:
        """Pass Slack's requests to a handler for the duration of the block; then end what is under way, and close."""
        self._on_slack = on_slack
        try:
            yield
        finally:
            await self._runner.cleanup()

    async def _listen(self, host: str, port: int) -> None:
        try:
            if host == BOTH_FAMILIES and socket.has_dualstack_ipv6():
                # asyncio would listen to IPv6 alone.
                both = socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=True)
                await web.SockSite(self._runner, both).start()
            else:
                await web.TCPSite(self._runner, host, port).start()
        except (socket.gaierror, UnicodeError):
            raise StartError("HOST: expected an address of this machine, such as 127.0.0.1, 0.0.0.0 or ::.") from None
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else error.strerror
            name = "HOST" if error.errno in NOT_OF_THIS_MACHINE else "PORT"
            raise StartError(f"{name}: {host}:{port} cannot be used ({reason}).") from None

    async def _dispatch(self, request: web.Request) -> web.StreamResponse:
        return await self._on_slack(request) if self._on_slack else web.Response(status=503)
