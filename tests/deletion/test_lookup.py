"""Requests that people look up: whole pages, in order, and the one behind an id, a name or a message."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import messages, requests
from deletion.domain.models import Decision, Verdict
from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.domain.text.name_query import NameQuery
from deletion.stores.request_queries import NAMES_LOOKED_THROUGH, Page, RequestFilter, RequestQueries
from tests.deletion.kept_requests import FIRST, SIZE, asked, keep, message


@pytest.fixture
def lookup(engine: AsyncEngine) -> RequestQueries:
    return RequestQueries(engine)


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
