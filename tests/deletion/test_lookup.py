"""What people look up, on SQLite and on a real PostgreSQL: whole pages, in order, each found by an index."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.list_tables import request_lists
from deletion.db.tables import messages, requests
from deletion.domain.clock import now
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.domain.text.name_query import NameQuery
from deletion.stores.message_store import MessageStore
from deletion.stores.overview import PAGE, Section, overview
from deletion.stores.request_queries import NAMES_LOOKED_THROUGH, NEEDS_A_LOOK_FOR, Page, RequestFilter, RequestQueries
from deletion.stores.request_store import RequestStore
from deletion.stores.row_mapping import row_of
from tests.deletion.values import fingerprint, person, request

SIZE = 3
FIRST = now() - timedelta(days=2)  # the same number of rows lies within the last hour at any time of day


@pytest.fixture
def lookup(engine: AsyncEngine) -> RequestQueries:
    return RequestQueries(engine)


def asked(minute: int, state: State = State.DELETED, campaign_number: int = 1, **changes: object) -> Request:
    """A request of that minute after the first."""
    campaign_id = f"cd-3aefda80-f98e-5f4f-ad41-92803abb{campaign_number:04}"
    at = FIRST + timedelta(minutes=minute)
    seen = fingerprint().model_copy(update={"campaign_id": campaign_id, "name": changes.pop("name", "Spring Sale")})
    return request(state=state, requested_at=at, changed_at=at, campaign=seen, **changes)


def message(of: Request, kind: MessageKind) -> Message:
    ts = f"{of.id[:24]}.{kind}"
    return Message(request_id=of.id, key=f"{kind}-1", kind=kind, target_id="C0", channel_id="C0", ts=ts)


async def keep(engine: AsyncEngine, *kept: Request) -> None:
    async with engine.begin() as connection:
        await connection.execute(requests.insert(), [row_of(each) for each in kept])


async def walk(lookup: RequestQueries, wanted: RequestFilter) -> list[Page]:
    """Every page to the last one, and it is the same way back."""
    pages = [await lookup.history(wanted, None, SIZE)]
    while pages[-1].after:
        pages.append(await lookup.history(wanted, pages[-1].after, SIZE))
    back = pages[-1]
    for page in reversed(pages[:-1]):
        back = await lookup.history(wanted, back.before, SIZE)
        assert back == page
    assert back.before is None
    return pages


@pytest.mark.parametrize("count", [0, 1, SIZE - 1, SIZE, SIZE + 1, 2 * SIZE, 2 * SIZE + 1])
async def test_every_request_is_on_one_page_newest_first(
    engine: AsyncEngine, lookup: RequestQueries, count: int
) -> None:
    # Two of each minute: the id tells apart what has the same time.
    kept = [asked(minute // 2) for minute in range(count)]
    if kept:
        await keep(engine, *kept)

    pages = await walk(lookup, RequestFilter())

    newest_first = sorted(kept, key=lambda each: (each.requested_at, each.id), reverse=True)
    assert [each for page in pages for each in page.requests] == newest_first
    assert all(len(page.requests) == SIZE for page in pages[:-1])
    assert len(pages) == max(1, -(-count // SIZE))


async def test_a_list_is_of_one_person_one_campaign_a_time_or_all_of_these(
    engine: AsyncEngine, lookup: RequestQueries
) -> None:
    bobs = [asked(minute, requester_id="U0BOB", campaign_number=minute % 2) for minute in range(4)]
    alices = [asked(minute, campaign_number=minute % 2) for minute in range(4)]
    await keep(engine, *bobs, *alices)
    first = bobs[1].campaign.campaign_id

    async def found(**wanted: object) -> set[str]:
        pages = await walk(lookup, RequestFilter.model_validate(wanted))
        return {each.id for page in pages for each in page.requests}

    assert await found(requester_id="U0BOB") == {each.id for each in bobs}
    assert await found(campaign_id=first) == {each.id for each in (*bobs[1::2], *alices[1::2])}
    assert await found(since=FIRST + timedelta(minutes=2)) == {each.id for each in (*bobs[2:], *alices[2:])}
    assert await found(requester_id="U0BOB", campaign_id=first, since=FIRST + timedelta(minutes=2)) == {bobs[3].id}
    assert await found(requester_id="U0NOBODY") == set()


async def test_a_page_that_has_emptied_meanwhile_is_the_first_one(engine: AsyncEngine, lookup: RequestQueries) -> None:
    kept = [asked(minute, State.AWAITING_APPROVAL, minute) for minute in range(SIZE + 1)]
    await keep(engine, *kept)
    first = await lookup.history(RequestFilter(is_open=True), None, SIZE)
    async with engine.begin() as connection:
        oldest = requests.update().where(requests.c.id == kept[0].id)
        await connection.execute(oldest.values(state=State.REJECTED))

    assert await lookup.history(RequestFilter(is_open=True), first.after, SIZE) == Page(first.requests)


async def test_what_waits_for_somebody_is_what_they_may_decide_the_oldest_first(
    engine: AsyncEngine, lookup: RequestQueries
) -> None:
    by_bob = (Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=FIRST),)
    kept = [
        asked(3, State.AWAITING_APPROVAL, 1),
        asked(1, State.AWAITING_APPROVAL, 2),
        asked(0, State.AWAITING_APPROVAL, 3, requester_id="U0BOB"),
        asked(2, State.AWAITING_APPROVAL, 4, decisions=by_bob),
        asked(4, State.APPROVED, 5),
        asked(5, State.REJECTED, 6),
    ]
    await keep(engine, *kept)

    assert (await lookup.waiting_for("U0BOB", None, SIZE)).requests == (kept[1], kept[0])
    assert await lookup.count_waiting_for("U0BOB", 21) == 2
    assert await lookup.count_waiting_for("U0CAROL", 3) == 3
    page = await lookup.waiting_for("U0CAROL", None, 2)
    assert [each.id for each in page.requests] == [kept[2].id, kept[1].id]
    assert (await lookup.waiting_for("U0CAROL", page.after, 2)).requests == (kept[3], kept[0])


async def test_what_ended_is_in_the_order_of_its_end(engine: AsyncEngine, lookup: RequestQueries) -> None:
    late = asked(0).model_copy(update={"changed_at": FIRST + timedelta(hours=1)})
    kept = [late, asked(1), asked(2, State.DELETING, 2), asked(3, State.UNKNOWN)]
    await keep(engine, *kept)
    assert (await lookup.ended(None, SIZE)).requests == (late, kept[3], kept[1])
    assert (await lookup.others_open("U0BOB", None, SIZE)).requests == (kept[2],)
    assert (await lookup.others_open("U0ALICE", None, SIZE)).requests == ()


async def test_a_request_is_found_by_the_beginning_of_its_id(engine: AsyncEngine, lookup: RequestQueries) -> None:
    kept = [
        asked(0).model_copy(update={"id": f"{beginning:0<32}"}) for beginning in ("abcd1234f", "abcd1234", "abcd1235")
    ]
    await keep(engine, *kept)
    assert [each.id[:9] for each in await lookup.with_id("abcd1234", 10)] == ["abcd12340", "abcd1234f"]
    assert await lookup.with_id(kept[0].id, 10) == [kept[0]]
    assert await lookup.with_id("abcd12349", 10) == []


async def test_a_request_is_found_by_words_of_its_name_among_the_newest(
    engine: AsyncEngine, lookup: RequestQueries
) -> None:
    old = asked(-1, name="Überraschung im Frühling")
    kept = [asked(0, name="Spring Sale"), asked(1, name="spring offers & more"), asked(2, name="100% Winter")]
    await keep(engine, old, *kept)
    assert await lookup.named(NameQuery.of("SPRING"), 10) == [kept[1], kept[0]]
    assert await lookup.named(NameQuery.of("SPRING"), 1) == [kept[1]]
    assert await lookup.named(NameQuery.of("sale spring"), 10) == [kept[0]]
    assert await lookup.named(NameQuery.of("%"), 10) == [kept[2]]
    assert await lookup.named(NameQuery.of("überraschung"), 10) == [old]
    await keep(engine, *(asked(minute) for minute in range(NAMES_LOOKED_THROUGH - 3)))
    assert await lookup.named(NameQuery.of("überraschung"), 10) == []


async def test_a_request_is_found_behind_its_messages(engine: AsyncEngine, lookup: RequestQueries) -> None:
    kept = asked(0)
    await keep(engine, kept)
    told = [message(kept, kind) for kind in (MessageKind.ORIGIN, MessageKind.CARD, MessageKind.STORY)]
    async with engine.begin() as connection:
        await connection.execute(messages.insert(), [each.model_dump() for each in told])

    for each in told:
        assert await lookup.for_message("C0", str(each.ts)) == kept
    assert await lookup.for_message("C0OTHER", str(told[0].ts)) is None
    assert await lookup.messages([kept]) == {kept.id: [told[1], told[0]]}
    assert await lookup.messages([]) == {}


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


def watched(engine: AsyncEngine) -> list[tuple[str, Any]]:
    """Every statement that is sent from now on, with its values."""
    sent: list[tuple[str, Any]] = []

    @sa.event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(_one: object, _two: object, statement: str, values: object, _three: object, _four: object) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, values))

    return sent


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


async def test_trouble_that_its_list_has_no_room_for_is_among_the_recent_results(
    engine: AsyncEngine, lookup: RequestQueries
) -> None:
    at = now()
    failed = [
        asked(n, State.FAILED).model_copy(update={"changed_at": at - timedelta(minutes=n)}) for n in range(1, PAGE + 3)
    ]
    await keep(engine, *failed)

    seen = await overview(lookup, person("U0ALICE"), {}, is_approver=False)

    assert list(seen.pages[Section.LOOK].requests) == failed[:PAGE]
    assert list(seen.pages[Section.ENDED].requests) == failed[PAGE:]


async def test_home_shows_each_request_once_and_recent_trouble_first(
    engine: AsyncEngine, lookup: RequestQueries
) -> None:
    at = now()
    unknown = asked(1, State.UNKNOWN).model_copy(update={"changed_at": at - timedelta(minutes=2)})
    failed = asked(2, State.FAILED).model_copy(update={"changed_at": at - timedelta(minutes=1)})
    old = asked(3, State.FAILED).model_copy(update={"changed_at": at - NEEDS_A_LOOK_FOR - timedelta(minutes=1)})
    kept = [unknown, failed, old, asked(4), asked(5, State.DELETING, 5), asked(6, State.AWAITING_APPROVAL, 6)]
    await keep(engine, *kept)

    for user_id, is_approver in (("U0ALICE", False), ("U0BOB", True), ("U0CAROL", False)):
        seen = await overview(lookup, person(user_id), {}, is_approver=is_approver)
        assert seen.pages[Section.LOOK].requests == (failed, unknown)
        shown = [each.id for page in seen.pages.values() for each in page.requests]
        assert sorted(shown) == sorted(each.id for each in kept)


def asked_list(minute: int, *states: State, requester_id: str = "U0ALICE") -> list[Request]:
    """Return the requests of a list that was requested at that minute and changed in the last hours."""
    ids = [f"{minute:02}{number:030}" for number in range(len(states))]
    changes = [{"id": id_, "list_id": ids[0], "list_position": number} for number, id_ in enumerate(ids, start=1)]
    made = [
        asked(minute, state, 100 * minute + number, requester_id=requester_id).model_copy(update=changes[number])
        for number, state in enumerate(states)
    ]
    return [
        each.model_copy(update={"changed_at": now() - timedelta(minutes=(7 * n) % 5)}) for n, each in enumerate(made)
    ]


async def keep_lists(engine: AsyncEngine, *lists: list[Request], paused_on: str | None = None) -> None:
    async with engine.begin() as connection:
        rows = [{"id": each[0].list_id, "paused_on": paused_on} for each in lists]
        await connection.execute(request_lists.insert(), rows)
    await keep(engine, *(request for each in lists for request in each))


async def test_home_has_one_row_for_each_list_in_one_section(engine: AsyncEngine, lookup: RequestQueries) -> None:
    approvals = (Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=FIRST),)
    waiting = asked_list(1, State.AWAITING_APPROVAL, State.REJECTED, State.AWAITING_APPROVAL)
    partly = asked_list(2, State.DELETED, State.APPROVED, State.AWAITING_APPROVAL)
    decided = [
        each.model_copy(update={"decisions": approvals}) for each in asked_list(3, *[State.AWAITING_APPROVAL] * 2)
    ]
    paused = asked_list(4, State.DELETED, State.FAILED, State.APPROVED, State.APPROVED)
    trouble = asked_list(5, State.UNKNOWN, State.DELETED, State.FAILED, State.DELETED)
    done = asked_list(6, State.DELETED, State.GONE, State.REJECTED)
    lists = (waiting, partly, decided, paused, trouble, done)
    await keep_lists(engine, *lists, paused_on=paused[1].id)
    alone = asked(7, State.AWAITING_APPROVAL, 7)
    await keep(engine, alone)

    async def rows(user_id: str, *, is_approver: bool) -> dict[Section, list[str]]:
        seen = await overview(lookup, person(user_id), {}, is_approver=is_approver)
        assert {each: found.requests for each, found in seen.lists.items()} == {
            each[0].id: tuple(each) for each in lists
        }
        assert (seen.lists[paused[0].id].is_paused, seen.waiting_count) == (True, 3 if is_approver else 0)
        return {
            section: [each.shown_by for each in page.requests] for section, page in seen.pages.items() if page.requests
        }

    closed = {Section.LOOK: [trouble[0].id], Section.ENDED: [done[0].id]}
    open_ids = [each.shown_by for each in (alone, paused[0], decided[0], partly[0], waiting[0])]
    assert await rows("U0ALICE", is_approver=False) == {**closed, Section.MINE: open_ids}
    assert await rows("U0CAROL", is_approver=False) == {**closed, Section.OTHERS: open_ids}
    assert await rows("U0BOB", is_approver=True) == {
        **closed,
        Section.WAITING: [waiting[0].id, partly[0].id, alone.id],
        Section.OTHERS: [paused[0].id, decided[0].id],
    }


async def test_lists_are_paged_without_repeating_or_losing_one(engine: AsyncEngine, lookup: RequestQueries) -> None:
    lists = [asked_list(n, State.DELETED, State.APPROVED, State.APPROVED) for n in range(2 * SIZE + 1)]
    ended = [asked_list(n, State.DELETED, State.GONE, State.REJECTED) for n in range(50, 51 + 2 * SIZE)]
    await keep_lists(engine, *lists, *ended)
    open_page, ended_page = await lookup.own_open("U0ALICE", None, SIZE), await lookup.ended(None, SIZE)
    found, found_ended = list(open_page.requests), list(ended_page.requests)
    while open_page.after or ended_page.after:
        open_page = await lookup.own_open("U0ALICE", open_page.after, SIZE)
        ended_page = await lookup.ended(ended_page.after, SIZE)
        found += open_page.requests
        found_ended += ended_page.requests

    assert [each.list_id for each in found] == [each[0].id for each in reversed(lists)]
    assert sorted(str(each.list_id) for each in found_ended) == [each[0].id for each in ended]


async def test_number_of_queries_of_a_home_does_not_depend_on_its_lists(
    engine: AsyncEngine, lookup: RequestQueries
) -> None:
    sent = watched(engine)
    await overview(lookup, person("U0BOB"), {}, is_approver=True)
    without = len(sent)
    states = ([State.AWAITING_APPROVAL] * 3, [State.DELETED, State.APPROVED], [State.UNKNOWN, State.DELETED])
    await keep_lists(engine, *(asked_list(10 * n + m, *each) for n, each in enumerate(states) for m in range(PAGE)))
    sent.clear()

    seen = await overview(lookup, person("U0BOB"), {}, is_approver=True)

    assert len(seen.lists) == 3 * PAGE
    assert len(sent) == without
