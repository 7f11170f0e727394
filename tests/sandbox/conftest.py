import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import Sandbox, running
from tests.sandbox.driver import Driver, client_of
from tests.sandbox.small_bot import connected

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # shared: loading the certificates takes 30 ms
MANIFEST = Path(__file__).parent / "manifest.yml"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running(manifest=MANIFEST, latency_ms=0) as sandbox:
        yield sandbox


@pytest.fixture
async def driver(sandbox: Sandbox) -> AsyncIterator[Driver]:
    async with client_of(sandbox, verify=NO_TLS) as client:
        yield Driver(sandbox, client)


@pytest.fixture(params=["http", "socket"])
async def bot(request: pytest.FixtureRequest, sandbox: Sandbox) -> AsyncIterator[list[dict[str, Any]]]:
    sandbox.faults.latency_ms["slack"] = 20  # Bolt loses an ack if an answer is faster than Slack can be
    async with connected(sandbox, request.param) as seen:
        yield seen
