"""The Slack client that every call goes through, and the bot's identity in its workspace."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.errors import StartError
from slack_ui.parts.api_error import SLACK_ERRORS, error_code

TIMEOUT_SECONDS = 10
RETRIES = 2
EMAIL_SCOPE = "users:read.email"
log = logging.getLogger(__name__)


@asynccontextmanager
async def open_client(token: str, api_url: str) -> AsyncIterator[AsyncWebClient]:
    """Open a client on one long-lived session; it retries rate limits, connection errors and server errors."""
    # The client's own timeout applies only to sessions that it makes itself (slack_sdk 3.47, async_internal_utils.py).
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)) as session:
        yield AsyncWebClient(
            token=token,
            base_url=api_url,
            session=session,
            retry_handlers=[
                AsyncConnectionErrorRetryHandler(max_retry_count=RETRIES),
                AsyncRateLimitErrorRetryHandler(max_retry_count=RETRIES),
                AsyncServerErrorRetryHandler(max_retry_count=RETRIES),
            ],
        )


async def identify(client: AsyncWebClient, *, requires_email: bool) -> AuthorizeResult:
    """Return the bot's identity (``auth.test``). Raises StartError if Slack rejects the token or cannot be reached.

    Without the scope for email addresses, no approval can count where they are required: the log says so.
    """
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise StartError(f"SLACK_BOT_TOKEN: Slack refuses it ({error_code(error)}).") from None
    except SLACK_ERRORS as error:
        raise StartError(f"SLACK_API_URL: Slack cannot be reached ({error_code(error)}).") from None
    granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")} - {""}
    if requires_email and granted and EMAIL_SCOPE not in granted:
        log.warning("Slack scope missing: no approval counts (REQUIRE_VERIFIED_EMAIL)", extra={"scope": EMAIL_SCOPE})
    return AuthorizeResult.from_auth_test_response(bot_token=client.token, auth_test_response=answer)


def bolt_app(client: AsyncWebClient, identity: AuthorizeResult) -> AsyncApp:
    """Return a Bolt app that acts as this one identity. Signatures are checked before Bolt, in handlers/ingress."""

    async def authorize() -> AuthorizeResult:
        return identity

    bolt_log = logging.getLogger("slack_bolt")
    return AsyncApp(client=client, authorize=authorize, request_verification_enabled=False, logger=bolt_log)
