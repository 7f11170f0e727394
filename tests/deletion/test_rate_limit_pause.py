"""While Kore.ai's rate limit is used up a request pauses, goes on by itself, and never claims an outcome."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine
from tenacity import wait_none

from deletion.db.connection import migrate, open_engine
from deletion.db.tables import kore_places, requests
from deletion.domain.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Attempt, AttemptKind, Entry, Observation, Purpose, Request, State
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.kore.rate_limiter import RateLimiter
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.rate_limit_pause import GAVE_UP
from deletion.lifecycle.rebuild_executor import RebuildExecutor
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from kore_api.account import KoreAccount
from kore_api.client import KoreClient, open_client
from kore_api.models import Campaign
from sandbox.faults import Fault, Faults
from sandbox.kore.api import KoreSandbox
from sandbox.kore.campaign_state import as_read
from sandbox.traffic import Traffic
from slack_ui.messages import thread_line
from tests.deletion.values import all_parties_stand, person, request
from tests.kore_api.conftest import AUTH
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID

CALLS = 12
KEY = SecretStr(Fernet.generate_key().decode())
POLICY = Policy()


@dataclass
class World:
    """An approved request to delete the sandbox's first campaign, executed step by step."""

    database: AsyncEngine
    store: RequestStore
    execution: Execution
    deletes: DeleteExecutor
    rebuilds: RebuildExecutor
    limit: RateLimiter
    kore: KoreSandbox
    faults: Faults
    id: str

    async def request(self, request_id: str | None = None) -> Request:
        found = await self.store.request(request_id or self.id)
        assert found, "added by the fixture or by the test"
        return found

    async def advance(self, request_id: str | None = None) -> datetime | None:
        return await self.execution.advance(request_id or self.id)

    async def attempt(self) -> None:
        """Send the DELETE without verifying it."""
        request = await self.request()
        await self.deletes.attempt(request, await self.store.delete_limits(request.team_id, request.requester_id))

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

    def deletes_sent(self) -> int:
        return len(self.kore.memory.deletes)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    migrate(database_url)
    database = open_engine(database_url)
    store = RequestStore(database)
    faults = Faults(latency_ms=0)
    kore = KoreSandbox(faults, Traffic())
    app = web.Application()
    app.add_routes(kore.routes())
    async with TestServer(app) as server:
        account = KoreAccount(base_url=str(server.make_url("/")), app_id=APP_ID, account_id=ACCOUNT_ID)
        async with open_client(account, AUTH) as http:
            limit = RateLimiter(database, CALLS)
            campaign = CampaignGateway(KoreClient(account, http, limit, retry_wait=wait_none()))
            transitions, archive = Transitions(store, POLICY), Archive(store, [KEY])
            deletes = DeleteExecutor(transitions, campaign, archive)
            rebuilds = RebuildExecutor(transitions, campaign, archive)
            parties = all_parties_stand(store, POLICY)
            execution = Execution(store, transitions, parties, delete=deletes, rebuild=rebuilds)
            seen = Campaign.model_validate(as_read(kore.memory.campaigns[SEEDED_ID]))
            kept = request(campaign=CampaignFingerprint.of(seen))
            entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
            await store.add(kept, entry, recipients(kept, entry, POLICY))
            yield World(database, store, execution, deletes, rebuilds, limit, kore, faults, kept.id)
    await database.dispose()


async def test_request_pauses_when_minute_has_no_room_for_whole_delete(world: World) -> None:
    await world.use_up(leaving=3)

    paused_until = await world.advance()

    waiting = await world.request()
    assert waiting.state is State.APPROVED
    assert waiting.waiting_since is not None
    assert waiting.execute_after == paused_until is not None
    assert timedelta(seconds=30) < paused_until - now() <= timedelta(seconds=60)
    assert waiting.attempt is None
    assert await world.advance() == paused_until
    assert await world.events() == ["requested", "waiting for Kore.ai"]
    assert world.kore.limit.most == 0
    assert await world.store.unfinished(timedelta(0)) == []


async def test_paused_request_is_deleted_when_pause_ends(world: World) -> None:
    await world.use_up(leaving=3)
    assert await world.advance()
    await world.a_minute_later()

    assert await world.advance() is None

    assert (await world.request()).state is State.DELETED
    assert await world.events() == ["requested", "waiting for Kore.ai", "attempting", "attempted", "deleted"]


