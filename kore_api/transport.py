"""Makes one call, or reads with patience. The only place that sends, and the only one that retries."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_base

from kore_api.endpoints import Endpoint
from kore_api.errors import KoreError, KoreNoAnswerError, KoreRateLimitError, KoreUnreachableError
from kore_api.rate_limit import RateLimit
from kore_api.responses import ApiResponse, parse_response

logger = logging.getLogger(__name__)

OnResult = Callable[[KoreError | None], Awaitable[None]]
READ_TRIES = 3
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True)
class Transport:
    """Sends endpoints, each try in a place of its own. ``wait`` is the pause between two tries of a read.

    ``reserve`` is the number of calls of this minute that must stay free for more important work. ``on_result`` is
    called after each call with None, or with the error.
    """

    http: httpx.AsyncClient
    wait: wait_base
    rate_limit: RateLimit
    on_result: OnResult
    reserve: int = 0

    async def read(self, endpoint: Endpoint) -> ApiResponse:
        """Up to three tries. A rate limit is not waited for: whoever asked knows how long that makes sense."""
        tries = AsyncRetrying(
            stop=stop_after_attempt(READ_TRIES),
            wait=self.wait,
            retry=retry_if_exception(_deserves_another_try),
            reraise=True,
        )
        return await tries(self.once, endpoint)

    async def once(self, endpoint: Endpoint) -> ApiResponse:
        """Send exactly one request, or none while this minute is used up.

        Raises:
            KoreRateLimitError: with the seconds after which it may be tried again.
            KoreError: any other of its subclasses, unless Kore.ai says success.

        """
        try:
            answer = await self._send_and_read(endpoint)
        except KoreError as error:
            await self.on_result(error)
            raise
        await self.on_result(None)
        return answer

    async def _send_and_read(self, endpoint: Endpoint) -> ApiResponse:
        response = await self._in_a_place(endpoint)
        try:
            return parse_response(endpoint, response)
        except KoreRateLimitError as error:
            seconds = await self.rate_limit.report_limited(error.retry_after_seconds)
            raise KoreRateLimitError(error.sentence, error.kore_message, error.http_status, seconds) from None

    async def _in_a_place(self, endpoint: Endpoint) -> httpx.Response:
        started = time.perf_counter()
        outcome: int | str = "nothing"
        try:
            async with self.rate_limit.acquire(self.reserve):
                response = await self._send(endpoint)
            outcome = response.status_code
        except KoreError as error:
            outcome = type(error).__name__
            raise
        finally:
            took_ms = round((time.perf_counter() - started) * 1000)
            logger.info("Kore.ai: %s: %s in %d ms", endpoint.task, outcome, took_ms)
        return response

    async def _send(self, endpoint: Endpoint) -> httpx.Response:
        try:
            return await self.http.request(
                endpoint.method,
                endpoint.path,
                params=endpoint.params,
                json=endpoint.body,
            )
        except _NEVER_SENT as cause:
            sentence = f"Kore.ai could not be reached to {endpoint.task}."
            raise KoreUnreachableError(sentence) from cause
        except httpx.RequestError as cause:
            sentence = f"Kore.ai was asked to {endpoint.task} and gave no answer."
            raise KoreNoAnswerError(sentence) from cause


def _deserves_another_try(error: BaseException) -> bool:
    return isinstance(error, KoreError) and error.worth_retrying and not isinstance(error, KoreRateLimitError)


async def ignore_result(_: KoreError | None) -> None:
    """No-op callback."""
