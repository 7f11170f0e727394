"""Change the archive for the commands; the bot itself only adds to it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import archives
from deletion.domain.records import Entry
from deletion.journal import journal_store
from deletion.stores.archive_reads import old_and_not_needed


async def purge(engine: AsyncEngine, before: datetime, entry: Entry) -> int:
    """Remove snapshots taken before a time that nothing needs, and journal it in the same transaction.

    Return how many there were.
    """
    async with engine.begin() as connection:
        await journal_store.lock(connection)  # a hold is written under it, too
        removed = (await connection.execute(archives.delete().where(old_and_not_needed(before)))).rowcount
        if not removed:
            return 0
        told = {**entry.details, "removed": str(removed)}
        recorded = await journal_store.append(connection, entry.model_copy(update={"details": told}))
    journal_store.log_entry(recorded)
    return removed


async def replace_sealed(engine: AsyncEngine, seq: int, old: bytes, new: bytes) -> bool:
    """Replace the encrypted part of one snapshot if it is still the old one."""
    is_same = (archives.c.seq == seq) & (archives.c.sealed == sa.bindparam("old", old, sa.LargeBinary))
    async with engine.begin() as connection:
        return (await connection.execute(archives.update().where(is_same).values(sealed=new))).rowcount == 1
