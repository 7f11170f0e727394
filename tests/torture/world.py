"""A sandbox, a database and replicas, with every call to Kore.ai recorded for the judge."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import open_engine, read
from deletion.db.tables import requests
from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request
from deletion.domain.records import Entry, Message
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import RequestStore
from sandbox.server import Sandbox, running
from tests import postgres
from tests.torture.bots import Replicas, living

LATENCY_MS = 20
CALLS_PER_MINUTE = 6_000  # many users in a few minutes; the rate limit has its own tests
LONGER_THAN_ANY_ANSWER_SECONDS = 150
CAMPAIGN_FIELDS = {"name": "", "status": "Stopped", "format": "simple", "contactLists": ["Renewals"]}
NAME = re.compile(r"Autumn ([0-9a-f]{8})")  # of each campaign; the number is in its id too


@dataclass(frozen=True)
class Case:
    """One request as it is in the database at the end. The messages of a list belong to its first request."""

    request: Request
    messages: list[Message]
    entries: list[Entry]
    listed: CampaignList | None = None

    @property
    def version(self) -> int:
        """The version that its messages show: of the whole list, if it is of one."""
        return self.listed.version if self.listed else self.request.version


@dataclass(frozen=True)
class KoreCall:
    """One call to Kore.ai; a list call has no campaign."""

    operation: str
    campaign_id: str
    began: datetime
    ended: datetime


@dataclass
class World:
    sandbox: Sandbox
    api: httpx.AsyncClient
    store: RequestStore
    messages: MessageStore
    engine: AsyncEngine
    bots: Replicas
    kore_calls: list[KoreCall] = field(default_factory=list)
    missed_exchanges: int = 0
    _seen: int = 0

    async def fresh_campaign(self) -> str:
        """Create a campaign with a unique name, and return its id."""
        unique = uuid4().hex[:8]
        campaign_id = campaign_id_of(unique)
        fields = {**CAMPAIGN_FIELDS, "name": f"Autumn {unique}"}
        answer = await self.api.put(f"/sandbox/kore/campaigns/{campaign_id}", json=fields)
        assert answer.status_code == httpx.codes.OK, answer.text
        return campaign_id

    def deletes(self) -> list[KoreCall]:
        """Return all DELETEs that reached Kore.ai, including those whose sender was killed."""
        noted = self.sandbox.kore.memory.deletes
        arrived = [(note["campaign_id"], datetime.fromisoformat(note["at"])) for note in noted]
        return [KoreCall("delete", campaign_id, at, at) for campaign_id, at in arrived]

    def messages_posted(self) -> int:
        return sum(len(messages) for messages in self.sandbox.slack.workspace.messages.values())

    def name_of(self, campaign_id: str) -> str:
        return str(self.sandbox.kore.memory.campaigns[campaign_id]["name"])

    async def cases(self) -> list[Case]:
        query = sa.select(requests.c.id).order_by(requests.c.requested_at)
        request_ids = [row["id"] for row in await read(self.engine, query)]
        return [case for request_id in request_ids if (case := await self._case(request_id))]

    async def watch_traffic(self) -> None:
        """Record all calls to Kore.ai, because the sandbox keeps only the newest exchanges."""
        while True:
            self.read_traffic()
            await asyncio.sleep(0.5)

    def read_traffic(self) -> None:
        for exchange in self.sandbox.traffic.after(self._seen):
            self.missed_exchanges += exchange["n"] - self._seen - 1
            self._seen = exchange["n"]
            if exchange["direction"] == "to_kore":
                self.kore_calls.append(_kore_call(exchange))

    async def _case(self, request_id: str) -> Case | None:
        request = await self.store.request(request_id)
        if request is None:
            return None
        messages, entries = await self.messages.messages(request_id), await self.store.entries(request_id)
        listed = await self.store.listed(request.list_id) if request.list_id else None
        return Case(request, messages, entries, listed)


def campaign_id_of(unique: str) -> str:
    return f"cd-{unique}-f98e-5f4f-ad41-92803abb{unique[:4]}"


@asynccontextmanager
async def open_world(database: str, replicas: int, **settings: str) -> AsyncIterator[World]:
    """Open a new world, and remove it afterwards. ``database`` is sqlite or postgresql."""
    with tempfile.TemporaryDirectory(prefix="campaign-delete-") as name, address(database, Path(name)) as url:
        async with running(latency_ms=LATENCY_MS) as sandbox:
            sandbox.kore.limit.set(CALLS_PER_MINUTE, 60)
            settings["KORE_CALLS_PER_MINUTE"] = str(CALLS_PER_MINUTE)
            timeout = LONGER_THAN_ANY_ANSWER_SECONDS
            async with (
                httpx.AsyncClient(base_url=sandbox.url, timeout=timeout) as api,
                living(sandbox.url, Path(name), replicas, DATABASE_URL=url, **settings) as bots,
            ):
                engine = open_engine(url)
                world = World(sandbox, api, RequestStore(engine), MessageStore(engine), engine, bots)
                watching = asyncio.create_task(world.watch_traffic())
                try:
                    yield world
                finally:
                    watching.cancel()
                    await engine.dispose()


@contextmanager
def address(database: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database of this kind."""
    if database == "sqlite":
        yield f"sqlite:///{folder}/bot.sqlite3"
        return
    with postgres.server() as server_url, postgres.database(server_url) as url:
        yield url


def _kore_call(exchange: dict[str, Any]) -> KoreCall:
    path = str(exchange["request"]["path"]).split("?", maxsplit=1)[0]
    campaign_id = path.rsplit("/", 1)[-1] if exchange["what"] in ("get", "delete") else ""
    ended = datetime.fromisoformat(exchange["at"])
    return KoreCall(exchange["what"], campaign_id, ended - timedelta(milliseconds=exchange["ms"]), ended)
