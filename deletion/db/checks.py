"""Check the database without changing it: version, permissions, schema, clock, free disk."""

import os
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from deletion.db.connection import MIGRATIONS, NEWEST, address_to_read
from deletion.db.database_name import database_name, sqlite_file
from deletion.db.failure import first_line, reason
from deletion.db.postgresql import connect_options
from deletion.db.private_files import FOR_OTHERS
from deletion.db.schema_support import schema_revision, serves_newer
from deletion.domain.check import CheckResult, clock_result, failed, not_checked, passed, warned
from deletion.domain.errors import DatabaseError

VARIABLE = "DATABASE_URL"
CLOCK_LIMIT_SECONDS = 60
LOW_DISK_BYTES = 1024**3
NO_DISK_BYTES = 50 * 1024**2
_MAY = {
    "create tables": "has_schema_privilege(current_schema(), 'CREATE')",
    "create a schema": "has_database_privilege(current_database(), 'CREATE') OR to_regnamespace('dbos') IS NOT NULL",
    "write": "NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'",
}
_LIMITS = """
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS server,
        (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role,
        (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS base,
        (SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL) AS used
"""


@asynccontextmanager
async def looking_at(url: str) -> AsyncIterator[AsyncConnection]:
    """Return a read-only connection to a database with any schema. It creates no file.

    Raises DatabaseError if the database cannot be reached.
    """
    options = {"isolation_level": "AUTOCOMMIT", "hide_parameters": True, "connect_args": connect_options(url)}
    engine = create_async_engine(_address(url), **options)
    try:
        async with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise DatabaseError(f"{database_name(url)} cannot be used ({reason(error, url)})") from error
    finally:
        await engine.dispose()


def _address(text: str) -> sa.URL:
    url = address_to_read(text)
    return url.set(drivername="sqlite+aiosqlite") if sqlite_file(text) else url


async def check_database(url: str, connection: AsyncConnection, connections: int) -> list[CheckResult]:
    """Check a database that was reached, and of which a replica opens that many connections."""
    if file := sqlite_file(url):
        reached = passed(VARIABLE, f"SQLite {sqlite3.sqlite_version}, {file.absolute()}")
        return [reached, check_permissions(file), await answered("Schema", check_schema(connection)), check_disk(file)]
    version = str((await connection.execute(sa.text("SHOW server_version"))).scalar_one()).split()[0]
    return [
        passed(VARIABLE, f"PostgreSQL {version}, {database_name(url)}"),
        await answered("Permissions", _check_privileges(connection)),
        await answered("Schema", check_schema(connection)),
        await answered("Connections", _check_limit(connection, connections)),
        await answered("Disk", _check_size(connection)),
        await answered("Clock", _check_clock(connection)),
    ]


async def answered(name: str, check: Awaitable[CheckResult]) -> CheckResult:
    """Return the result of one check, which fails if the database refuses its statement."""
    try:
        return await check
    except DBAPIError as error:
        return failed(name, f"the database refuses the check ({first_line(error)})", "Grant this user its rights.")


def check_missing_file(file: Path) -> list[CheckResult]:
    """Judge a SQLite file that does not exist yet: the first start creates it."""
    folder = file.absolute().parent
    if not folder.is_dir():
        cure = "Create the folder, or correct DATABASE_URL."
        return [failed(VARIABLE, f"there is no folder {folder}", cure)]
    if not os.access(folder, os.W_OK):
        return [failed(VARIABLE, f"this user may not write in {folder}", f"Let this user write in {folder}.")]
    text = f"SQLite {sqlite3.sqlite_version}; {file.absolute()} does not exist yet, the first start creates it"
    return [passed(VARIABLE, text), check_disk(file)]


def check_permissions(file: Path) -> CheckResult:
    """Check that the bot may write the file and create files beside it, and that other users may do nothing."""
    folder = file.absolute().parent
    unwritable = next((str(path) for path in (file.absolute(), folder) if not os.access(path, os.W_OK)), "")
    if unwritable:
        return failed("Permissions", f"this user may not write {unwritable}", "Run as the file's owner.")
    if (mode := file.stat().st_mode & 0o777) & FOR_OTHERS:
        text = f"other users have access to the file ({mode:04o})"
        return warned("Permissions", text, f"Run: chmod 600 {file}")
    return passed("Permissions", f"may be written, by this user alone ({mode:04o})")


