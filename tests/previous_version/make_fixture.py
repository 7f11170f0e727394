"""Make the fixture: run the bot of commit 30f8891 on both databases, and kill it at work.

It must run in a worktree of that commit, with a copy of this folder:

    git worktree add /tmp/previous 30f8891
    cp -r tests/previous_version /tmp/previous/tests/
    cd /tmp/previous
    python3 -m venv .venv && .venv/bin/pip install -q -r requirements-dev.txt
    .venv/bin/python -m tests.previous_version.make_fixture

The files are written to the copy of the folder. It needs PostgreSQL, like the tests, and ``pg_dump``, and takes about
two minutes.
"""

import asyncio
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

import httpx

from sandbox.server import running
from tests.previous_version.database import STATES, engine_table, rows
from tests.previous_version.keep import keep
from tests.previous_version.play import play
from tests.previous_version.story import LIMIT, SETTINGS
from tests.stories.bot import BotProcess
from tests.stories.conftest import LATENCY_MS, World
from tests.torture.world import address


async def make(database: str, folder: Path) -> None:
    """Make the files of one database."""
    with tempfile.TemporaryDirectory() as name, address(database, Path(name)) as url:
        async with running(latency_ms=LATENCY_MS) as sandbox, httpx.AsyncClient(base_url=sandbox.url) as api:
            bot = BotProcess.against(sandbox.url, Path(name), by_http=False, **{**SETTINGS, "DATABASE_URL": url})
            await api.post("/sandbox/kore/limit", json=LIMIT)
            try:
                await play(World(api, bot, sandbox))
            finally:
                await bot.stop(signal.SIGKILL)
            keep(folder, sandbox, url, bot.settings["PORT"])
            show(database, url)


def show(database: str, url: str) -> None:
    """Print the contents of the fixture."""
    states = rows(url, f"SELECT name, status FROM {engine_table(url, 'workflow_status')}")  # noqa: S608 - a name of ours
    lines = [f"{row['id'][:8]} {row['campaign_id']} {row['state']}" for row in rows(url, STATES)]
    counted = Counter((row["name"], row["status"]) for row in states)
    lines += [f"{name} {status}: {count}" for (name, status), count in sorted(counted.items())]
    sys.stdout.write("\n  ".join([database, *lines]) + "\n")


if __name__ == "__main__":
    for which in ("sqlite", "postgresql"):
        asyncio.run(make(which, Path(__file__).parent))
