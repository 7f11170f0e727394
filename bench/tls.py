"""A door with TLS before the sandbox, as Slack and Kore.ai have one; it counts the connections that are made."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK_BYTES = 65_536


@dataclass
class Door:
    """``opened``: how many connections so far."""

    url: str = ""
    opened: int = 0


@asynccontextmanager
async def door(to: str, context: ssl.SSLContext, handshake_ms: Callable[[], float]) -> AsyncIterator[Door]:
    """Before the server at the address ``to``. A new connection takes ``handshake_ms`` more than its first call."""
    found, address = Door(), urlsplit(to)

    async def serve(theirs: asyncio.StreamReader, to_them: asyncio.StreamWriter) -> None:
        found.opened += 1
        await asyncio.sleep(handshake_ms() / 1000)
        ours, to_us = await asyncio.open_connection(address.hostname, address.port)
        await asyncio.gather(_pass_on(theirs, to_us), _pass_on(ours, to_them))

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        found.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield found


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, asyncio.CancelledError):
        while some := await reader.read(CHUNK_BYTES):
            writer.write(some)
            await writer.drain()
    writer.close()
