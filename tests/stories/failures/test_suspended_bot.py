"""A bot that was suspended (SIGSTOP) sends nothing that was judged before, on both databases."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from deletion.db.connection import open_engine
from deletion.db.postgresql import COUNT_LOCK
from deletion.db.tables import requests
from deletion.domain.states import State
from deletion.lifecycle.delete_executor import MAX_READ_SECONDS
from deletion.lifecycle.lease import ATTEMPT, LEASE
from slack_ui import strings
from slack_ui.parts import ids
from tests import postgres
from tests.simulation.stories.steps import NAME, WHY, unfreezes
from tests.stories.bot import BotProcess
from tests.stories.conftest import World, open_world
from tests.stories.person import eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "0", "APPROVERS": "U0ALICE,S0APPROVE", "UNDO_WINDOW": "0"}
GET_DELAY_MS = 3_000  # in which the test must suspend the bot, or block it


async def submitted(world: World, campaign: str) -> None:
    """Submit the form, and return while the read that precedes the DELETE is under way."""
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.fault("kore", "get", "delay", delay_ms=GET_DELAY_MS)
    assert not await alice.submits(view, NAME)

    async def has_arrived() -> bool:
        return not world.sandbox.faults.active

    await eventually(has_arrived, "the read before the delete")


async def test_campaign_renamed_while_bot_was_suspended_is_not_deleted(tmp_path: Path, database_url: str) -> None:
    async with open_world(tmp_path, "http", "v1", DATABASE_URL=database_url, **SETTINGS) as world:
        campaign = await world.fresh_campaign()
        await submitted(world, campaign)
        with world.bot.suspended():
            await asyncio.sleep(GET_DELAY_MS / 1000 + MAX_READ_SECONDS)  # the answer waits, and is too old
            await world.campaign(campaign, name="KEEP - legal hold")

        message = await world.person("U0ALICE").reads("was not deleted: it has changed")

        assert "KEEP - legal hold" in shown(message["blocks"])
        assert await world.deletes() == []


@asynccontextmanager
async def rate_limiter_blocked(database_url: str) -> AsyncIterator[None]:
    """Let no replica get a call to Kore.ai: a request waits between its swap and its DELETE."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("SELECT pg_advisory_lock(%s)", (COUNT_LOCK,))
        yield


async def test_bot_suspended_before_its_delete_sends_nothing_after_freeze_was_reported_complete(
    tmp_path: Path, postgres_server: str
) -> None:
    with postgres.database(postgres_server) as url:
        async with open_world(tmp_path, "http", "v1", DATABASE_URL=url, **SETTINGS) as world:
            other = BotProcess({**world.bot.settings, "PORT": str(postgres.kept_port())}, tmp_path / "other.log")
            await other.start()
            try:
                await _freeze_while_suspended(world, other, url)
            finally:
                await other.stop()


async def _freeze_while_suspended(world: World, other: BotProcess, url: str) -> None:
    bob, campaign = world.person("U0BOB"), await world.fresh_campaign()
    await submitted(world, campaign)
    async with rate_limiter_blocked(url):
        await eventually(lambda: _is_deleting(url), "a request that is being deleted")
        world.bot.send(signal.SIGSTOP)
        await world.api.post("/sandbox/delivery", json={"request_url": f"{other.url}/slack/events"})
        await bob.types(f"{ids.COMMAND} freeze {WHY}")
        await bob.reads_privately(strings.freeze.UNDER_WAY[:45], bob.channel)
        await asyncio.sleep((LEASE + ATTEMPT).total_seconds() - 10)
        await bob.reads_privately(strings.freeze.FROZEN[:45], bob.channel)
    world.bot.send(signal.SIGCONT)
    await world.outlast(3)
    assert await world.deletes() == []
    await unfreezes(bob)
    await world.person("U0ALICE").reads("was deleted.")
    assert await world.deletes() == [campaign]


async def _is_deleting(url: str) -> bool:
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            found: Any = await connection.scalar(
                sa.select(sa.func.count()).where(requests.c.state == State.DELETING, requests.c.lease.is_not(None))
            )
            return bool(found)
    finally:
        await engine.dispose()
