"""Transactions of two replicas that overlap on PostgreSQL. On SQLite one waits for the other before its first read."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import open_engine
from deletion.db.postgresql import COUNT_LOCK, JOURNAL_LOCK
from deletion.db.tables import archives, journal, requests
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.recipients import direct
from deletion.domain.records import Entry, Snapshot, SnapshotKind
from deletion.domain.states import State
from deletion.kore.rate_limiter import RateLimiter
from deletion.lifecycle.transitions import Transitions
from deletion.lifecycle.undo_window import commit_by
from deletion.stores import archive_writes
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.hold_store import HoldStore
from deletion.stores.list_store import ListStore, Written
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import AlreadyRequestedError
from deletion.stores.row_mapping import row_of
from kore_api.errors import KoreThrottledError
from tests.deletion.values import campaign_list, freeze, hold, request

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

HANGS_AFTER_SECONDS = 120
POLICY = Policy(requesters=("U0ALICE",), approvers=("U0BOB",))
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def store(engine: AsyncEngine) -> ListStore:
    return ListStore(engine)


@pytest.fixture
def transitions(store: ListStore) -> Transitions:
    return Transitions(store, POLICY)


def entry(event: str = "requested") -> Entry:
    return Entry(at=now(), event=event, actor_id="U0ALICE", surface="test")


@asynccontextmanager
async def locked(url: str, lock: str) -> AsyncIterator[None]:
    """Hold this lock in another transaction for the duration of the block."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute(lock.encode())
        yield
        await connection.rollback()


def advisory(key: int) -> str:
    return f"SELECT pg_advisory_xact_lock({key})"


async def until_waiting(url: str, count: int) -> None:
    """Return once so many transactions wait for a lock."""
    async with (
        asyncio.timeout(HANGS_AFTER_SECONDS),
        await psycopg.AsyncConnection.connect(url, autocommit=True) as observer,
    ):
        while (await (await observer.execute(WAITING)).fetchone() or (0,))[0] < count:
            pass


async def keep(store: ListStore, *states: State) -> list[Request]:
    """Keep a list with a campaign of its own for each of these states."""
    made = of_campaigns(campaign_list(*states).requests, *(f"cd-{number}" for number in range(len(states))))
    assert await store.add_all([Written(each, entry(), []) for each in made], commit_by(now()))
    return made


def of_campaigns(made: Sequence[Request], *campaign_ids: str) -> list[Request]:
    return [
        each.model_copy(update={"campaign": each.campaign.model_copy(update={"campaign_id": campaign_id})})
        for each, campaign_id in zip(made, campaign_ids, strict=True)
    ]


@pytest.mark.parametrize("by", ["freeze", "hold"])
async def test_delete_that_waits_behind_a_freeze_or_hold_does_not_begin(
    store: ListStore, transitions: Transitions, engine: AsyncEngine, database_url: str, by: str
) -> None:
    approved = request()
    await store.add(approved, entry(), [])
    limits = await store.limits_of(approved)

    async with asyncio.TaskGroup() as tasks, locked(database_url, advisory(JOURNAL_LOCK)):
        if by == "freeze":
            tasks.create_task(FreezeStore(engine).freeze(freeze(), entry("frozen"), []))
        else:
            tasks.create_task(HoldStore(engine).hold(hold(), entry("campaign held")))
        await until_waiting(database_url, 1)
        begins = tasks.create_task(transitions.move(approved, State.DELETING, "attempting", expected_limits=limits))
        await until_waiting(database_url, 2)

    assert begins.result() is None
    assert await store.request(approved.id) == approved


async def test_two_requests_of_a_list_do_not_begin_in_overlapping_transactions(
    store: ListStore, transitions: Transitions, database_url: str
) -> None:
    first, second = await keep(store, State.APPROVED, State.APPROVED)

    async with asyncio.TaskGroup() as tasks, locked(database_url, "SELECT 1 FROM request_lists FOR UPDATE"):
        begun = [tasks.create_task(transitions.move(each, State.DELETING, "attempting")) for each in (first, second)]
        await until_waiting(database_url, 2)

    assert [each.result() is None for each in begun].count(True) == 1


async def test_request_of_a_list_does_not_begin_while_another_pauses_the_list(
    store: ListStore, transitions: Transitions, database_url: str
) -> None:
    first, second = await keep(store, State.DELETING, State.APPROVED)

    async with asyncio.TaskGroup() as tasks, locked(database_url, "SELECT 1 FROM request_lists FOR UPDATE"):
        tasks.create_task(transitions.move(first, State.UNKNOWN, "unknown"))
        await until_waiting(database_url, 1)
        begins = tasks.create_task(transitions.move(second, State.DELETING, "attempting"))
        await until_waiting(database_url, 2)

    assert begins.result() is None