async def is_current(connection: AsyncConnection) -> bool:
    """Return whether the tables are those of this version, or of a newer one that serves it."""
    try:
        revision = await connection.run_sync(schema_revision)
        return revision == NEWEST or await connection.run_sync(serves_newer, revision, NEWEST)
    except DBAPIError:
        return False


async def check_schema(connection: AsyncConnection) -> CheckResult:
    """Compare the schema's revision with the newest one that this version of the bot knows."""
    revision = await connection.run_sync(schema_revision)
    if revision == NEWEST:
        return passed("Schema", f"revision {revision}, nothing to migrate")
    known = sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))
    if await connection.run_sync(serves_newer, revision, NEWEST):
        return passed("Schema", f"revision {revision} of a newer version, on which this one ({NEWEST}) works")
    if revision is not None and revision not in known:
        cure = "Start the newer version of the bot that made it."
        return failed("Schema", f"revision {revision} is newer than this version of the bot ({NEWEST})", cure)
    pending = len([each for each in known if revision is None or each > revision])
    if revision is None:
        return passed("Schema", f"none yet; the first start runs {pending} migrations")
    text = f"revision {revision}; the next start runs {pending} migration{'s' if pending > 1 else ''}, to {NEWEST}"
    return warned("Schema", text, "Back the database up, and restart the bot with this version.")


def check_disk(file: Path) -> CheckResult:
    free = shutil.disk_usage(file.absolute().parent).free
    text = f"{free / 1024**3:.1f} GB free in {file.absolute().parent}"
    if free < LOW_DISK_BYTES:
        cure = "Free space there: without it nothing can be recorded, and nothing is deleted."
        return failed("Disk", text, cure) if free < NO_DISK_BYTES else warned("Disk", text, cure)
    return passed("Disk", text)


async def _check_privileges(connection: AsyncConnection) -> CheckResult:
    row = (await connection.execute(sa.text(f"SELECT {', '.join(f'({test})' for test in _MAY.values())}"))).one()
    if lacking := [what for what, may in zip(_MAY, row, strict=True) if not may]:
        cure = "Grant CREATE on the database and its schema to this user, on the primary."
        return failed("Permissions", f"this user may not {' or '.join(lacking)}", cure)
    return passed("Permissions", f"this user may {', '.join(_MAY)}")


async def _check_limit(connection: AsyncConnection, wanted: int) -> CheckResult:
    """Read the limits of server, user and database, because opening connections could take them from a running bot."""
    row = (await connection.execute(sa.text(_LIMITS))).one()
    limit = min(number for number in (row.server, row.role, row.base) if number >= 0)  # -1: no limit
    text = f"{limit} allowed, {row.used} in use; each replica opens up to {wanted}"
    if limit < wanted:
        return failed(
            "Connections", text, "Raise the limit of server, user or database, or lower DATABASE_CONNECTIONS."
        )
    return passed("Connections", text)


async def _check_size(connection: AsyncConnection) -> CheckResult:
    size = (await connection.execute(sa.text("SELECT pg_database_size(current_database())"))).scalar_one()
    return passed("Disk", f"the database has {size / 1024**2:.0f} MB; the server's free space is not visible from here")


async def _check_clock(connection: AsyncConnection) -> CheckResult:
    asked_at = time.time()
    said = (await connection.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
    ahead_seconds = (asked_at + time.time()) / 2 - said.timestamp()
    return clock_result("Clock", "the database's", ahead_seconds, limit_seconds=CLOCK_LIMIT_SECONDS)


def not_reached(error: DatabaseError) -> CheckResult:
    """Return the result for a database that cannot be reached."""
    return failed(VARIABLE, str(error).rstrip("."), "Check that it exists, is reachable, and lets this user in.")


async def without_tables(connection: AsyncConnection, *names: str) -> list[CheckResult]:
    """Return the results of checks that need this version's tables, where they are not there."""
    try:
        is_new = await connection.run_sync(schema_revision) is None
    except DBAPIError:
        is_new = False
    if is_new:
        return [passed(name, "nothing is recorded yet") for name in names]
    return [not_checked(name, "the schema is of another version, or cannot be read") for name in names]
