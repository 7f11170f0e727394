"""The Slack client that every call goes through, and the Bolt app that acts with it."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import aiohttp
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from handlers.access.practice_client import PracticeClient
from handlers.access.slack_errors import SlackErrorCounter

# It has a level of its own (logs.py). Without one, slack_sdk formats its DEBUG lines, and logging drops them.
LOGGER = logging.getLogger("slack_sdk")
TIMEOUT_SECONDS = 10
RETRIES = 2


@asynccontextmanager
async def open_client(
    token: str,
    api_url: str,
    trace_configs: Sequence[aiohttp.TraceConfig] = (),
    *,
    proxy: str | None = None,
    practice: bool = False,
) -> AsyncIterator[AsyncWebClient]:
    """Open a client on one long-lived session; it retries rate limits, connection errors and server errors."""
    # The client's own timeout applies only to sessions that it makes itself (slack_sdk 3.48, async_internal_utils.py).
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, trace_configs=list(trace_configs)) as session:
        yield client_on(session, token, api_url, proxy, practice=practice)


def client_on(
    session: aiohttp.ClientSession, token: str, api_url: str, proxy: str | None = None, *, practice: bool = False
) -> AsyncWebClient:
    """Return a client that sends on this session, through this proxy or directly."""
    retries: list[AsyncRetryHandler] = [
        SlackErrorCounter(),
        AsyncConnectionErrorRetryHandler(max_retry_count=RETRIES),
        AsyncRateLimitErrorRetryHandler(max_retry_count=RETRIES),
        AsyncServerErrorRetryHandler(max_retry_count=RETRIES),
    ]
    kind = PracticeClient if practice else AsyncWebClient
    client = kind(token=token, base_url=api_url, session=session, retry_handlers=retries, logger=LOGGER)
    client.proxy = proxy  # the constructor replaces None by HTTPS_PROXY, and ignores NO_PROXY (slack_sdk 3.48)
    return client


def without_retries(client: AsyncWebClient) -> AsyncWebClient:
    """Return a client on the same session, for a caller that retries by itself."""
    alone = type(client)(
        token=client.token,
        base_url=client.base_url,
        session=client.session,
        retry_handlers=[SlackErrorCounter()],
        logger=LOGGER,
    )
    alone.proxy = client.proxy
    return alone


def bolt_app(client: AsyncWebClient, identity: AuthorizeResult) -> AsyncApp:
    """Return a Bolt app that acts as this one identity. Signatures are checked before Bolt, in handlers/ingress."""

    async def authorize() -> AuthorizeResult:
        return identity

    async def keep_client(context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]) -> None:
        context["client"] = client  # Bolt makes one for each request, without our proxy and without practice
        await next_()

    app = AsyncApp(
        name="campaign-delete",  # without one, Bolt inspects the whole call stack for it
        client=client,
        authorize=authorize,
        request_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
    app.use(keep_client)
    return app