async def test_two_lists_with_the_same_campaigns_in_opposite_orders_do_not_deadlock(
    store: ListStore, engine: AsyncEngine, database_url: str
) -> None:
    """Each inserts its first campaign, and a third request of the second one holds both up."""
    states = [State.AWAITING_APPROVAL] * 3
    first = of_campaigns(campaign_list(*states).requests, "cd-1", "cd-2", "cd-3")
    renamed = [each.model_copy(update={"id": f"f{each.id[1:]}"}) for each in campaign_list(*states).requests]
    second = of_campaigns(
        [each.model_copy(update={"list_id": renamed[0].id}) for each in renamed], "cd-3", "cd-2", "cd-1"
    )
    (in_between,) = of_campaigns([request(state=State.AWAITING_APPROVAL)], "cd-2")

    async with engine.connect() as connection:
        await connection.execute(requests.insert().values(row_of(in_between)))
        adding = [
            asyncio.create_task(store.add_all([Written(each, entry(), []) for each in made], commit_by(now())))
            for made in (first, second)
        ]
        await until_waiting(database_url, 2)
        await connection.rollback()
    kept = await asyncio.gather(*adding, return_exceptions=True)

    assert [type(each) for each in kept if each is not True] == [AlreadyRequestedError]


async def test_last_place_of_a_budget_goes_to_one_of_two_overlapping_approvals(
    store: ListStore, transitions: Transitions, database_url: str
) -> None:
    awaiting = of_campaigns([request(state=State.AWAITING_APPROVAL) for _ in range(2)], "cd-1", "cd-2")
    for each in awaiting:
        await store.add(each, entry(), [])
    limits = [await store.limits_of(each) for each in awaiting]

    async with asyncio.TaskGroup() as tasks:

        async def approve(each: Request, expected: DeleteLimits) -> Request | None:
            return await transitions.move(each, State.APPROVED, "approved", expected_limits=expected, approved_at=now())

        async with locked(database_url, advisory(JOURNAL_LOCK)):
            approved = [tasks.create_task(approve(*each)) for each in zip(awaiting, limits, strict=True)]
            await until_waiting(database_url, 2)

    assert [each.result() is None for each in approved].count(True) == 1


async def test_archive_of_a_campaign_that_is_put_on_hold_during_a_purge_stays(
    store: ListStore, engine: AsyncEngine, database_url: str
) -> None:
    deleted, taken_at = request(state=State.DELETED), now() - timedelta(days=1)
    await store.add(deleted, entry(), [])
    snapshot = Snapshot(request_id=deleted.id, kind=SnapshotKind.BEFORE, taken_at=taken_at, sha256="0" * 64)
    async with engine.begin() as connection:
        await connection.execute(archives.insert().values(snapshot.model_dump(mode="python")))

    async with asyncio.TaskGroup() as tasks, locked(database_url, advisory(JOURNAL_LOCK)):
        tasks.create_task(HoldStore(engine).hold(hold(), entry("campaign held")))
        await until_waiting(database_url, 1)
        purge = tasks.create_task(archive_writes.purge(engine, now(), entry("archive purged")))
        await until_waiting(database_url, 2)

    assert purge.result() == 0
    assert await store.snapshot(deleted.id, SnapshotKind.BEFORE) is not None
    async with engine.connect() as connection:
        events = await connection.scalars(sa.select(journal.c.event).order_by(journal.c.seq))
        assert list(events) == ["requested", "campaign held"]


async def test_end_of_a_rebuild_does_not_deadlock_with_the_reason_of_a_freeze(
    store: ListStore, transitions: Transitions, engine: AsyncEngine, database_url: str
) -> None:
    """Both mark the messages of a list as stale: another request of it is open."""
    deleted, _ = await keep(store, State.DELETED, State.APPROVED)
    rebuild = request(state=State.REBUILDING, rebuilds=deleted.id)
    await store.add(rebuild, entry(), [])
    await MessageStore(engine).add(direct(deleted))
    freezes, unexplained = FreezeStore(engine), freeze(reason="")
    assert await freezes.freeze(unexplained, entry("frozen"), [])
    explained = unexplained.model_copy(update={"reason": "The wrong list was loaded"})

    async with asyncio.TaskGroup() as tasks, locked(database_url, advisory(JOURNAL_LOCK)):
        explains = tasks.create_task(freezes.give_reason(explained, entry("freeze explained")))
        await until_waiting(database_url, 1)
        ends = tasks.create_task(transitions.move(rebuild, State.REBUILT, "rebuilt"))
        await until_waiting(database_url, 2)

    assert explains.result()
    assert ends.result()


async def test_rate_limit_holds_where_the_database_has_another_default_isolation(database_url: str) -> None:
    """A snapshot from before the lock would not show the calls of the replica that had it."""
    engine = open_engine(f"{database_url}?options=-c%20default_transaction_isolation%3Drepeatable%5C%20read")

    async def call() -> None:
        async with RateLimiter(engine, 1).acquire(0):
            pass

    async with locked(database_url, advisory(COUNT_LOCK)):
        calls = [asyncio.create_task(call()) for _ in range(2)]
        await until_waiting(database_url, 2)
    results = await asyncio.gather(*calls, return_exceptions=True)
    await engine.dispose()

    assert [type(each) for each in results if each] == [KoreThrottledError]
