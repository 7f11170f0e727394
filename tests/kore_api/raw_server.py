"""A TCP server on this host that behaves as one coroutine says: a proxy, a gateway, or a server that hangs."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """``heads`` has the head of each request that a behaviour read with ``head_of``."""

    port: int = 0
    connections: int = 0
    heads: list[bytes] = field(default_factory=list)

    async def head_of(self, reader: asyncio.StreamReader) -> bytes:
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        return self.heads[-1]


@asynccontextmanager
async def serve(
    behaviour: Callable[[RawServer], Behaviour], *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[RawServer]:
    """Serve connections until the block ends, each by the behaviour, and close each at its end."""
    found = RawServer()
    behave = behaviour(found)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        found.connections += 1
        tasks.add(task)
        try:
            await behave(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answering(content: bytes) -> Callable[[RawServer], Behaviour]:
    """Answer the first request of each connection with these bytes."""

    def behaviour(server: RawServer) -> Behaviour:
        async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await server.head_of(reader)
            writer.write(content)
            await writer.drain()

        return behave

    return behaviour


def silent(server: RawServer) -> Behaviour:
    """Read a request and never answer."""

    async def behave(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await server.head_of(reader)
        await asyncio.Event().wait()

    return behave


def deaf(_: RawServer) -> Behaviour:
    """Accept a connection and read nothing."""

    async def behave(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    return behave


def greeting(_: RawServer) -> Behaviour:
    """Speak plain HTTP before anything was asked."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    return behave


def resetting(server: RawServer) -> Behaviour:
    """Read a request and close the connection."""

    async def behave(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await server.head_of(reader)

    return behave


def dripping(server: RawServer) -> Behaviour:
    """Answer with a head, and a byte of the body now and then, without an end."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.head_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    return behave
