"""The sandbox behind TLS with configurable latency, and the duration of one warm call to it."""

import ssl
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import httpx
from pydantic import SecretStr

from bench.tls import TlsProxy, tls_proxy
from deletion.db.connection import open_engine
from deletion.db.tables import kore_places
from kore_api.auth import KoreAuth
from sandbox.kore import auth as kore_credentials
from sandbox.server import Sandbox
from sandbox.server import running as sandbox_running
from sandbox.slack import seed
from tests.tls import certificate

SLACK_MS, KORE_MS = (20, 100, 300), (50, 200, 1_000)
PLENTY = 6_000  # calls a minute: no benchmark may reach the rate limit
CALLS = 3


@dataclass(frozen=True)
class Exchange:
    """One call as the vendor saw it: its arrival and its answer, in seconds since 1970."""

    what: str
    began: float
    ended: float

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Exchange":
        ended = datetime.fromisoformat(raw["at"])
        return cls(raw["what"], (ended - timedelta(milliseconds=raw["ms"])).timestamp(), ended.timestamp())


@dataclass
class Vendors:
    sandbox: Sandbox
    api: httpx.AsyncClient
    slack: TlsProxy
    kore: TlsProxy
    certificate: Path

    @property
    def addresses(self) -> dict[str, str]:
        """The settings that make a target use these vendors."""
        return {
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "KORE_BASE_URL": self.kore.url,
            "SSL_CERT_FILE": str(self.certificate),
        }

    @property
    def opened(self) -> int:
        """The number of connections opened so far."""
        return self.slack.opened + self.kore.opened

    @property
    def campaign_id(self) -> str:
        """The id of a deletable campaign."""
        return next(iter(self.sandbox.kore.memory.campaigns))

    @property
    def last(self) -> int:
        exchanges = self.sandbox.traffic.after(0)
        return int(exchanges[-1]["n"]) if exchanges else 0

    def since(self, last: int) -> dict[str, Exchange]:
        """Return the first call of each kind after the exchange number ``last``."""
        exchanges = [Exchange.of(raw) for raw in self.sandbox.traffic.after(last)]
        return {exchange.what: exchange for exchange in reversed(exchanges)}

    @property
    def _trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.certificate)

    def move_to(self, slack_ms: int, kore_ms: int) -> None:
        self.sandbox.faults.latency_ms = {"slack": slack_ms, "kore": kore_ms}

    async def slack_ms(self) -> float:
        """Return the duration of one warm call by a client without other work."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self._trusting)) as http:

            async def call() -> None:
                headers = {"Authorization": f"Bearer {seed.BOT_TOKEN}"}
                async with http.post(
                    f"{self.slack.url}/api/users.info", data={"user": "U0BOB"}, headers=headers
                ) as said:
                    await said.read()

            return await _median_ms(call)

    async def kore_ms(self) -> float:
        """Return the same for Kore.ai."""
        auth = KoreAuth(kore_credentials.CLIENT_ID, SecretStr(kore_credentials.CLIENT_SECRET))
        headers = {"iid": kore_credentials.APP_ID, "accountId": kore_credentials.ACCOUNT_ID}
        campaign = f"{self.kore.url}/agentassist/api/v1/public/{kore_credentials.APP_ID}/campaign/{self.campaign_id}"
        async with httpx.AsyncClient(auth=auth, headers=headers, verify=self._trusting, timeout=60) as http:

            async def call() -> None:
                (await http.get(campaign)).raise_for_status()

            return await _median_ms(call)


@asynccontextmanager
async def vendors(folder: Path) -> AsyncIterator[Vendors]:
    """Start both vendors. A new connection costs one more latency, for the TCP and TLS handshakes."""
    certificate_file, context = certificate(folder)
    async with sandbox_running(latency_ms=0) as sandbox:
        faults = sandbox.faults
        async with (
            httpx.AsyncClient(base_url=sandbox.url, timeout=60) as api,
            tls_proxy(sandbox.url, context, lambda: faults.latency_ms["slack"]) as slack,
            tls_proxy(sandbox.url, context, lambda: faults.latency_ms["kore"]) as kore,
        ):
            sandbox.kore.limit.set(PLENTY, 60)
            yield Vendors(sandbox, api, slack, kore, certificate_file)


async def release_rate_limit(database_url: str) -> None:
    """Release all rate limit capacity, as if a minute had passed."""
    engine = open_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(kore_places.delete())
    await engine.dispose()


async def _median_ms(call: Callable[[], Awaitable[None]]) -> float:
    await call()
    took = []
    for _ in range(CALLS):
        began = time.perf_counter()
        await call()
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)
