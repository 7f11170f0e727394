"""Ask Slack regularly whether it still accepts the bot token, which an administrator may revoke at any time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Self

from prometheus_client import Gauge
from slack_sdk.web.async_client import AsyncWebClient

from slack_ui.parts.api_error import SLACK_ERRORS, error_code, rejects_token

EVERY_SECONDS = 10.0  # docs.slack.dev/reference/methods/auth.test allows hundreds a minute
REJECTED = Gauge("campaign_delete_slack_token_rejected", "1 while Slack rejects the bot token, else 0")
log = logging.getLogger(__name__)


class TokenCheck:
    """Keeps the result of the last check. An error that does not blame the token changes nothing."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._code = ""
        REJECTED.set(0)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Check for the duration of the block."""
        checking = asyncio.create_task(self._check_regularly())
        try:
            yield self
        finally:
            checking.cancel()
            with suppress(asyncio.CancelledError):
                await checking

    async def check(self) -> None:
        """Ask Slack once."""
        code = ""
        try:
            await self._client.auth_test()
        except SLACK_ERRORS as error:
            if not rejects_token(error):
                return
            code = error_code(error)
        if code and code != self._code:
            log.error("Slack rejects the bot token", extra={"error": code})
        elif self._code and not code:
            log.info("Slack accepts the bot token again")
        self._code = code
        REJECTED.set(bool(code))

    async def why_not_ready(self) -> str:
        return f"Slack rejects the bot token ({self._code})" if self._code else ""

    async def _check_regularly(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.check()
            except Exception:  # the next check may succeed
                log.exception("Token check failed")
