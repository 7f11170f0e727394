"""Third-party servers, each started for one test on a free local port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from proof.node_tools import environment

STARTS_WITHIN_SECONDS = 120.0
ENDS_WITHIN_SECONDS = 5.0


@asynccontextmanager
async def program(*command: str | Path, cwd: Path, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program for the duration of the block. Its output is read by line, or discarded."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command), cwd=cwd, env=environment(**variables),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.communicate(), ENDS_WITHIN_SECONDS)
        except TimeoutError:
            process.kill()
            await process.communicate()


async def until_answering(url: str, process: asyncio.subprocess.Process) -> None:
    """Return at the first HTTP answer of any kind."""
    async with asyncio.timeout(STARTS_WITHIN_SECONDS), httpx.AsyncClient() as http:
        while True:
            if process.returncode is not None and process.stdout:
                raise AssertionError((await process.stdout.read()).decode())
            try:
                await http.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return
