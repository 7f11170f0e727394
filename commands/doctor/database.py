"""Check the database, the journal in it, and the keys of its archive."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from commands.doctor.runner import Results, bounded
from deletion.db import checks
from deletion.db.connection import open_engine
from deletion.db.database_name import sqlite_file
from deletion.domain.check import CheckResult
from deletion.domain.errors import DatabaseError
from deletion.journal import journal_store
from deletion.journal.check import NEWEST_ENTRIES, check_head
from deletion.lifecycle.archive_check import check_archive
from deletion.stores.archived import newest_sealed

Keys = Mapping[str, Sequence[SecretStr]]  # of each application, by its name out of practice


async def database_results(url: str, connections: int, keys: Keys) -> tuple[Results, AsyncEngine | None]:
    """Return the results, and an engine for the caller to dispose of if the schema is this version's."""
    file = sqlite_file(url)
    if file and not _may_be_there(file):
        return checks.check_missing_file(file), None
    usable: list[bool] = []
    results = await bounded("DATABASE_URL", _database(url, connections, keys, usable))
    return results, open_engine(url) if usable else None


def _may_be_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:  # the attempt to open it says why
        return True


async def _database(url: str, connections: int, keys: Keys, usable: list[bool]) -> Results:
    try:
        async with checks.looking_at(url) as connection:
            results = await checks.check_database(url, connection, connections)
            if not await checks.is_current(connection):
                return [*results, *await checks.without_tables(connection, "ARCHIVE_KEY", "Journal")]
            usable.append(True)
            archive = await checks.answered("ARCHIVE_KEY", _archive(connection, keys))
            return [*results, archive, await checks.answered("Journal", connection.run_sync(_journal))]
    except DatabaseError as error:
        return [checks.not_reached(error)]


async def _archive(connection: AsyncConnection, keys: Keys) -> CheckResult:
    return check_archive(await newest_sealed(connection), keys)


def _journal(connection: Connection) -> CheckResult:
    span = journal_store.span(connection)
    return check_head(journal_store.entries(connection, span[-NEWEST_ENTRIES:]), span)
