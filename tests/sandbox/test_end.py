"""No server in a test leaves a connection open at its end: see tests/server_end.py."""

import asyncio
from contextlib import closing, suppress

import pytest
from yarl import URL

from sandbox.server import running
from tests.sandbox.driver import PATIENCE_SECONDS


@pytest.mark.parametrize("turns", range(8))
async def test_connection_that_opens_while_the_sandbox_ends_is_closed(turns: int) -> None:
    """Asyncio needs several turns of its loop to accept one, so the end can come in any of them."""
    async with running(latency_ms=0) as sandbox:
        address = URL(sandbox.url)
        connecting = asyncio.create_task(asyncio.open_connection(address.host, address.port))
        for _ in range(turns):
            await asyncio.sleep(0)
    received = b""
    async with asyncio.timeout(PATIENCE_SECONDS):
        with suppress(ConnectionError):
            reader, writer = await connecting
            with closing(writer):
                received = await reader.read()
    assert received == b""
