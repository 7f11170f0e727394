"""The measured programs: this bot, the same flow on Slack's starter template, and a listener that only acks."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from sandbox.environment import for_bot
from tests.postgres import free_port
from tests.stories.bot import NO_BUDGET

ROOT = Path(__file__).parents[1]
BOT, TEMPLATE, BARE = "this bot", "template", "only ack"
COMMANDS = {
    BOT: ("app.py",),
    TEMPLATE: ("-m", "bench.baselines.template"),
    BARE: ("-m", "bench.baselines.bare"),
}
START_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Target:
    """A running process that receives Slack's requests."""

    name: str
    url: str
    pid: int


@asynccontextmanager
async def running(  # noqa: PLR0913 - one argument per circumstance
    name: str,
    sandbox_url: str,
    folder: Path,
    core: int | None = None,
    *,
    under: tuple[str, ...] = (),
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Target]:
    """Run one of them in HTTP mode, on one core if given, ready when the block begins.

    ``under`` are Python arguments before the program. ``settings`` override those of the sandbox.
    """
    given = {"DATABASE_URL": f"sqlite:///{folder}/{name.replace(' ', '-')}.sqlite3", "LOG_LEVEL": "ERROR", **NO_BUDGET}
    environment = {**for_bot(given, sandbox_url, bot_port=(port := free_port()), by_http=True), **(settings or {})}
    pinned = ("taskset", "-c", str(core)) if core is not None else ()
    process = await asyncio.create_subprocess_exec(
        *pinned, sys.executable, *under, *COMMANDS[name], cwd=ROOT, env={"PATH": os.environ["PATH"], **environment},
        stdout=asyncio.subprocess.DEVNULL, stderr=None if name == BOT else asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(START_WITHIN_SECONDS), httpx.AsyncClient() as http:
            while not await _answers(http, url):
                if process.returncode is not None:
                    raise RuntimeError(f"{name} ended with {process.returncode} before it was ready")
                await asyncio.sleep(0.02)
        yield Target(name, f"{url}/slack/events", process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(http: httpx.AsyncClient, url: str) -> bool:
    """Return whether the target is ready. Only the bot has ``/readyz``; from the others, 404 is enough."""
    try:
        return (await http.get(f"{url}/readyz")).status_code in (httpx.codes.OK, httpx.codes.NOT_FOUND)
    except httpx.TransportError:
        return False
