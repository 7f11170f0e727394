"""When a list is complete. "Not in the list" must never be concluded from a part of it."""

from typing import Any

import httpx
import pytest

from kore_api.errors import KoreUnconfirmedError, ListTooLongError
from kore_api.responses.interpretation import MAX_CONTACT_LISTS
from tests.kore_api.conftest import Answering
from tests.kore_api.samples import SEEDED_ID


def page(ids: range, **more: Any) -> httpx.Response:
    items = [{"id": f"cd-{n}", "format": "simple"} for n in ids]
    return httpx.Response(200, json={"status": "success", "message": "", "data": {"results": items} | more})


async def ids_of(answering: Answering, *pages: httpx.Response, max_pages: int = 50) -> tuple[list[str], int]:
    client, sent = answering(*pages)
    found = [campaign.id async for campaign in client.list_campaigns(max_pages=max_pages)]
    return found, len(sent)


WHOLE = {
    "one page": ([page(range(2), hasMore=False)], 2, 1),
    "no campaign at all": ([page(range(0), hasMore=False, totalResults=0)], 0, 1),
    "two pages": ([page(range(2), hasMore=True), page(range(2, 3), hasMore=False)], 3, 2),
    "a page that repeats one": ([page(range(2), hasMore=True), page(range(1, 3), hasMore=False)], 3, 2),
    "only a total": ([page(range(2), totalResults=3), page(range(2, 3), totalResults=3)], 3, 2),
    "neither": ([page(range(2)), page(range(2, 3)), page(range(0))], 3, 3),
    "more that is empty": ([page(range(2), hasMore=True), page(range(0), hasMore=True)], 2, 2),
    "more than all": (
        [page(range(2), hasMore=True, totalResults=2), page(range(2), hasMore=True, totalResults=2)],
        2,
        2,
    ),
    "facts of strange types": ([page(range(2), hasMore="no", totalResults="2"), page(range(0))], 2, 2),
}
CUT = {
    "the same page again": [page(range(2), hasMore=True)],
    "the same page short of the total": [page(range(2), hasMore=True, totalResults=9)],
    "nothing short of the total": [
        page(range(2), hasMore=True, totalResults=9),
        page(range(0), hasMore=True, totalResults=9),
    ],
    "a page again without any fact": [page(range(2))],
}


CONTRADICTORY = {
    "an end before the total": [page(range(2), hasMore=False, totalResults=500)],
    "an empty end before the total": [page(range(0), hasMore=False, totalResults=1)],
    "a total that shrinks": [
        page(range(2), hasMore=True, totalResults=4),
        page(range(2, 3), hasMore=False, totalResults=3),
    ],
}


@pytest.mark.parametrize(("pages", "count", "calls"), WHOLE.values(), ids=WHOLE)
async def test_complete_list_ends(answering: Answering, pages: list[httpx.Response], count: int, calls: int) -> None:
    found, sent = await ids_of(answering, *pages)

    assert found == [f"cd-{n}" for n in range(count)]
    assert sent == calls


@pytest.mark.parametrize("pages", CUT.values(), ids=CUT)
async def test_list_that_repeats_a_page_is_incomplete(answering: Answering, pages: list[httpx.Response]) -> None:
    client, _ = answering(*pages)

    with pytest.raises(ListTooLongError, match="not read to its end"):
        await client.is_listed(SEEDED_ID)


@pytest.mark.parametrize("pages", CONTRADICTORY.values(), ids=CONTRADICTORY)
async def test_list_that_contradicts_itself_proves_no_absence(
    answering: Answering, pages: list[httpx.Response]
) -> None:
    client, _ = answering(*pages)

    with pytest.raises(ListTooLongError):
        await client.is_listed(SEEDED_ID)


async def test_list_longer_than_max_pages_is_incomplete(answering: Answering) -> None:
    pages = [page(range(n, n + 1), hasMore=True) for n in range(9)]

    with pytest.raises(ListTooLongError):
        await ids_of(answering, *pages, max_pages=3)


async def test_list_may_end_on_the_last_allowed_page(answering: Answering) -> None:
    pages = [page(range(1), hasMore=True), page(range(1, 2), hasMore=False)]

    assert await ids_of(answering, *pages, max_pages=2) == (["cd-0", "cd-1"], 2)


async def test_skip_counts_received_items(answering: Answering) -> None:
    """A server that returns fewer items than requested must not cause gaps."""
    client, sent = answering(page(range(2), hasMore=True), page(range(2, 4), hasMore=False))

    assert len([campaign async for campaign in client.list_campaigns(page_size=100)]) == 4

    bodies = [httpx.Response(200, content=request.content).json() for request in sent]
    assert [(body["skip"], body["limit"]) for body in bodies] == [(0, 100), (2, 100)]


async def test_campaign_on_the_first_page_needs_no_second(answering: Answering) -> None:
    found = httpx.Response(200, json={"status": "success", "data": {"results": [{"id": SEEDED_ID}], "hasMore": True}})
    client, sent = answering(found)

    assert await client.is_listed(SEEDED_ID)
    assert len(sent) == 1


async def test_page_with_more_items_than_requested_confirms_nothing(answering: Answering) -> None:
    client, _ = answering(page(range(3), hasMore=False))
    assert len((await client.list_page("sms", skip=0, page_size=3)).items) == 3

    client, sent = answering(page(range(4), hasMore=False))
    with pytest.raises(KoreUnconfirmedError, match="its list has 4 items where at most 3 were expected"):
        await client.list_page("sms", skip=0, page_size=3)
    assert len(sent) == 1


async def test_more_contact_lists_than_can_be_read_confirm_nothing(answering: Answering) -> None:
    client, _ = answering(httpx.Response(200, json={"status": "success", "data": [{}] * (MAX_CONTACT_LISTS + 1)}))
    with pytest.raises(KoreUnconfirmedError, match=f"its list has {MAX_CONTACT_LISTS + 1} items"):
        await client.get_contact_lists()
