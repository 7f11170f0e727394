"""Receive from Slack by Socket Mode or HTTP, and serve health checks and metrics by HTTP in both modes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from deletion.domain.errors import StartError
from handlers.ingress import socket_mode
from handlers.ingress.http import BODY_LIMIT_BYTES, health_routes, slack_routes

SHUTDOWN_TIMEOUT_SECONDS = 1.0


@asynccontextmanager
async def receiving(  # noqa: PLR0913 - one argument per setting
    app: AsyncApp,
    *,
    app_token: SecretStr | None,
    signing_secret: SecretStr | None,
    host: str,
    port: int,
    is_database_reachable: Callable[[], Awaitable[bool]],
) -> AsyncIterator[None]:
    """Receive and serve for the duration of the block: by Socket Mode if there is an app token, else by HTTP.

    Raises StartError if Slack rejects the token, or the address cannot be used.
    """
    async with AsyncExitStack() as stack:
        connection, routes = None, []
        if app_token:
            connected = socket_mode.connected(app, app_token.get_secret_value())
            connection = await stack.enter_async_context(connected)
        elif signing_secret:
            routes = slack_routes(app, signing_secret.get_secret_value())

        async def why_not_ready() -> str:
            if connection and not await connection.client.is_connected():
                return "Slack's socket is not connected"
            return "" if await is_database_reachable() else "the database does not answer"

        await stack.enter_async_context(_serving([*health_routes(why_not_ready), *routes], host, port))
        yield


@asynccontextmanager
async def _serving(routes: Iterable[web.RouteDef], host: str, port: int) -> AsyncIterator[None]:
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
