"""The sections of a Home: each request or list once, in pages, with a constant number of queries."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.list_tables import request_lists
from deletion.domain.clock import now
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.states import State
from deletion.stores.overview import PAGE, Section, overview
from deletion.stores.request_queries import NEEDS_A_LOOK_FOR, RequestQueries
from tests.deletion.kept_requests import FIRST, SIZE, asked, keep, watched
from tests.deletion.values import person


@pytest.fixture
def lookup(engine: AsyncEngine) -> RequestQueries:
    return RequestQueries(engine)


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
