"""Clients of the sandbox Kore.ai over a real port, in both API versions, and of prepared responses."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from tenacity import wait_none

from kore_api.account import KoreAccount
from kore_api.auth import KoreAuth
from kore_api.client import KoreClient, open_client
from kore_api.elapsed_time import elapsed_seconds
from kore_api.errors import KoreThrottledError
from sandbox.faults import Fault, Faults, Kind
from sandbox.kore.api import KoreSandbox
from sandbox.traffic import Traffic
from tests.kore_api.samples import ACCOUNT_ID, APP_ID

Version = Literal["v1", "v2"]
Answering = Callable[..., tuple[KoreClient, list[httpx.Request]]]
DEFAULT_PAUSE_SECONDS = 21.0
AUTH = KoreAuth("cs-sandbox", SecretStr("sandbox-client-secret-of-32-bytes-and-more"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["v1", "v2"])
def version(request: pytest.FixtureRequest) -> Version:
    return "v2" if request.param == "v2" else "v1"


@dataclass
class FakeRateLimit:
    """Admits every call, unless it is closed, and records what was asked for."""

    closed_for_seconds: float | None = None
    reserves: list[int] = field(default_factory=list)
    held: int = 0
    reported: list[float | None] = field(default_factory=list)
    released_at: float = 0.0  # by elapsed_seconds()

    @asynccontextmanager
    async def acquire(self, reserve: int) -> AsyncIterator[None]:
        self.reserves.append(reserve)
        if self.closed_for_seconds is not None:
            raise KoreThrottledError("No slot.", retry_after_seconds=self.closed_for_seconds)
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1
            self.released_at = elapsed_seconds()

    async def report_limited(self, retry_after_seconds: float | None) -> float:
        self.reported.append(retry_after_seconds)
        return DEFAULT_PAUSE_SECONDS if retry_after_seconds is None else retry_after_seconds


@dataclass
class World:
    """The sandbox, and a client that talks to it over HTTP."""

    account: KoreAccount
    kore: KoreSandbox
    client: KoreClient
    faults: Faults
    traffic: Traffic
    rate_limit: FakeRateLimit

    def fault(self, operation: str, kind: Kind, **details: Any) -> None:
        self.faults.add(Fault("kore", operation, kind, **details))

    def calls(self, operation: str) -> int:
        return sum(exchange["what"] == operation for exchange in self.traffic.after())


@pytest.fixture
async def world(version: Version) -> AsyncIterator[World]:
    faults, traffic = Faults(latency_ms=0), Traffic()
    kore = KoreSandbox(faults, traffic)
    app = web.Application()
    app.add_routes(kore.routes())
    async with TestServer(app) as server:
        account = KoreAccount(
            base_url=str(server.make_url("/")), app_id=APP_ID, account_id=ACCOUNT_ID, api_version=version
        )
        async with open_client(account, AUTH) as http:
            rate_limit = FakeRateLimit()
            client = KoreClient(account, http, rate_limit, retry_wait=wait_none())
            yield World(account, kore, client, faults, traffic, rate_limit)


class StreamedReplies(httpx.MockTransport):
    """Streams the prepared responses, as a network transport does."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        reply = await super().handle_async_request(request)
        return httpx.Response(reply.status_code, headers=reply.headers, stream=httpx.ByteStream(reply.content))


@pytest.fixture
async def answering(version: Version) -> AsyncIterator[Answering]:
    """Make a client whose requests get these responses in turn; the last one repeats."""
    opened: list[httpx.AsyncClient] = []

    def make(*answers: httpx.Response | Exception) -> tuple[KoreClient, list[httpx.Request]]:
        sent: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            given = answers[min(len(sent), len(answers)) - 1]
            if isinstance(given, Exception):
                raise given
            return given

        account = KoreAccount(base_url="platform.kore.ai", app_id=APP_ID, account_id=ACCOUNT_ID, api_version=version)
        http = open_client(account, AUTH, transport=StreamedReplies(answer))
        opened.append(http)
        return KoreClient(account, http, FakeRateLimit(), retry_wait=wait_none()), sent

    yield make
    for http in opened:
        await http.aclose()
