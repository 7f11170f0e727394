"""The shared count of calls, on both databases: replicas together, a full minute, and a Kore.ai that says enough."""

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from tenacity import wait_none

from deletion.db.connection import open_engine, read
from deletion.db.tables import kore_places
from deletion.domain.clock import now
from deletion.domain.errors import FencedError
from deletion.kore import brief_write, rate_limiter
from deletion.kore.attempted import attempted
from deletion.kore.health import KoreHealth
from deletion.kore.rate_limiter import RateLimiter
from kore_api.account import KoreAccount
from kore_api.client import KoreClient, open_client
from kore_api.errors import CampaignNotFoundError, KoreError, KoreRateLimitError, KoreThrottledError, KoreUncountedError
from sandbox.faults import Faults
from sandbox.kore.api import KoreSandbox
from sandbox.kore.factories import sms_id
from sandbox.traffic import Traffic
from tests.kore_api.conftest import AUTH
from tests.kore_api.samples import ACCOUNT_ID, APP_ID

CALLS, WINDOW = 10, timedelta(seconds=1)
SOON = timedelta(seconds=0.3)


@dataclass
class Clock:
    """The database's time, which stands still until a test moves it."""

    at: datetime = field(default_factory=now)

    async def read(self, _connection: AsyncConnection) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(rate_limiter, "database_time", clock.read)
    return clock


@pytest.fixture
def limit(engine: AsyncEngine, clock: Clock) -> RateLimiter:  # noqa: ARG001 - its times are the clock's
    return RateLimiter(engine, CALLS, window=WINDOW, shortest_pause=SOON)


