"""A DELETE leaves only with a fresh reading and a lease that is not over, and nothing takes over before its end."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.attempt import Attempt, AttemptKind, Lease
from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.delete_executor import MAX_AGE_SECONDS
from deletion.lifecycle.execution import INTERRUPTED, INTERRUPTED_UNSENT
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.lease import ATTEMPT, LEASE
from deletion.lifecycle.transitions import Transitions
from deletion.stores.freeze_store import FreezeStore
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.values import all_parties_stand, person, request
from tests.kore_api.samples import SEEDED_ID


@asynccontextmanager
async def locked_requests(database_url: str) -> AsyncIterator[None]:
    """Let no transaction write a request; reads go on."""
    if database_url.startswith("sqlite"):
        other = sqlite3.connect(make_url(database_url).database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        await connection.execute("LOCK TABLE requests IN EXCLUSIVE MODE")
        yield
        await connection.rollback()


def rename(world: World, name: str) -> None:
    world.kore.memory.put(SEEDED_ID, {"name": name})


async def begun(world: World, **lease: Any) -> None:
    """Another replica has begun to delete and left no answer."""
    lasting = {"version": 1, "until": now() + LEASE, "sending_at": None, **lease}
    await world.change(state=State.DELETING, changed_at=now(), lease=Lease(**lasting).model_dump(mode="json"))


@pytest.mark.parametrize(
    ("name", "ended", "deletes"), [("KEEP - legal hold", State.CHANGED, 0), (None, State.DELETED, 1)]
)
async def test_campaign_is_read_again_when_swap_waited_for_database(
    world: World, database_url: str, name: str | None, ended: State, deletes: int
) -> None:
    async with asyncio.TaskGroup() as tasks, AsyncExitStack() as lock:

        async def release() -> None:
            world.clock.moved_seconds += MAX_AGE_SECONDS + 0.1
            await lock.aclose()

        async def lock_requests() -> None:
            await lock.enter_async_context(locked_requests(database_url))
            if name:
                rename(world, name)
            tasks.create_task(release())

        world.leases.before_swap = lock_requests
        assert await world.advance() is None

    assert (await world.request()).state is ended
    assert world.deletes_sent() == deletes


async def test_delete_is_not_sent_when_rate_limiter_took_longer_than_a_reading_lasts(world: World) -> None:
    async def be_slow() -> None:
        rename(world, "KEEP - legal hold")
        world.clock.moved_seconds += 3

    world.limit.before_sending = be_slow

    retried_at = await world.advance()

    held_back = await world.request()
    assert (held_back.state, held_back.execute_after) == (State.APPROVED, retried_at)
    assert held_back.attempt is not None
    assert held_back.attempt.kind is AttemptKind.NOT_SENT
    assert held_back.lease is None
    await world.change(execute_after=now() - timedelta(seconds=1))
    assert await world.advance() is None
    assert (await world.request()).state is State.CHANGED
    assert world.deletes_sent() == 0


async def test_create_is_not_sent_after_end_of_lease(world: World) -> None:
    await world.advance()
    deleted = await world.request()
    rebuild = request(campaign=deleted.campaign, rebuilds=world.id, flow_name="Support")
    await world.store.add(rebuild, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    there = len(world.kore.memory.campaigns)

    async def be_suspended() -> None:
        world.clock.moved_seconds += LEASE.total_seconds()

    world.limit.before_sending = be_suspended

    assert await world.advance(rebuild.id)

    held_back = await world.request(rebuild.id)
    assert held_back.state is State.APPROVED
    assert len(world.kore.memory.campaigns) == there


async def suspended(world: World, meanwhile: Callable[[], Awaitable[None]]) -> None:
    """Execute the request, and suspend the process between its swap to "deleting" and its DELETE."""

    async def wake_up_late() -> None:
        lease = (await world.request()).lease
        assert lease, "the swap wrote it"
        over = lease.model_copy(update={"until": now() - ATTEMPT})
        await world.change(lease=over.model_dump(mode="json"))
        await meanwhile()

    world.limit.before_sending = wake_up_late
    await world.advance()


async def test_suspended_process_sends_nothing_after_another_replica_took_over(world: World) -> None:
    async def take_over() -> None:
        assert await world.advance() is None

    await suspended(world, take_over)

    assert (await world.request()).state is State.DELETED
    assert world.deletes_sent() == 1
    assert (await world.events()).count("attempting") == 2


async def test_suspended_process_sends_nothing_after_request_was_stopped(world: World) -> None:
    parties = all_parties_stand(world.store, POLICY)
    decisions = Decisions(world.store, Transitions(world.store, POLICY), None, parties, POLICY)  # type: ignore[arg-type]  # deciding asks Kore.ai nothing

    async def take_over_and_stop() -> None:
        await world.execution._recover(await world.request())  # noqa: SLF001 - and not the attempt that follows
        await decisions.record(Permit(Action.STOP, person("U0ALICE"), world.id), surface="button")

    await suspended(world, take_over_and_stop)

    assert (await world.request()).state is State.STOPPED
    assert world.deletes_sent() == 0


async def test_begun_delete_is_not_sent_after_a_freeze(world: World) -> None:
    freezing = Freezing(world.store, FreezeStore(world.database), POLICY)

    async def freeze() -> None:
        await freezing.freeze(Permit(Action.FREEZE, person("U0BOB")), "C0", "The wrong list was loaded")

    world.limit.before_sending = freeze
    await world.advance()

    *_, entry = await world.store.entries(world.id)
    assert entry.details["why"] == "It was changed, frozen or put on hold before anything was sent."
    assert (entry.event, world.deletes_sent()) == ("not sent", 0)


async def test_begun_request_is_under_way_until_lease_and_request_time_out(world: World) -> None:
    freezing = Freezing(world.store, FreezeStore(world.database), POLICY)
    await begun(world, until=now() - ATTEMPT + timedelta(seconds=60))
    assert [found.id for found in await freezing.under_way()] == [world.id]
    await begun(world, until=now() - ATTEMPT)
    assert await freezing.under_way() == []


async def test_no_replica_takes_over_before_lease_and_request_time_out(world: World) -> None:
    await begun(world)
    lease = (await world.request()).lease
    assert lease

    assert await world.advance() == lease.until + ATTEMPT

    assert (await world.request()).state is State.DELETING


async def test_interrupted_delete_that_never_left_is_attempted_again(world: World) -> None:
    await begun(world, until=now() - ATTEMPT)

    assert await world.advance() is None

    assert (await world.request()).state is State.DELETED
    recovered = (await world.store.entries(world.id))[1]
    assert (recovered.event, recovered.details["why"]) == ("not sent", INTERRUPTED_UNSENT)
    assert world.deletes_sent() == 1


async def test_delete_that_left_after_the_row_was_read_is_not_attempted_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replica is suspended between its reading of the row and of the time, and its sender dies meanwhile."""
    await begun(world, until=now() - ATTEMPT)
    read, database_time = await world.request(), world.store.database_time
    sent_at: list[datetime | None] = []

    async def be_suspended() -> datetime:
        if not sent_at:
            sent_at.append(await world.store.begin_sending(read))
        return await database_time()

    monkeypatch.setattr(world.store, "database_time", be_suspended)

    assert await world.advance() is None

    unknown = await world.request()
    assert unknown.state is State.UNKNOWN
    assert unknown.attempt
    assert unknown.attempt.kind is AttemptKind.NO_ANSWER
    assert world.deletes_sent() == 0


@pytest.mark.parametrize(
    "lease",
    [
        {"until": ATTEMPT, "sending_at": ATTEMPT + timedelta(seconds=3)},
        {"until": ATTEMPT, "version": 0},  # the row was changed since by a version that knows no lease
        None,
    ],
)
async def test_interrupted_delete_that_may_have_left_is_not_attempted_again(
    world: World, lease: dict[str, Any] | None
) -> None:
    at = now()
    facts = {name: at - fact if isinstance(fact, timedelta) else fact for name, fact in (lease or {}).items()}
    await begun(world, **facts)
    began_at = now() - timedelta(minutes=1)
    await world.change(changed_at=began_at, **({} if lease else {"lease": None}))

    assert await world.advance() is None

    unknown = await world.request()
    assert unknown.state is State.UNKNOWN
    sent_at = facts.get("sending_at", began_at)
    assert unknown.attempt == Attempt(kind=AttemptKind.NO_ANSWER, at=sent_at, explanation=INTERRUPTED)
    assert world.deletes_sent() == 0
