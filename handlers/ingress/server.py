"""The HTTP server: Slack's requests in HTTP mode, health checks and metrics in both modes."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from deletion.domain.errors import StartError
from handlers.ingress.http import BODY_LIMIT_BYTES

SHUTDOWN_TIMEOUT_SECONDS = 1.0


@asynccontextmanager
async def serving(routes: Iterable[web.RouteDef], host: str, port: int) -> AsyncIterator[None]:
    """Serve these routes for the duration of the block. Raises StartError if the address cannot be used."""
    server = web.Application(client_max_size=BODY_LIMIT_BYTES)
    server.add_routes(routes)
    # Compressed bodies are refused (handlers/ingress/http.py), so nothing may decompress one.
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT_SECONDS, auto_decompress=False)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise StartError(f"PORT: {host}:{port} cannot be used ({error.strerror}).") from None
        yield
    finally:
        await runner.cleanup()
