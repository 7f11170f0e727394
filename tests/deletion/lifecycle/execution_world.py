"""A request executed step by step against the sandbox's Kore.ai, with a real database."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine
from tenacity import wait_none

from deletion.db.connection import open_engine
from deletion.db.tables import kore_places, requests
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry
from deletion.kore import reading
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.kore.rate_limiter import RateLimiter
from deletion.lifecycle import delete_executor
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.lease import HeldLease, Leases
from deletion.lifecycle.rebuild_executor import RebuildExecutor
from deletion.lifecycle.stop_executor import StopExecutor
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from kore_api import transport
from kore_api.account import KoreAccount
from kore_api.client import KoreClient, open_client
from kore_api.models import Campaign
from sandbox.faults import Faults
from sandbox.kore.api import KoreSandbox
from sandbox.kore.campaign_state import as_read
from sandbox.traffic import Traffic
from tests.deletion.values import all_parties_stand, request
from tests.kore_api.conftest import AUTH
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID
from tests.time_limits import HANGS_AFTER_SECONDS

CALLS = 24
LASTS_LONGER = timedelta(seconds=HANGS_AFTER_SECONDS)
KEY = SecretStr(Fernet.generate_key().decode())
POLICY = Policy(approvals_required=0)


@dataclass
class Clock:
    """A monotonic clock that only a test moves forward, so that a slow machine makes nothing late."""

    moved_seconds: float = 0.0
    call_ended_after_seconds: float = 0.0  # from the arrival of an answer
    started_at: float = field(default_factory=time.monotonic)

    def __call__(self) -> float:
        return self.started_at + self.moved_seconds

    @contextmanager
    def times_readings(self) -> Iterator[None]:
        """Let each reading of a campaign take no time, so that only a test makes it older."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(transport, "elapsed_seconds", lambda: self.started_at - self.call_ended_after_seconds)
            for module in (reading, delete_executor):
                patch.setattr(module, "elapsed_seconds", lambda: self.started_at)
            yield


Act = Callable[[], Awaitable[None]]


class ObservedLimiter(RateLimiter):
    """A rate limiter that acts once, before it grants the next call that sends something: such a call reserves none."""

    before_sending: Act | None = None

    @asynccontextmanager
    async def acquire(self, reserve: int) -> AsyncIterator[None]:
        if not reserve and (act := self.before_sending):
            self.before_sending = None
            await act()
        async with super().acquire(reserve):
            yield


class ObservedLeases(Leases):
    """Leases that act once, between the reading of a campaign and the swap.

    A test ends them by its monotonic clock: by the database's time they last a minute longer.
    """

    before_swap: Act | None = None

    async def grant(self, request: Request, checked_at: float) -> HeldLease:
        if act := self.before_swap:
            self.before_swap = None
            await act()
        held = await super().grant(request, checked_at)
        return replace(held, lease=held.lease.model_copy(update={"until": held.lease.until + LASTS_LONGER}))


@dataclass
class World:
    """An approved request to delete the sandbox's first campaign, executed step by step."""

    database: AsyncEngine
    store: RequestStore
    execution: Execution
    deletes: DeleteExecutor
    rebuilds: RebuildExecutor
    limit: ObservedLimiter
    kore: KoreSandbox
    faults: Faults
    traffic: Traffic
    gateway: CampaignGateway
    archive: Archive
    leases: ObservedLeases
    clock: Clock
    id: str

    async def request(self, request_id: str | None = None) -> Request:
        found = await self.store.request(request_id or self.id)
        assert found, "added by the fixture or by the test"
        return found

    async def advance(self, request_id: str | None = None) -> datetime | None:
        return await self.execution.advance(request_id or self.id)

    def restarted(self, **settings: Any) -> "World":
        """Return the same with other settings."""
        policy = POLICY.model_copy(update=settings)
        return replace(self, **executors(self.store, self.gateway, self.archive, policy, self.leases))

    async def attempt(self) -> None:
        """Send the DELETE without verifying it."""
        request = await self.request()
        limits = await self.store.delete_limits(request.team_id, request.requester_id)
        await self.deletes.attempt(request, limits, self.confirmed)

    async def advance_slowly(self) -> datetime | None:
        """Execute the request at once, while the database is so slow that the campaign's reading is outdated."""

        async def be_slow() -> None:
            self.clock.moved_seconds += 3

        self.limit.before_sending = be_slow
        await self.change(execute_after=now() - timedelta(seconds=1))
        return await self.advance()

    async def confirmed(self) -> float:
        """Confirm that requester and approvers still have their rights."""
        return self.clock()

    async def change(self, **values: Any) -> None:
        async with self.database.begin() as connection:
            await connection.execute(requests.update().values(**values))

    async def use_up(self, leaving: int) -> None:
        """Take all but so many of this minute's calls, as another program would."""
        for _ in range(CALLS - leaving):
            async with self.limit.acquire(0):
                pass

    async def a_minute_later(self) -> None:
        """Free every call of the minute, and end the request's pause."""
        async with self.database.begin() as connection:
            await connection.execute(kore_places.delete())
        await self.change(execute_after=now() - timedelta(seconds=1))

    async def events(self) -> list[str]:
        return [entry.event for entry in await self.store.entries(self.id)]

    async def kore_reads(self) -> int:
        return sum(call["what"] == "get" for call in self.traffic.after())

    def deletes_sent(self) -> int:
        return len(self.kore.memory.deletes)


def executors(
    store: RequestStore, gateway: CampaignGateway, archive: Archive, policy: Policy, leases: Leases
) -> dict[str, Any]:
    transitions = Transitions(store, policy)
    deletes = DeleteExecutor(transitions, gateway, archive, policy, leases)
    rebuilds = RebuildExecutor(transitions, gateway, archive, leases)
    execution = Execution(
        store,
        transitions,
        all_parties_stand(store, policy),
        policy,
        delete=deletes,
        rebuild=rebuilds,
        stop=StopExecutor(transitions, gateway, policy, leases),
        monotonic=leases.monotonic,
    )
    return {"execution": execution, "deletes": deletes, "rebuilds": rebuilds}


@asynccontextmanager
async def open_world(database_url: str, policy: Policy = POLICY) -> AsyncIterator[World]:
    """Yield a world whose request is approved and due."""
    database = open_engine(database_url)
    store = RequestStore(database)
    faults = Faults(latency_ms=0)
    traffic = Traffic()
    kore = KoreSandbox(faults, traffic)
    app = web.Application()
    app.add_routes(kore.routes())
    async with TestServer(app) as server:
        account = KoreAccount(base_url=str(server.make_url("/")), app_id=APP_ID, account_id=ACCOUNT_ID)
        async with open_client(account, AUTH) as http:
            limit, clock = ObservedLimiter(database, CALLS), Clock()
            leases = ObservedLeases(store, clock)
            campaign = CampaignGateway(KoreClient(account, http, limit, retry_wait=wait_none()), wait_none())
            archive = Archive(store, [KEY])
            steps = executors(store, campaign, archive, policy, leases)
            seen = Campaign.model_validate(as_read(kore.memory.campaigns[SEEDED_ID]))
            kept = request(campaign=CampaignFingerprint.of(seen))
            entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
            await store.add(kept, entry, recipients(kept, entry, policy))
            with clock.times_readings():
                yield World(
                    database,
                    store,
                    limit=limit,
                    kore=kore,
                    faults=faults,
                    traffic=traffic,
                    gateway=campaign,
                    archive=archive,
                    leases=leases,
                    clock=clock,
                    id=kept.id,
                    **steps,
                )
    await database.dispose()
