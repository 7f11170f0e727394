"""The rows that the benchmark seeds are rows as the bot writes them."""

from collections import Counter
from datetime import timedelta

from bench.lookups import pattern
from bench.seed_rows import APART, ENDS, fill
from deletion.db.connection import open_engine
from deletion.domain.clock import now
from deletion.stores.request_queries import RequestFilter, RequestQueries

COUNT = 30


async def test_seeded_rows_are_ended_requests_each_with_its_card(database_url: str) -> None:
    engine, first = open_engine(database_url), pattern(now().replace(microsecond=0) - timedelta(days=1))
    await fill(engine, first, 0, COUNT // 2)
    await fill(engine, first, COUNT // 2, COUNT)
    lookup = RequestQueries(engine)

    found = (await lookup.history(RequestFilter(), None, 2 * COUNT)).requests
    cards = await lookup.messages(found)
    open_ones = (await lookup.history(RequestFilter(is_open=True), None, COUNT)).requests
    await engine.dispose()

    assert [request.requested_at for request in found[::-1]] == [first.requested_at + n * APART for n in range(COUNT)]
    assert all(request.approved_at and request.approved_at > request.requested_at for request in found[:-1])
    assert Counter(request.state for request in found)[ENDS[1]] == COUNT // len(ENDS)
    assert len({request.id for request in found}) == COUNT
    assert [len(cards[request.id]) for request in found] == [1] * COUNT
    assert open_ones == ()
