"""Every query of a command, a Home or a sweep finds its rows by an index on both databases."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import messages
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.domain.text.name_query import NameQuery
from deletion.stores.message_store import MessageStore
from deletion.stores.request_queries import RequestFilter, RequestQueries
from deletion.stores.request_store import RequestStore
from tests.deletion.kept_requests import SIZE, asked, keep, message, watched


@pytest.fixture
def lookup(engine: AsyncEngine) -> RequestQueries:
    return RequestQueries(engine)


async def many(engine: AsyncEngine, count: int) -> list[Request]:
    """Requests of ten people that ended within three weeks, and some that wait.

    Known to the planner of PostgreSQL, which looks by itself; SQLite's would know only if the bot told it to look.
    """
    states = [State.DELETED, State.REJECTED, State.GONE]
    ended = [asked(-10 * n, states[n % 3], n, requester_id=f"U0P{n % 10}") for n in range(count)]
    kept = [*ended, *(asked(0, State.AWAITING_APPROVAL, count + n) for n in range(5))]
    await keep(engine, *kept)
    async with engine.begin() as connection:
        told = [message(each, MessageKind.ORIGIN) for each in kept]
        await connection.execute(messages.insert(), [each.model_dump() for each in told])
        if connection.dialect.name == "postgresql":
            await connection.execute(sa.text("ANALYZE"))
    return kept


async def test_no_list_is_searched_through(engine: AsyncEngine, lookup: RequestQueries) -> None:
    kept = await many(engine, 3_000)
    sent = watched(engine)
    middle = kept[1_500]
    for wanted in (
        RequestFilter(),
        RequestFilter(requester_id=middle.requester_id),
        RequestFilter(campaign_id=middle.campaign.campaign_id),
        RequestFilter(since=middle.requested_at),
        RequestFilter(is_open=True),
    ):
        page = await lookup.history(wanted, None, SIZE)
        if page.after:
            page = await lookup.history(wanted, page.after, SIZE)
            await lookup.history(wanted, page.before, SIZE)
    await lookup.waiting_for("U0BOB", None, SIZE)
    await lookup.count_waiting_for("U0BOB", 21)
    await lookup.own_open("U0BOB", None, SIZE)
    await lookup.others_open("U0BOB", None, SIZE)
    await lookup.others_open("U0BOB", None, SIZE, but_waiting=True)
    await lookup.needs_a_look(SIZE)
    await lookup.lists([middle.model_copy(update={"list_id": middle.id})])
    ended = await lookup.ended(None, SIZE)
    await lookup.ended(ended.after, SIZE)
    await lookup.with_id(middle.id[:8], SIZE)
    await lookup.for_message("C0", "1732.1")
    await lookup.named(NameQuery.of("spring"), SIZE)
    await lookup.messages([middle])
    await lookup.delete_limits("T0", "U0BOB")

    assert len(sent) >= 20
    assert [plan for plan in await plans(engine, sent) if is_search(*plan)] == []


async def test_neither_a_command_nor_a_sweep_searches_through_what_has_ended(engine: AsyncEngine) -> None:
    await many(engine, 3_000)
    sent, store, day = watched(engine), RequestStore(engine), timedelta(days=1)
    await store.open_request("cd-3aefda80-f98e-5f4f-ad41-92803abb0001", None)
    await store.any_is_open()
    await store.unfinished(day)
    await store.expired(now())
    await store.awaiting_approval("", None, now())
    await store.unknown(now() - day)
    await MessageStore(engine).overdue_messages(day, within=timedelta(hours=2))
    await MessageStore(engine).probes()
    await store.due_now()
    await store.unanswered()
    await store.delete_limits("T0", "U0BOB")

    assert len(sent) == 12
    assert [plan for plan in await plans(engine, sent) if is_search(*plan)] == []


async def plans(engine: AsyncEngine, sent: Sequence[tuple[str, Any]]) -> list[tuple[str, str]]:
    """How the database goes about each statement."""
    word = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    found = []
    async with engine.connect() as connection:
        for statement, values in tuple(sent):
            rows = await connection.exec_driver_sql(f"{word} {statement}", values)
            found.append((statement, "\n".join(str(row[-1]) for row in rows)))
    return found


def is_search(statement: str, steps: str) -> bool:
    """Return whether the plan reads rows that the query does not return: a full scan, or a scan in time order."""
    few = ("freezes", "turned", "request_lists")  # tables of a handful of rows, here
    steps = "\n".join(step for step in steps.splitlines() if not any(f" on {name}" in step for name in few))
    is_whole = "Seq Scan on" in steps or "SCAN requests\n" in f"{steps}\n" or "SCAN messages" in steps
    in_order_of_time = "requests_by_time" in steps and "WHERE" in statement
    is_filtered = in_order_of_time and not ("(requested_at" in steps or "Index Cond" in steps)
    is_of_one_user = "requests_by_requester" in steps and "requests.state IN" in statement  # most of theirs have ended
    is_almost_whole = "requests_that_rebuild" in steps and "rebuilds IS NULL" in statement  # few requests rebuild
    is_filtered = is_filtered or is_of_one_user or is_almost_whole
    return is_whole or is_filtered or "requests_by_change (changed_at<?)" in steps
