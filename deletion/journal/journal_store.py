"""The journal's table. An entry is appended under one lock for all replicas, in the transaction that it records.

Reads are paged, so that a million entries need no more memory than a thousand.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from deletion.db.postgresql import JOURNAL_LOCK, advisory_lock
from deletion.db.tables import journal
from deletion.domain.models import Request
from deletion.domain.records import Entry
from deletion.journal.hash_chain import START, BrokenChainError, Head, Recorded, fields, record

PAGE = 1000
LAST_ENTRY = sa.select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
log = logging.getLogger("campaign_delete.journal")


async def lock(connection: AsyncConnection) -> None:
    """Take the lock for appending until this transaction ends. A SQLite transaction has it from the beginning.

    Always taken after the lock of a request's row, so that transactions do not deadlock.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(advisory_lock(JOURNAL_LOCK))


async def append(connection: AsyncConnection, entry: Entry, request: Request | None = None) -> Recorded:
    """Append an entry, of a request or of none. It counts once the transaction has committed."""
    await lock(connection)
    last = (await connection.execute(LAST_ENTRY)).first()
    recorded = record(
        entry,
        Head(last.seq, last.hash) if last else START,
        request_id=request.id if request else None,
        campaign_id=request.campaign.campaign_id if request else None,
    )
    await connection.execute(journal.insert().values(recorded.model_dump()))
    return recorded


def log_entry(recorded: Recorded) -> None:
    """Log an entry; call it once the transaction has committed, so that nothing rolled back is logged."""
    log.info("Journal entry", extra={"request_id": recorded.request_id, "entry": fields(recorded)})


def span(connection: sa.Connection, since: datetime | None = None, until: datetime | None = None) -> range:
    """Return the positions from the first entry at or after ``since`` to the last before ``until``, without a gap.

    Replicas' clocks differ a little, so the range may include entries of a moment earlier or later.
    """
    first = sa.select(sa.func.min(journal.c.seq)).where(journal.c.at >= since if since else sa.true())
    last = sa.select(sa.func.max(journal.c.seq)).where(journal.c.at < until if until else sa.true())
    start, end = connection.execute(sa.select(first.scalar_subquery(), last.scalar_subquery())).one()
    return range(0) if start is None or end is None else range(start, end + 1)


def entries(connection: sa.Connection, places: range) -> Iterator[Recorded]:
    """Yield the entries at these positions, in order.

    Raises BrokenChainError at one that cannot be read, which the bot never writes.
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
