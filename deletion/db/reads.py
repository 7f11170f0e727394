"""How every store reads: outside of any transaction, so that nobody is waited for and nobody is held up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

READS_ONLY = "campaign_delete_reads_only"  # an option of a connection, for which deletion.db.connection begins nothing


@asynccontextmanager
async def reading_from(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection to look with; each statement sees what is committed when it runs."""
    # On SQLite the driver's own way to this costs as much as the statement.
    option = {READS_ONLY: True} if engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
    async with engine.connect() as connection:
        yield await connection.execution_options(**option)


async def read(engine: AsyncEngine, query: sa.Select[Any]) -> list[dict[str, Any]]:
    """Return all rows, each as a dict by column key, which is the name in Python where a column has an older one."""
    keys = query.selected_columns.keys()
    async with reading_from(engine) as connection:
        return [dict(zip(keys, row, strict=True)) for row in await connection.execute(query)]
