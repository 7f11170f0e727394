"""The real bot in its own process against the sandbox."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import open_engine
from deletion.db.tables import IS_OPEN, kore_places, requests
from deletion.domain.states import State
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore
from sandbox.server import Sandbox, running
from tests.stories.bot import BotProcess
from tests.stories.evidence import evidence_of
from tests.stories.person import PATIENCE_SECONDS, Person, eventually

LATENCY_MS = 5


def be_patient(sandbox: Sandbox) -> None:
    """Slack's three seconds are tested in virtual time; a process on a busy machine may need longer."""
    sandbox.slack.delivery.ack_timeout_seconds = PATIENCE_SECONDS
    sandbox.slack.workspace.triggers.lifetime_seconds = PATIENCE_SECONDS


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class World:
    """One sandbox with one bot. ``reset`` removes the campaigns and faults of the previous test."""

    api: httpx.AsyncClient
    bot: BotProcess
    sandbox: Sandbox

    def person(self, user_id: str, channel: str = "C0CAMPAIGNS") -> Person:
        return Person(self.api, user_id, channel)

    async def campaign(self, campaign_id: str, **fields: Any) -> None:
        """Create or change a campaign in Kore.ai without the bot."""
        answer = await self.api.put(f"/sandbox/kore/campaigns/{campaign_id}", json=fields)
        assert answer.status_code == httpx.codes.OK, answer.text

    async def fresh_campaign(self) -> str:
        """Create a campaign like the seeded one and return its id, which no earlier test has used."""
        stored = (await self.api.get("/sandbox/kore/campaigns")).json()
        fields = {name: value for name, value in stored[0].items() if name not in ("_id", "id", "deleted")}
        unique = uuid4().hex[:8]
        campaign_id = f"cd-{unique}-f98e-5f4f-ad41-92803abb{unique[:4]}"
        await self.campaign(campaign_id, **fields)
        return campaign_id

    async def fault(self, target: str, operation: str, kind: str, **details: Any) -> None:
        body = {"target": target, "operation": operation, "kind": kind, **details}
        answer = await self.api.post("/sandbox/faults", json=body)
        assert answer.status_code == httpx.codes.OK, answer.text

    async def deletes(self) -> list[str]:
        """Return the campaign id of every DELETE that reached Kore.ai, in order."""
        return [delete["campaign_id"] for delete in (await self.api.get("/sandbox/kore/deletes")).json()]

    async def calls(self, what: str) -> list[dict[str, Any]]:
        traffic = (await self.api.get("/sandbox/traffic")).json()
        return [exchange for exchange in traffic if exchange["what"] == what]

    async def calls_to_kore(self) -> list[dict[str, Any]]:
        traffic = (await self.api.get("/sandbox/traffic")).json()
        return [exchange for exchange in traffic if exchange["direction"] == "to_kore"]

    def open_engine(self) -> AsyncEngine:
        """Return the bot's database, which a story may read and change; dispose of it afterwards."""
        return open_engine(self.bot.settings["DATABASE_URL"])

    async def outlast(self, seconds: float) -> None:
        """Wait for a time in which nothing may happen, and a moment longer."""
        await asyncio.sleep(seconds + 1)

    async def has_said_all(self) -> bool:
        """Return whether the bot has executed every request and sent every message so far."""
        engine = self.open_engine()
        try:
            unsaid = await MessageStore(engine).overdue_messages(timedelta(0))
            return not unsaid and not await RequestStore(engine).unfinished(timedelta(0))
        finally:
            await engine.dispose()

    async def reset(self) -> None:
        """Restore the seeded state, after everything that the last test began has ended."""
        await eventually(self.has_said_all, "an end of what was begun")
        await self.release_rate_limit()
        await self.api.post("/sandbox/reset")
        await self.api.delete("/sandbox/traffic")
        http = {"request_url": f"{self.bot.url}/slack/events"}
        await self.api.post("/sandbox/delivery", json=http)
        be_patient(self.sandbox)

    async def end_what_is_open(self) -> None:
        """Close every request of earlier tests that is open, or whose outcome the bot does not know yet."""
        engine = self.open_engine()
        is_left = sa.or_(IS_OPEN, requests.c.state == State.UNKNOWN)
        async with engine.begin() as connection:
            await connection.execute(requests.update().where(is_left).values(state=State.EXPIRED))
        await engine.dispose()

    async def release_rate_limit(self) -> None:
        """Clear the rate limiter's calls, because the sandbox forgets its own at a reset."""
        engine = self.open_engine()
        async with engine.begin() as connection:
            await connection.execute(kore_places.delete())
        await engine.dispose()

    async def is_connected(self) -> bool:
        mode = (await self.api.get("/sandbox/delivery")).json()["mode"]
        return bool(mode != "none")


@asynccontextmanager
async def open_world(folder: Path, mode: str, version: str, **settings: str) -> AsyncIterator[World]:
    """Run a sandbox and a ready bot for the duration of the block."""
    async with (
        running(latency_ms=LATENCY_MS) as sandbox,
        httpx.AsyncClient(base_url=sandbox.url, timeout=PATIENCE_SECONDS) as api,
    ):
        bot = BotProcess.against(sandbox.url, folder, by_http=mode == "http", KORE_API_VERSION=version, **settings)
        world = World(api, bot, sandbox)
        try:
            await bot.start()
            await world.reset()
            await eventually(world.is_connected, "the bot connected")
            yield world
            assert await bot.stop() == 0, bot.log.read_text()
        except Exception as error:
            error.add_note(evidence_of(bot.settings["DATABASE_URL"], folder))
            raise
        finally:
            await bot.stop(signal.SIGKILL)  # no bot outlives a failed test


@pytest.fixture(params=[("http", "v1"), ("socket", "v2")], ids="-".join)
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """Yield one world for each transport, each with another version of Kore.ai's API."""
    mode, version = request.param
    async with open_world(tmp_path, mode, version) as world:
        yield world
