"""Replicas whose wall clocks differ keep the same deadlines: those of their PostgreSQL."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from sandbox.server import running
from tests import postgres
from tests.previous_version.database import rows
from tests.simulation.stories.steps import NAME
from tests.stories.bot import ROOT, BotProcess
from tests.stories.conftest import LATENCY_MS, World, be_patient
from tests.stories.person import PATIENCE_SECONDS, eventually

UNDO_SECONDS = 6
SETTINGS = {"APPROVALS_REQUIRED": "0", "UNDO_WINDOW": f"{UNDO_SECONDS}s"}


class WrongClockBot(BotProcess):
    """A replica that takes its settings from an environment and its time from a clock that is wrong."""

    wrong_by_seconds = 0

    async def spawn(self) -> None:
        command = [sys.executable, "-m", "tests.stories.failures.wrong_clock", str(self.wrong_by_seconds)]
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env={**self.settings, "PATH": os.environ["PATH"]}, stdout=log, stderr=log
            )


@asynccontextmanager
async def two_replicas(url: str, folder: Path, wrong_by_seconds: int) -> AsyncIterator[World]:
    """The one that is wrong has Slack's connection; the other is right."""
    async with (
        running(latency_ms=LATENCY_MS) as sandbox,
        httpx.AsyncClient(base_url=sandbox.url, timeout=PATIENCE_SECONDS) as api,
    ):
        be_patient(sandbox)
        settings = {**SETTINGS, "DATABASE_URL": url}
        wrong = WrongClockBot.against(sandbox.url, folder, by_http=False, **settings)
        (folder / "right").mkdir()
        right = BotProcess.against(sandbox.url, folder / "right", by_http=True, **settings)
        wrong.wrong_by_seconds = wrong_by_seconds
        world = World(api, wrong, sandbox)
        try:
            await wrong.start()
            await right.start()
            await eventually(world.is_connected, "a replica connected")
            yield world
        finally:
            await wrong.stop(signal.SIGKILL)
            await right.stop(signal.SIGKILL)


@pytest.mark.parametrize("wrong_by_seconds", [300, -300])
async def test_undo_window_lasts_as_long_on_a_replica_with_a_wrong_clock(
    postgres_server: str, tmp_path: Path, wrong_by_seconds: int
) -> None:
    with postgres.database(postgres_server) as url:
        async with two_replicas(url, tmp_path, wrong_by_seconds) as world:
            campaign, alice = await world.fresh_campaign(), world.person("U0ALICE")
            view = await alice.asks_to_delete(campaign)
            before = time.monotonic()
            assert not await alice.submits(view, NAME)
            (row,) = rows(url, "SELECT requested_at, execute_after FROM requests")
            assert abs(row["requested_at"] - datetime.now(UTC)) < timedelta(seconds=PATIENCE_SECONDS)
            assert row["execute_after"] - row["requested_at"] == timedelta(seconds=UNDO_SECONDS)

            await eventually(world.deletes, "the DELETE")

            assert time.monotonic() - before >= UNDO_SECONDS
            await alice.reads("was deleted.")
