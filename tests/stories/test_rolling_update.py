"""Two versions of the bot on one PostgreSQL database, as in a rolling update, and the way back."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGKILL

import httpx
import pytest

from sandbox.server import running
from tests.simulation.stories.steps import NAME, approve, new_card, same
from tests.stories.bot import ROOT, BotProcess
from tests.stories.conftest import LATENCY_MS, World, be_patient
from tests.stories.journal_command import run_command
from tests.stories.person import PATIENCE_SECONDS, eventually

PREVIOUS = "30f8891"  # the version of tests/previous_version
SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "0"}
NEXT_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9001", "{newest}", None, None


def upgrade() -> None:
    op.add_column("requests", sa.Column("of_the_next_version", sa.JSON))
    op.add_column("messages", sa.Column("of_the_next_version", sa.Text, server_default="unknown", nullable=False))
    op.create_table("of_the_next_version", sa.Column("id", sa.Integer, primary_key=True))
"""


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
async def test_previous_version_and_this_one_serve_the_same_requests(empty_database_url: str, tmp_path: Path) -> None:
    async with two_versions(empty_database_url, tmp_path, previous_code(tmp_path / "previous")) as (world, other):
        await hand_requests_over(world, older=world.bot, newer=other)


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
async def test_this_version_serves_beside_the_next_one_and_after_a_rollback(
    empty_database_url: str, tmp_path: Path
) -> None:
    async with two_versions(empty_database_url, tmp_path, ROOT) as (world, other):
        other.code = next_code(tmp_path / "next")
        await hand_requests_over(world, older=world.bot, newer=other)

        await world.bot.start()  # on the schema of the next version
        assert "Schema is newer than this version" in world.bot.log.read_text()
        left = await new_card(world, await world.fresh_campaign())
        assert await other.stop() == 0
        await use(world, world.bot)
        assert not await approve(world.person("U0BOB"), left)
        await same(world.person("U0BOB"), left, f"`{NAME}` was deleted.")
        assert "Intact: " in await run_command(world, "verify")


async def hand_requests_over(world: World, older: BotProcess, newer: BotProcess) -> None:
    """Start the newer version beside the older one, let each act on a request of the other, and stop the older."""
    bob, asked = world.person("U0BOB"), [await world.fresh_campaign() for _ in range(4)]
    before_migration = await new_card(world, asked[0])
    await newer.start()
    by_older = await new_card(world, asked[1])
    await use(world, newer)
    by_newer = await new_card(world, asked[2])
    for card in (before_migration, by_older):
        assert not await approve(bob, card)
        await same(bob, card, f"`{NAME}` was deleted.")
    await use(world, older)
    assert not await approve(bob, by_newer)
    await same(bob, by_newer, f"`{NAME}` was deleted.")
    left = await new_card(world, asked[3])
    assert await older.stop() == 0
    await use(world, newer)
    assert not await approve(bob, left)
    await same(bob, left, f"`{NAME}` was deleted.")
    await eventually(world.has_said_all, "every message")
    assert await world.deletes() == asked


@asynccontextmanager
async def two_versions(url: str, folder: Path, older: Path) -> AsyncIterator[tuple[World, BotProcess]]:
    """Run the older version, and yield a bot beside it that has not been started."""
    async with (
        running(latency_ms=LATENCY_MS) as sandbox,
        httpx.AsyncClient(base_url=sandbox.url, timeout=PATIENCE_SECONDS) as api,
    ):
        be_patient(sandbox)
        bots = [BotProcess.against(sandbox.url, folder, by_http=True, DATABASE_URL=url, **SETTINGS) for _ in range(2)]
        bots[0].code, bots[1].log = older, folder / "other.log"
        world = World(api, bots[0], sandbox)
        try:
            await bots[0].start()
            await use(world, bots[0])
            yield world, bots[1]
            # 0.1.0 logs one when the newer version removes the pickles of a workflow that it runs.
            checked = bots if older == ROOT else bots[1:]
            assert not [bot.code for bot in checked if "Traceback" in bot.log.read_text()]
        finally:
            for bot in bots:
                if bot.process:
                    await bot.stop(SIGKILL)


async def use(world: World, bot: BotProcess) -> None:
    """Send what users do to this bot."""
    await world.api.post("/sandbox/delivery", json={"request_url": f"{bot.url}/slack/events"})


def previous_code(folder: Path) -> Path:
    """Return the code of the previous version, from the history."""
    command = ["git", "archive", PREVIOUS]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - our own words
    if found.returncode:
        pytest.skip(f"the history has no commit {PREVIOUS}")
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def next_code(folder: Path) -> Path:
    """Return a copy of this version with one more migration."""
    left_out = shutil.ignore_patterns(".*", "tests", "docs", "bench", "proof", "*.sqlite3*")
    shutil.copytree(ROOT, folder, ignore=left_out)
    versions = folder / "deletion" / "migrations" / "versions"
    newest = max(file.name[:4] for file in versions.glob("[0-9]*.py"))
    (versions / "9001_next.py").write_text(NEXT_MIGRATION.format(newest=newest))
    return folder
