"""Find out how far a call to Kore.ai gets: name, connection, TLS, clock, credentials, scope and app. Only reads."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from socket import gaierror
from ssl import SSLObject, cert_time_to_seconds
from typing import Literal

import httpx
from tenacity import wait_none

from kore_api.account import KoreAccount
from kore_api.client import KoreClient
from kore_api.endpoints import Endpoint
from kore_api.errors import KoreError
from kore_api.failures import failure_of
from kore_api.rate_limit import RateLimit
from kore_api.responses.http_date import seconds_until
from kore_api.send_trace import SendTrace, send_always
from kore_api.transport import OnResult, ignore_result

Generation = Literal["v1", "v2"]
READ_SECONDS = 8.0
_ROOT = Endpoint("answer at all", "GET", "/", {})


@dataclass(frozen=True)
class Reached:
    """The host answered, with any status. ``tls`` and ``expires_at`` are None for plain HTTP."""

    tls: str | None
    expires_at: datetime | None
    clock_ahead_seconds: float | None


class Probe:
    """Asks one account. Each method is one question."""

    def __init__(
        self,
        account: KoreAccount,
        http: httpx.AsyncClient,
        rate_limit: RateLimit,
        on_result: OnResult = ignore_result,
    ) -> None:
        self.account = account
        self._http = http
        self._rate_limit = rate_limit
        self._on_result = on_result

    @property
    def host(self) -> str:
        return httpx.URL(self.account.base_url).host

    async def resolve(self) -> list[str] | None:
        """Return the addresses of the host; None if the name does not resolve here (a proxy may resolve it)."""
        port = httpx.URL(self.account.base_url).port or 443
        try:
            found = await asyncio.get_running_loop().getaddrinfo(self.host, port)
        except (gaierror, UnicodeError):
            return None
        return sorted({str(address[0]) for *_, address in found})

    async def reach(self) -> Reached | KoreError:
        """Request the root of the host, without credentials. The cause of the error says how far that got."""
        trace = SendTrace(send_always)
        try:
            request = self._http.build_request(_ROOT.method, _ROOT.path, extensions={"trace": trace})
            await trace.hand_over()
            async with asyncio.timeout(READ_SECONDS):
                response = await self._http.send(request, stream=True, auth=None)
        except (httpx.HTTPError, TimeoutError) as error:
            return failure_of(_ROOT, error, trace)
        try:
            return _described(response)
        finally:
            await response.aclose()

    async def list_campaigns(self, generation: Generation) -> KoreError | None:
        """List one campaign in this generation of the API, and return the error if that fails."""
        account = self.account.model_copy(update={"api_version": generation})
        client = KoreClient(
            account,
            self._http,
            self._rate_limit,
            retry_wait=wait_none(),
            on_result=self._on_result,
            read_seconds=READ_SECONDS,
        )
        try:
            await client.list_page("sms", skip=0, page_size=1)
        except KoreError as error:
            return error
        return None


def _described(response: httpx.Response) -> Reached:
    stream = response.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream else None
    expires_at = None
    if isinstance(tls, SSLObject) and (certificate := tls.getpeercert()):
        expires_at = datetime.fromtimestamp(cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return Reached(tls.version() if tls else None, expires_at, _clock_ahead_seconds(response))


def _clock_ahead_seconds(response: httpx.Response) -> float | None:
    until = seconds_until(response.headers.get("Date", ""))
    return None if until is None else -until