async def test_delete_refused_for_rate_limit_rereads_campaign_before_next_delete(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit", retry_after_seconds=20))

    paused_until = await world.advance()

    waiting = await world.request()
    assert (waiting.state, waiting.execute_after) == (State.APPROVED, paused_until)
    assert waiting.attempt is not None
    assert waiting.attempt.kind is AttemptKind.REFUSED
    assert "per-minute rate limit" in waiting.attempt.kore_message
    (*_, entry) = await world.store.entries(world.id)
    assert (entry.event, entry.details["attempt"]) == ("waiting for Kore.ai", "refused")
    assert "per-minute rate limit" in entry.details["kore_message"]

    await world.a_minute_later()
    world.kore.memory.put(SEEDED_ID, {"status": "Active"})
    assert await world.advance() is None
    changed = await world.request()
    assert changed.state is State.CHANGED
    assert changed.attempt == waiting.attempt
    assert world.deletes_sent() == 1


async def test_delete_that_gets_no_call_is_not_sent(world: World) -> None:
    world.faults.add(Fault("kore", "get", "delay", delay_ms=1_000))

    async def use_up_during_read() -> None:
        while not world.kore.limit.most:  # noqa: ASYNC110 - the read arrives when it arrives
            await asyncio.sleep(0.01)
        await world.use_up(leaving=1)

    paused_until, _ = await asyncio.gather(world.advance(), use_up_during_read())

    waiting = await world.request()
    assert (waiting.state, waiting.execute_after) == (State.APPROVED, paused_until)
    assert waiting.attempt is not None
    assert waiting.attempt.kind is AttemptKind.NOT_SENT
    assert world.deletes_sent() == 0
    assert await world.events() == ["requested", "attempting", "waiting for Kore.ai"]


@pytest.mark.parametrize("left", [0, 1])
async def test_sent_delete_is_verified_after_pause_rather_than_called_unknown(world: World, left: int) -> None:
    await world.attempt()
    await world.use_up(leaving=2 + left)

    paused_until = await world.advance()

    waiting = await world.request()
    assert (waiting.state, waiting.execute_after) == (State.DELETING, paused_until)
    assert waiting.waiting_since is not None
    assert await world.advance() == paused_until
    assert await world.request() == waiting
    await world.a_minute_later()
    assert await world.advance() is None
    assert (await world.request()).state is State.DELETED


async def test_recovery_pauses_too_and_remembers_that_a_delete_may_have_been_sent(world: World) -> None:
    await world.change(state=State.DELETING)
    await world.use_up(leaving=0)
    assert await world.advance() == (await world.request()).execute_after
    await world.a_minute_later()

    await world.deletes.recover(await world.request())

    back = await world.request()
    assert (back.state, back.observation, back.waiting_since) == (State.APPROVED, Observation.PRESENT, None)
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True
    assert await world.advance() is None
    gone = await world.request()
    assert gone.state is State.GONE
    assert gone.attempt is not None
    assert gone.attempt.kind is AttemptKind.NO_ANSWER
    assert world.deletes_sent() == 0


LOST = Attempt(kind=AttemptKind.NO_ANSWER, at=now())
CONFIRMED = Attempt(kind=AttemptKind.CONFIRMED, at=now())


@pytest.mark.parametrize(
    ("state", "attempt", "waited", "ended"),
    [
        (State.APPROVED, None, timedelta(minutes=61), State.FAILED),
        (State.APPROVED, LOST, timedelta(minutes=61), State.UNKNOWN),
        (State.DELETING, CONFIRMED, timedelta(minutes=11), State.UNKNOWN),
        (State.DELETING, None, timedelta(minutes=11), State.UNKNOWN),
    ],
)
async def test_pause_has_a_maximum(
    world: World, state: State, attempt: Attempt | None, waited: timedelta, ended: State
) -> None:
    kept = attempt and attempt.model_dump(mode="json")
    await world.change(state=state, attempt=kept, waiting_since=now() - waited)
    await world.use_up(leaving=0)

    assert await world.advance() is None

    told = await world.request()
    assert told.state is ended
    assert told.attempt is not None
    if attempt is None and state is State.APPROVED:
        assert (told.attempt.kind, told.attempt.explanation) == (AttemptKind.NOT_SENT, GAVE_UP)


async def test_delete_refused_for_rate_limit_for_an_hour_is_given_up(world: World) -> None:
    await world.change(waiting_since=now() - timedelta(minutes=61))
    world.faults.add(Fault("kore", "delete", "rate_limit", status=200))

    assert await world.advance() == (await world.request()).execute_after is not None
    await world.a_minute_later()
    assert await world.advance() is None

    assert (await world.request()).state is State.FAILED
    assert world.deletes_sent() == 1


async def test_recheck_of_unknown_outcome_leaves_calls_to_deletes_and_interactive_reads(world: World) -> None:
    await world.change(state=State.UNKNOWN, attempt=LOST.model_dump(mode="json"))
    await world.use_up(leaving=8)

    assert not await world.deletes.recheck(await world.request())
    assert world.kore.limit.most == 0
    await world.a_minute_later()
    assert await world.deletes.recheck(await world.request())


async def test_request_stopped_during_pause_does_not_claim_that_nothing_was_sent(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit"))
    await world.advance()
    parties = all_parties_stand(world.store, POLICY)
    decisions = Decisions(world.store, Transitions(world.store, POLICY), None, parties, POLICY)  # type: ignore[arg-type]  # deciding asks Kore.ai nothing

    await decisions.record(Permit(Action.STOP, person("U0ALICE"), world.id), surface="button")
    await world.change(execute_after=now() - timedelta(seconds=1))

    assert await world.advance() is None
    assert world.deletes_sent() == 1
    (*_, entry) = await world.store.entries(world.id)
    assert (
        thread_line.line(entry, await world.request(), POLICY)
        == "<@U0ALICE> stopped it before another delete was sent."
    )


async def test_rebuild_that_gets_no_call_pauses_and_creates_one_campaign(world: World) -> None:
    await world.advance()
    deleted = await world.request()
    rebuild = request(campaign=deleted.campaign, purpose=Purpose.REBUILD, rebuilds=world.id, flow_name="Support")
    await world.store.add(rebuild, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    await world.use_up(leaving=4)

    paused_until = await world.advance(rebuild.id)

    waiting = await world.request(rebuild.id)
    assert (waiting.state, waiting.execute_after) == (State.APPROVED, paused_until)
    assert waiting.attempt is not None
    assert waiting.attempt.kind is AttemptKind.NOT_SENT
    there = len(world.kore.memory.campaigns)
    await world.a_minute_later()
    await world.rebuilds.attempt(waiting, await world.store.delete_limits("T0", "U0ALICE"))
    await world.use_up(leaving=1)
    assert await world.advance(rebuild.id) == (await world.request(rebuild.id)).execute_after is not None
    await world.a_minute_later()
    assert await world.advance(rebuild.id) is None
    assert (await world.request(rebuild.id)).state is State.REBUILT
    assert len(world.kore.memory.campaigns) == there + 1
