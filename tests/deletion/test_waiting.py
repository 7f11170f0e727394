"""Kore.ai's limit is used up: an approved delete waits, goes on by itself, and never says what is not so."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
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
from deletion.lifecycle.execution import Execution, Next
from deletion.lifecycle.rate_limit_pause import GAVE_UP
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.transitions import Transitions
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from kore_api.account import KoreAccount
from kore_api.client import KoreClient, open_client
from kore_api.models import Campaign
from sandbox.faults import Fault, Faults
from sandbox.kore.api import KoreSandbox
from sandbox.traffic import Traffic
from slack_ui.messages import thread_line
from tests.deletion.values import person, request
from tests.kore_api.conftest import AUTH
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID

CALLS = 12
KEY = SecretStr(Fernet.generate_key().decode())
POLICY = Policy()


@dataclass
class World:
    """A request to delete the first campaign of a Kore.ai that remembers, executed by hand."""

    database: AsyncEngine
    store: RequestStore
    execution: Execution
    limit: RateLimiter
    kore: KoreSandbox
    faults: Faults
    id: str

    async def request(self) -> Request:
        found = await self.store.request(self.id)
        assert found, "kept at the beginning"
        return found

    async def change(self, **values: Any) -> None:
        async with self.database.begin() as connection:
            await connection.execute(requests.update().values(**values))

    async def use_up(self, leaving: int) -> None:
        """Somebody else takes the places of this minute, all but so many."""
        for _ in range(CALLS - leaving):
            async with self.limit.acquire(0):
                pass

    async def a_minute_later(self) -> None:
        """Every place is free again, and the time for which the request waits is over."""
        async with self.database.begin() as connection:
            await connection.execute(kore_places.delete())
        await self.change(execute_after=now() - timedelta(seconds=1))

    async def events(self) -> list[str]:
        return [entry.event for entry in await self.store.entries(self.id)]

    def deletes(self) -> int:
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
            rebuilding = Rebuilding(store, PreviewStore(database), transitions, campaign, archive)
            execution = Execution(store, transitions, campaign, archive, rebuilding)
            seen = Campaign.model_validate(kore.memory.campaigns[SEEDED_ID])
            kept = request(campaign=CampaignFingerprint.of(seen))
            entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
            await store.add(kept, entry, recipients(kept, entry, POLICY))
            yield World(database, store, execution, limit, kore, faults, kept.id)
    await database.dispose()


async def test_a_minute_without_room_for_a_whole_delete_sends_nothing_and_says_when_it_goes_on(world: World) -> None:
    await world.use_up(leaving=3)

    assert await world.execution.attempt_delete(world.id) is Next.LATER

    waiting = await world.request()
    assert waiting.state is State.APPROVED
    assert waiting.waiting_since is not None
    assert waiting.execute_after is not None
    assert timedelta(seconds=30) < waiting.execute_after - now() <= timedelta(seconds=60)
    assert waiting.attempt is None
    assert await world.execution.attempt_delete(world.id) is Next.LATER
    assert await world.events() == ["requested", "waiting for Kore.ai"]
    assert world.kore.limit.most == 0
    assert await world.store.unfinished(timedelta(0)) == []


async def test_it_goes_on_as_if_nothing_had_been(world: World) -> None:
    await world.use_up(leaving=3)
    await world.execution.attempt_delete(world.id)
    assert await world.execution.due(world.id) == (await world.request()).execute_after
    await world.a_minute_later()

    assert await world.execution.attempt_delete(world.id) is Next.VERIFY
    assert await world.execution.verify(world.id) is Next.NOTHING

    assert (await world.request()).state is State.DELETED
    assert await world.events() == ["requested", "waiting for Kore.ai", "attempting", "attempted", "deleted"]


async def test_a_delete_refused_for_the_limit_is_no_failure_and_is_read_again_before_another_one(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit", retry_after_seconds=20))

    assert await world.execution.attempt_delete(world.id) is Next.LATER

    waiting = await world.request()
    assert waiting.state is State.APPROVED
    assert waiting.attempt is not None
    assert waiting.attempt.kind is AttemptKind.REFUSED
    assert "per-minute rate limit" in waiting.attempt.kore_message
    (*_, entry) = await world.store.entries(world.id)
    assert (entry.event, entry.details["attempt"]) == ("waiting for Kore.ai", "refused")
    assert "per-minute rate limit" in entry.details["kore_message"]

    await world.a_minute_later()
    world.kore.memory.put(SEEDED_ID, {"status": "Active"})
    assert await world.execution.attempt_delete(world.id) is Next.NOTHING
    changed = await world.request()
    assert changed.state is State.CHANGED
    assert changed.attempt == waiting.attempt
    assert world.deletes() == 1


async def test_a_delete_that_finds_no_place_is_not_sent(world: World) -> None:
    world.faults.add(Fault("kore", "get", "delay", delay_ms=1_000))

    async def others_are_quicker() -> None:
        while not world.kore.limit.most:  # noqa: ASYNC110 - the read arrives when it arrives
            await asyncio.sleep(0.01)
        await world.use_up(leaving=1)

    went_on, _ = await asyncio.gather(world.execution.attempt_delete(world.id), others_are_quicker())

    assert went_on is Next.LATER
    waiting = await world.request()
    assert waiting.state is State.APPROVED
    assert waiting.attempt is not None
    assert waiting.attempt.kind is AttemptKind.NOT_SENT
    assert world.deletes() == 0
    assert await world.events() == ["requested", "attempting", "waiting for Kore.ai"]


@pytest.mark.parametrize("left", [0, 1])
async def test_a_delete_that_was_sent_is_looked_at_later_rather_than_called_unknown(world: World, left: int) -> None:
    assert await world.execution.attempt_delete(world.id) is Next.VERIFY
    await world.use_up(leaving=2 + left)

    assert await world.execution.verify(world.id) is Next.LATER

    waiting = await world.request()
    assert waiting.state is State.DELETING
    assert waiting.waiting_since is not None
    assert await world.execution.verify(world.id) is Next.LATER
    assert await world.request() == waiting
    await world.a_minute_later()
    assert await world.execution.verify(world.id) is Next.NOTHING
    assert (await world.request()).state is State.DELETED


async def test_who_takes_over_an_interrupted_delete_waits_too_and_remembers_that_one_may_have_been_sent(
    world: World,
) -> None:
    await world.change(state=State.DELETING)
    await world.use_up(leaving=0)
    assert await world.execution.recover(world.id) is Next.LATER
    await world.a_minute_later()
    await world.change(changed_at=now() - timedelta(minutes=5))

    assert await world.execution.recover(world.id) is Next.DELETE

    back = await world.request()
    assert (back.state, back.observation, back.waiting_since) == (State.APPROVED, Observation.PRESENT, None)
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True
    assert await world.execution.attempt_delete(world.id) is Next.NOTHING
    gone = await world.request()
    assert gone.state is State.GONE
    assert gone.attempt is not None
    assert gone.attempt.kind is AttemptKind.NO_ANSWER
    assert world.deletes() == 0


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
async def test_nobody_waits_for_ever(
    world: World, state: State, attempt: Attempt | None, waited: timedelta, ended: State
) -> None:
    kept = attempt and attempt.model_dump(mode="json")
    await world.change(state=state, attempt=kept, waiting_since=now() - waited)
    await world.use_up(leaving=0)
    step = world.execution.attempt_delete if state is State.APPROVED else world.execution.verify
    if state is State.DELETING and attempt is None:
        step = world.execution.recover

    assert await step(world.id) is Next.NOTHING

    told = await world.request()
    assert told.state is ended
    assert told.attempt is not None
    if attempt is None and state is State.APPROVED:
        assert (told.attempt.kind, told.attempt.explanation) == (AttemptKind.NOT_SENT, GAVE_UP)


async def test_a_delete_that_is_refused_for_the_limit_for_an_hour_is_given_up(world: World) -> None:
    await world.change(waiting_since=now() - timedelta(minutes=61))
    world.faults.add(Fault("kore", "delete", "rate_limit", status=200))

    assert await world.execution.attempt_delete(world.id) is Next.VERIFY
    assert await world.execution.verify(world.id) is Next.LATER
    await world.a_minute_later()
    assert await world.execution.verify(world.id) is Next.NOTHING

    assert (await world.request()).state is State.FAILED
    assert world.deletes() == 1


async def test_the_watch_over_an_unknown_outcome_gives_way_to_people_and_deletes(world: World) -> None:
    await world.change(state=State.UNKNOWN, attempt=LOST.model_dump(mode="json"))
    await world.use_up(leaving=8)

    assert not await world.execution.recheck(world.id)
    assert world.kore.limit.most == 0
    await world.a_minute_later()
    assert await world.execution.recheck(world.id)


async def test_stopped_while_it_waits_it_sends_nothing_and_does_not_claim_that_nothing_was_sent(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit"))
    await world.execution.attempt_delete(world.id)
    decisions = Decisions(world.store, Transitions(world.store, POLICY), None, POLICY)  # type: ignore[arg-type]  # deciding asks Kore.ai nothing

    await decisions.record(Permit(Action.STOP, person("U0ALICE"), world.id), surface="button")
    await world.change(execute_after=now() - timedelta(seconds=1))

    assert await world.execution.attempt_delete(world.id) is Next.NOTHING
    assert world.deletes() == 1
    (*_, entry) = await world.store.entries(world.id)
    assert (
        thread_line.line(entry, await world.request(), POLICY)
        == "<@U0ALICE> stopped it before another delete was sent."
    )


async def test_a_rebuild_that_finds_no_place_waits_and_creates_one_campaign(world: World) -> None:
    await world.execution.attempt_delete(world.id)
    await world.execution.verify(world.id)
    deleted = await world.request()
    rebuild = request(campaign=deleted.campaign, purpose=Purpose.REBUILD, rebuilds=world.id, flow_name="Support")
    await world.store.add(rebuild, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    await world.use_up(leaving=4)

    assert await world.execution.attempt_delete(rebuild.id) is Next.LATER

    waiting = await world.store.request(rebuild.id)
    assert waiting is not None
    assert waiting.state is State.APPROVED
    assert waiting.attempt is not None
    assert waiting.attempt.kind is AttemptKind.NOT_SENT
    there = len(world.kore.memory.campaigns)
    await world.a_minute_later()
    assert await world.execution.attempt_delete(rebuild.id) is Next.VERIFY
    await world.use_up(leaving=1)
    assert await world.execution.verify(rebuild.id) is Next.LATER
    await world.a_minute_later()
    assert await world.execution.verify(rebuild.id) is Next.NOTHING
    ended = await world.store.request(rebuild.id)
    assert ended is not None
    assert ended.state is State.REBUILT
    assert len(world.kore.memory.campaigns) == there + 1