class SlowLine(httpx.AsyncHTTPTransport):
    """Transport take up to half a second to arrive, each a different time."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(random.uniform(0, 0.5))  # noqa: S311 - chance, no secret
        return await super().handle_async_request(request)


async def test_replicas_together_never_exceed_the_limit_and_use_what_it_allows(database_url: str) -> None:
    """Three replicas with a pool of their own each call as fast as they are let; Kore.ai counts what arrives."""
    kore = KoreSandbox(Faults(latency_ms=0), Traffic())
    kore.limit.set(CALLS, WINDOW.total_seconds())
    app = web.Application()
    app.add_routes(kore.routes())
    arrived = 0
    async with TestServer(app) as server, AsyncExitStack() as replicas:
        account = KoreAccount(base_url=str(server.make_url("/")), app_id=APP_ID, account_id=ACCOUNT_ID)

        async def call(client: KoreClient) -> None:
            nonlocal arrived
            while arrived < 3 * CALLS:
                try:
                    await client.get_campaign(sms_id(999))
                except CampaignNotFoundError:
                    arrived += 1
                except KoreThrottledError as error:
                    await asyncio.sleep(error.retry_after_seconds or 0)

        async with asyncio.TaskGroup() as callers:
            for _ in range(3):
                engine = open_engine(database_url)
                replicas.push_async_callback(engine.dispose)
                http = await replicas.enter_async_context(open_client(account, AUTH, transport=SlowLine()))
                client = KoreClient(account, http, RateLimiter(engine, CALLS, window=WINDOW), retry_wait=wait_none())
                for _ in range(5):
                    callers.create_task(call(client))

    assert kore.limit.refused == 0


async def test_a_full_minute_says_when_there_is_room_and_keeps_its_word(limit: RateLimiter, clock: Clock) -> None:
    for _ in range(CALLS):
        async with limit.acquire(0):
            pass
    with pytest.raises(KoreThrottledError) as caught:
        async with limit.acquire(0):
            pytest.fail("there was no place")

    seconds = caught.value.retry_after_seconds
    assert seconds is not None
    assert 0 < seconds <= WINDOW.total_seconds()
    clock.move(seconds)
    async with limit.acquire(0):
        pass


async def test_a_call_that_has_not_ended_keeps_its_place_whatever_the_time(limit: RateLimiter, clock: Clock) -> None:
    async with AsyncExitStack() as open_calls:
        for _ in range(CALLS):
            await open_calls.enter_async_context(limit.acquire(0))
        clock.move(WINDOW.total_seconds() + 0.1)
        with pytest.raises(KoreThrottledError):
            await open_calls.enter_async_context(limit.acquire(0))


async def test_a_call_whose_process_died_gives_its_place_back_in_the_end(
    limit: RateLimiter, engine: AsyncEngine
) -> None:
    async with AsyncExitStack() as open_calls:
        for _ in range(CALLS):
            await open_calls.enter_async_context(limit.acquire(0))
        async with engine.begin() as connection:
            left = (await connection.execute(sa.select(kore_places.c.until))).scalars().all()
            earlier = kore_places.update().values(until=min(left) - timedelta(minutes=2))
            await connection.execute(earlier)
        await open_calls.enter_async_context(limit.acquire(0))


@pytest.mark.parametrize("is_reported", [False, True])
async def test_clock_that_is_set_back_by_an_hour_delays_calls_for_no_hour(
    limit: RateLimiter, clock: Clock, *, is_reported: bool
) -> None:
    for _ in range(CALLS):
        async with limit.acquire(0):
            pass
    if is_reported:
        await limit.report_limited(None)
    clock.move(-3_600)

    with pytest.raises(KoreThrottledError) as full:
        await limit.acquire(0).__aenter__()

    assert full.value.retry_after_seconds is not None
    assert full.value.retry_after_seconds <= WINDOW.total_seconds()
    clock.move(full.value.retry_after_seconds)
    async with limit.acquire(0):
        pass


async def test_who_leaves_places_is_refused_first(limit: RateLimiter) -> None:
    for _ in range(CALLS - 4):
        async with limit.acquire(4):
            pass
    with pytest.raises(KoreThrottledError):
        async with limit.acquire(4):
            pytest.fail("these places are for a delete")
    for _ in range(4):
        async with limit.acquire(0):
            pass


@pytest.mark.parametrize(
    ("told", "at_least", "at_most"),
    [(0, 1, 1), (None, SOON.total_seconds(), WINDOW.total_seconds()), (86_400, 300, 300)],
)
async def test_when_kore_says_enough_every_replica_holds_back(  # noqa: PLR0917 - fixtures are arguments
    limit: RateLimiter, engine: AsyncEngine, clock: Clock, told: float | None, at_least: float, at_most: float
) -> None:
    another = RateLimiter(engine, CALLS, window=WINDOW)
    async with limit.acquire(0):
        pass

    seconds = await limit.report_limited(told)

    assert at_least <= seconds <= at_most
    with pytest.raises(KoreThrottledError) as caught:
        async with another.acquire(0):
            pytest.fail("Kore.ai had said enough")
    assert caught.value.retry_after_seconds == pytest.approx(seconds)
    if seconds <= WINDOW.total_seconds():
        clock.move(seconds)
        async with another.acquire(0):
            pass


async def test_a_database_that_fails_after_the_call_does_not_lose_its_answer(engine: AsyncEngine) -> None:
    limit = RateLimiter(engine, CALLS, window=WINDOW, shortest_pause=SOON)
    async with limit.acquire(0), engine.begin() as connection:
        await connection.run_sync(kore_places.drop)
    assert await limit.report_limited(None) == SOON.total_seconds()


async def test_call_that_the_database_cannot_count_is_not_sent_and_tried_again_later(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(kore_places.drop)

    async def call() -> None:
        async with RateLimiter(engine, CALLS).acquire(0):
            pytest.fail("nothing knows how many calls the other replicas make")

    with pytest.raises(KoreUncountedError, match="my database failed"):
        await call()
    with pytest.raises(FencedError, match="my database failed"):
        await attempted(call())


async def test_slow_database_after_the_call_does_not_hold_its_answer_back(
    engine: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(brief_write, "WRITE_SECONDS", 0.05)
    another = open_engine(database_url)
    until = sa.select(kore_places.c.until)
    async with asyncio.timeout(60), AsyncExitStack() as call:
        await call.enter_async_context(RateLimiter(engine, CALLS).acquire(0))
        async with another.begin() as locking:
            await locking.execute(kore_places.update().values(places=1))
            held = (await locking.execute(until)).scalar_one()
            await call.aclose()
            await KoreHealth(engine).record(None)
            assert (await locking.execute(until)).scalar_one() == held
        slow = [record.__dict__["write"] for record in caplog.records if record.message == "Kore.ai write is slow"]
        assert slow[0] == "rate-limit slot"
        await asyncio.gather(*brief_write.running)
        assert (await read(another, until))[0]["until"] < held
        assert (await KoreHealth(another).now()).answered_at
    await another.dispose()


@pytest.mark.parametrize("error", [KoreThrottledError, KoreRateLimitError])
def test_both_are_limits_and_nothing_has_happened(error: type[KoreError]) -> None:
    assert issubclass(error, KoreRateLimitError)
    assert not error.may_have_happened
