"""The journal's table: an entry is added under one lock for all replicas, inside the transaction that it tells of.

Read back it is in pages, so that a million entries need no more memory than a thousand.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from deletion.db.connection import JOURNAL_LOCK
from deletion.db.tables import journal
from deletion.domain.models import Entry, Request
from deletion.journal.hash_chain import START, BrokenChainError, Head, Recorded, fields, record

PAGE = 1000
log = logging.getLogger("campaign_delete.journal")


async def lock(connection: AsyncConnection) -> None:
    """Wait until nobody else can add an entry before this transaction ends. SQLite's transactions begin like that.

    Taken after the lock of a request's row and never before one, so no two transactions wait for each other.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(JOURNAL_LOCK)))


async def append(connection: AsyncConnection, entry: Entry, request: Request | None = None) -> Recorded:
    """Add an entry, of a request or of none, after the last one. It counts once the transaction has committed."""
    await lock(connection)
    newest = sa.select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
    last = (await connection.execute(newest)).first()
    recorded = record(
        entry,
        Head(last.seq, last.hash) if last else START,
        request_id=request.id if request else None,
        campaign_id=request.campaign.campaign_id if request else None,
    )
    await connection.execute(journal.insert().values(recorded.model_dump()))
    return recorded


def log_entry(recorded: Recorded) -> None:
    """One line of the log for an entry, once its transaction has committed; a line never tells what was undone."""
    log.info("Journal entry", extra={"request_id": recorded.request_id, "entry": fields(recorded)})


def span(connection: sa.Connection, since: datetime | None = None, until: datetime | None = None) -> range:
    """The places of the entries from the first at or after ``since`` to the last before ``until``, none left out.

    Replicas' clocks differ a little, so among those there may be entries of a moment earlier or later.
    """
    first = sa.select(sa.func.min(journal.c.seq)).where(journal.c.at >= since if since else sa.true())
    last = sa.select(sa.func.max(journal.c.seq)).where(journal.c.at < until if until else sa.true())
    start, end = connection.execute(sa.select(first.scalar_subquery(), last.scalar_subquery())).one()
    return range(0) if start is None or end is None else range(start, end + 1)


def entries(connection: sa.Connection, places: range) -> Iterator[Recorded]:
    """The entries of these places, in order.

    Raises BrokenChainError at one that cannot be read, such as this bot never writes.
    """
    after, read = places.start - 1, PAGE
    while read == PAGE:
        rest = (journal.c.seq > after) & (journal.c.seq < places.stop)
        page = sa.select(journal).where(rest).order_by(journal.c.seq).limit(PAGE)
        read = 0
        try:
            for row in connection.execute(page).mappings():
                entry = Recorded.model_validate(dict(row))
                read, after = read + 1, entry.seq
                yield entry
        except ValueError as error:
            raise BrokenChainError(f"Entry {after + 1} is missing or cannot be read.") from error
