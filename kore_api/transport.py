"""Send one request to Kore.ai, or read with retries, within a total time-out.

Every failure becomes a KoreError whose ``may_have_happened`` is False only if the request certainly did not leave.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx
from prometheus_client import Histogram
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_base

from kore_api.causes import Cause
from kore_api.elapsed_time import elapsed_seconds
from kore_api.endpoints import Endpoint
from kore_api.errors import KoreError, KoreRateLimitError
from kore_api.failures import failure_of
from kore_api.rate_limit import RateLimit
from kore_api.responses.api_response import ApiResponse, parse_response, unreadable
from kore_api.responses.response_body import UnreadableBodyError, read_bounded
from kore_api.send_trace import BeforeSend, SendTrace, send_always

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
CALLS = Histogram(
    "campaign_delete_kore_call_seconds",
    "Calls to Kore.ai, with the wait for a slot",
    ["task", "result"],
    buckets=BUCKETS,
)
logger = logging.getLogger(__name__)

Value = TypeVar("Value")
Interpret = Callable[[Endpoint, ApiResponse], Value]
OnResult = Callable[[KoreError | None], Awaitable[None]]
READ_TRIES = 3
READ_SECONDS = 18.0  # total for a read, its retries and the pauses between them; callers allow 20
CALL_SECONDS = 25.0  # total for a request that is sent once: connecting, sending and reading the whole answer


@dataclass(frozen=True)
class Transport:
    """Sends endpoints, each try in a rate-limit slot of its own. ``wait`` is the pause between two tries of a read.

    ``reserve`` is the number of slots that must stay free for more important calls. ``on_result`` is called after each
    call with None, or with the error. ``interpret`` turns a confirmed response into the value; it may raise KoreError.
    """

    http: httpx.AsyncClient
    wait: wait_base
    rate_limit: RateLimit
    on_result: OnResult
    reserve: int = 0
    read_seconds: float = READ_SECONDS
    call_seconds: float = CALL_SECONDS

    async def read(self, endpoint: Endpoint, interpret: Interpret[Value]) -> Value:
        """Try up to three times within ``read_seconds``. A rate limit is not waited for; the caller decides that."""
        ends_at = time.monotonic() + self.read_seconds
        tries = AsyncRetrying(
            stop=stop_after_attempt(READ_TRIES) | stop_before_delay(self.read_seconds),
            wait=self.wait,
            retry=retry_if_exception(_deserves_another_try),
            reraise=True,
        )
        return await tries(self._read_until, ends_at, endpoint, interpret)

    async def once(
        self, endpoint: Endpoint, interpret: Interpret[Value], before_send: BeforeSend = send_always
    ) -> Value:
        """Send exactly one request, or none while the rate limit is used up.

        ``before_send`` runs once the slot is held, and again when the connection is open, right before the first byte
        is written; so it must be idempotent. If it raises, nothing is sent and its exception is passed on.

        Raises:
            KoreRateLimitError: with the seconds after which it may be tried again.
            KoreError: any other of its subclasses, unless Kore.ai says success.

        """
        return await self._call(endpoint, interpret, self.call_seconds, before_send)

    async def _read_until(self, ends_at: float, endpoint: Endpoint, interpret: Interpret[Value]) -> Value:
        return await self._call(endpoint, interpret, ends_at - time.monotonic(), send_always)

    async def _call(
        self, endpoint: Endpoint, interpret: Interpret[Value], seconds: float, before_send: BeforeSend
    ) -> Value:
        started = time.perf_counter()
        try:
            value = await self._attempt(endpoint, interpret, seconds, SendTrace(before_send))
        except KoreError as error:
            await self._report(endpoint, error, started)
            raise
        await self._report(endpoint, None, started)
        return value

    async def _attempt(
        self, endpoint: Endpoint, interpret: Interpret[Value], seconds: float, trace: SendTrace
    ) -> Value:
        try:
            return interpret(endpoint, await self._confirmed(endpoint, seconds, trace))
        except KoreError:
            raise
        except Exception as error:
            if error is trace.stopped_by:
                raise
            raise failure_of(endpoint, error, trace) from error

    async def _confirmed(self, endpoint: Endpoint, seconds: float, trace: SendTrace) -> ApiResponse:
        async with self.rate_limit.acquire(self.reserve):
            async with asyncio.timeout(seconds):
                response = await self._exchange(endpoint, trace)
            answered_at = elapsed_seconds()  # releasing the slot may take a moment
        try:
            return parse_response(endpoint, response, answered_at)
        except KoreRateLimitError as error:
            pause_seconds = await self.rate_limit.report_limited(error.retry_after_seconds)
            said = (error.sentence, error.kore_message, error.http_status, pause_seconds)
            raise KoreRateLimitError(*said, is_from_kore=error.is_from_kore) from None

    async def _exchange(self, endpoint: Endpoint, trace: SendTrace) -> httpx.Response:
        request = self.http.build_request(
            endpoint.method, endpoint.path, params=endpoint.params, json=endpoint.body, extensions={"trace": trace}
        )
        await trace.hand_over()
        response = await self.http.send(request, stream=True)
        try:
            return await read_bounded(response)
        except UnreadableBodyError as error:
            raise unreadable(endpoint, response.status_code, str(error)) from None
        finally:
            await response.aclose()

    async def _report(self, endpoint: Endpoint, error: KoreError | None, started: float) -> None:
        result = type(error).__name__ if error else "success"
        took_seconds = time.perf_counter() - started
        CALLS.labels(endpoint.task, result).observe(took_seconds)
        fields = {
            "task": endpoint.task,
            "campaign_id": endpoint.campaign_id,
            "result": result,
            "http_status": error.http_status if error else None,
            "duration_ms": round(took_seconds * 1000),
        }
        is_bug = error is not None and error.cause is Cause.UNEXPECTED
        logger.log(
            logging.ERROR if is_bug else logging.INFO,
            "Kore.ai call",
            extra={name: value for name, value in fields.items() if value is not None},
            exc_info=error if is_bug else None,
        )
        try:
            await self.on_result(error)
        except Exception:  # the result of the call must not get lost
            logger.exception("Recording the result of a Kore.ai call failed")


def _deserves_another_try(error: BaseException) -> bool:
    return isinstance(error, KoreError) and error.worth_retrying and not isinstance(error, KoreRateLimitError)


async def ignore_result(_: KoreError | None) -> None:
    """No-op callback."""
