"""A client on a real port of the fake Kore.ai, in both generations, and one for answers no server of ours gives."""

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
from kore_api.errors import KoreThrottledError
from sandbox.faults import Fault, Faults, Kind
from sandbox.kore.api import KoreSandbox
from sandbox.traffic import Traffic
from tests.kore_api.samples import ACCOUNT_ID, APP_ID

Version = Literal["v1", "v2"]
Answering = Callable[..., tuple[KoreClient, list[httpx.Request]]]
UNTOLD_SECONDS = 21.0
AUTH = KoreAuth("cs-sandbox", SecretStr("sandbox-client-secret-of-32-bytes-and-more"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["v1", "v2"])
def version(request: pytest.FixtureRequest) -> Version:
    return "v2" if request.param == "v2" else "v1"


@dataclass
class Door:
    """Lets everybody in, unless it is shut, and remembers what it was asked."""

    shut_for_seconds: float | None = None
    left_free: list[int] = field(default_factory=list)
    inside: int = 0
    told: list[float | None] = field(default_factory=list)

    @asynccontextmanager
    async def acquire(self, reserve: int) -> AsyncIterator[None]:
        self.left_free.append(reserve)
        if self.shut_for_seconds is not None:
            raise KoreThrottledError("No place.", retry_after_seconds=self.shut_for_seconds)
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    async def report_limited(self, retry_after_seconds: float | None) -> float:
        self.told.append(retry_after_seconds)
        return UNTOLD_SECONDS if retry_after_seconds is None else retry_after_seconds


@dataclass
class World:
    """The fake, and a client that talks to it over HTTP."""

    account: KoreAccount
    kore: KoreSandbox
    client: KoreClient
    faults: Faults
    traffic: Traffic
    auth: Door

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
            auth = Door()
            client = KoreClient(account, http, auth, retry_wait=wait_none())
            yield World(account, kore, client, faults, traffic, auth)


@pytest.fixture
async def answering(version: Version) -> AsyncIterator[Answering]:
    """Make a client whose every request gets the next of these answers; the last one repeats."""
    opened: list[httpx.AsyncClient] = []

    def make(*answers: httpx.Response | Exception) -> tuple[KoreClient, list[httpx.Request]]:
        sent: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            given = answers[min(len(sent), len(answers)) - 1]
            if isinstance(given, Exception):
                raise given
            return httpx.Response(given.status_code, headers=given.headers, content=given.content)

        account = KoreAccount(base_url="platform.kore.ai", app_id=APP_ID, account_id=ACCOUNT_ID, api_version=version)
        http = open_client(account, AUTH, transport=httpx.MockTransport(answer))
        opened.append(http)
        return KoreClient(account, http, Door(), retry_wait=wait_none()), sent

    yield make
    for http in opened:
        await http.aclose()
