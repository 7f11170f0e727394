"""A TLS proxy in front of the sandbox. It counts connections, and delays each new one."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK_BYTES = 65_536


@dataclass
class TlsProxy:
    """``opened`` is the number of connections so far."""

    url: str = ""
    opened: int = 0


@asynccontextmanager
async def tls_proxy(to: str, context: ssl.SSLContext, handshake_ms: Callable[[], float]) -> AsyncIterator[TlsProxy]:
    """Proxy the server at ``to``. A new connection takes ``handshake_ms`` longer."""
    found, address = TlsProxy(), urlsplit(to)

    async def serve(from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        found.opened += 1
        await asyncio.sleep(handshake_ms() / 1000)
        from_server, to_server = await asyncio.open_connection(address.hostname, address.port)
        await asyncio.gather(_forward(from_client, to_server), _forward(from_server, to_client))

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        found.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield found


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, asyncio.CancelledError):
        while chunk := await reader.read(CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    writer.close()
