"""Open and migrate the database, and report in one sentence why it cannot be used."""

import logging
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from deletion.db import catalogue_tables, freeze_and_hold_tables, list_tables  # noqa: F401 - so that the metadata has every table
from deletion.db.failure import reported
from deletion.db.postgresql import ISOLATION, address_of, connect_options, limit_idle_transactions, schema_lock
from deletion.db.private_files import keep_private
from deletion.db.schema_support import schema_revision, serves_newer
from deletion.db.sqlite_connection import connect as connect_sqlite
from deletion.db.tables import metadata
from deletion.domain.clock import now
from deletion.domain.errors import DatabaseError

MIGRATIONS = Path(__file__).parent.parent / "migrations"
NEWEST = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))
BUSY_TIMEOUT_MS = 30_000
READS_ONLY = "campaign_delete_reads_only"  # connection option: begin no transaction
TAKE_WRITE_LOCK = "BEGIN IMMEDIATE"
# Columns with another name in Python. No column of another table, and no label, may have such an older name.
RENAMED = {
    column.name: column.key for table in metadata.tables.values() for column in table.c if column.key != column.name
}
POOL_TIMEOUT_SECONDS = 300  # a request that Slack has an ack for waits for its turn in any burst
CONNECTIONS = 5  # to PostgreSQL
log = logging.getLogger(__name__)
until_unlocked = Retrying(
    retry=retry_if_exception(lambda error: "SQLITE_BUSY" in failure_code(error)),
    stop=stop_after_delay(BUSY_TIMEOUT_MS / 1000),
    wait=wait_random(0.005, 0.05),
    reraise=True,
)


def open_engine(url: str, connections: int = CONNECTIONS) -> AsyncEngine:
    """Return a connection pool. A SQLite transaction takes the write lock when it begins, so it cannot fail midway."""
    pool: dict[str, Any] = {"hide_parameters": True, "max_overflow": 0, "pool_timeout": POOL_TIMEOUT_SECONDS}
    if not url.startswith("sqlite"):
        pool |= {"pool_size": connections, "pool_pre_ping": True, "connect_args": connect_options(url)}
        engine = create_async_engine(address_of(url), isolation_level=ISOLATION, **pool)
        limit_idle_transactions(engine.sync_engine)
        return engine
    address = make_url(url).set(drivername="sqlite+aiosqlite")
    # SQLite connections that wait for a lock sleep for milliseconds at a time, so one connection is faster.
    engine = create_async_engine(address, pool_size=1, connect_args={"async_creator_fn": connect_sqlite}, **pool)
    _prepare_sqlite(engine.sync_engine)
    return engine


@asynccontextmanager
async def opened_engine(url: str) -> AsyncIterator[AsyncEngine]:
    """Open a connection pool for the duration of the block."""
    engine = open_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


def open_sync_engine(url: str, connections: int = CONNECTIONS) -> sa.Engine:
    """Return a connection pool for threads; dispose of it afterwards."""
    if not url.startswith("sqlite"):
        pool = {"pool_size": connections, "max_overflow": 0, "pool_pre_ping": True}
        options = {"hide_parameters": True, "isolation_level": ISOLATION, "connect_args": connect_options(url)}
        engine = sa.create_engine(address_of(url), **options, **pool)
        limit_idle_transactions(engine)
        return engine
    engine = sa.create_engine(url, hide_parameters=True)
    _prepare_sqlite(engine)
    return engine


def migrate(url: str, revision: str = NEWEST) -> None:
    """Migrate the schema to this revision, under a lock, so that replicas may start at the same time.

    A newer schema stays as it is if this version still works on it.
    Raises DatabaseError if it does not, or if the database cannot be reached or written.
    """
    _check_sqlite_version(url)
    if url.startswith("sqlite") and (file := make_url(url).database):
        keep_private(Path(file))
    engine = open_sync_engine(url)
    try:
        with reported(url), _locked(engine) as connection:
            found = schema_revision(connection)
            if serves_newer(connection, found, revision):
                log.warning("Schema is newer than this version", extra={"schema": found, "known": revision})
            elif found != revision:
                # Importing Alembic takes time and memory, and most starts have nothing to migrate.
                from deletion.db.migration import upgrade  # noqa: PLC0415 - only for a migration

                upgrade(connection, MIGRATIONS, revision)
    finally:
        engine.dispose()


@contextmanager
def reading(url: str) -> Iterator[sa.Connection]:
    """Return a read-only connection. It creates no file, migrates nothing and holds no transaction open.

    Raises DatabaseError if the database cannot be reached, or its schema is not this version's.
    """
    options = {"isolation_level": "AUTOCOMMIT", "hide_parameters": True, "connect_args": connect_options(url)}
    engine = sa.create_engine(address_to_read(url), **options)
    try:
        with reported(url), engine.connect() as connection:
            found = schema_revision(connection)
            if found != NEWEST and not serves_newer(connection, found, NEWEST):
                raise DatabaseError(
                    "DATABASE_URL: this database is not of this version of the bot; start the bot with it first, or "
                    "use the version that runs."
                )
            yield connection
    finally:
        engine.dispose()


def address_to_read(text: str) -> sa.URL:
    """Return the URL of a connection that creates no file, and on SQLite only reads."""
    url = make_url(text)
    if url.drivername == "postgresql":
        return address_of(text)
    return url.set(database=f"file:{quote(os.fsencode(url.database or ''))}").update_query_dict(
        {"mode": "ro", "uri": "true"}
    )


@asynccontextmanager
async def reading_from(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Return a connection for reads; each statement sees what is committed when it runs."""
    async with engine.connect() as connection:
        yield await connection.execution_options(**_reads_only(engine.dialect))


async def read(
    engine: AsyncEngine, query: sa.Select[Any] | sa.CompoundSelect[Any], values: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return all rows: see ``rows_of``. One switch to SQLAlchemy's greenlet is faster than one for each step.

    ``values`` are those of the query's ``bindparam``: a query that is built once costs half of one built for each call.
    """
    return await greenlet_spawn(_read, engine.sync_engine, query, values)


async def read_on(
    connection: AsyncConnection, query: sa.Select[Any], values: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return all rows, as ``read``."""
    return rows_of(await connection.execute(query, values))


def rows_of(result: sa.CursorResult[Any]) -> list[dict[str, Any]]:
    """Return all rows, each as a dict by column key: the name in Python where a column has an older one."""
    keys = [RENAMED.get(name, name) for name in result.keys()]  # noqa: SIM118 - a result iterates over its rows
    return [dict(zip(keys, row, strict=True)) for row in result]


def failure_code(error: BaseException) -> str:
    """Return the type of a database error with the driver's code, such as ``OperationalError SQLITE_BUSY``."""
    driver = getattr(error, "orig", None)
    code = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


async def database_time(connection: AsyncConnection) -> datetime:
    """Return the database's time in UTC, because the clocks of replicas differ.

    SQLite has one process, with one clock. PostgreSQL gives the time in the zone of its server.
    """
    if connection.dialect.name == "postgresql":
        at: datetime = (await connection.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
        return at.astimezone(UTC)
    return now()


def _read(engine: sa.Engine, query: sa.Select[Any], values: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return rows_of(connection.execution_options(**_reads_only(engine.dialect)).execute(query, values))


def _reads_only(dialect: sa.Dialect) -> dict[str, Any]:
    # On SQLite, setting the isolation level costs as much as the statement.
    return {READS_ONLY: True} if dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def take_write_lock(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get(READS_ONLY):
            connection.exec_driver_sql(TAKE_WRITE_LOCK)


def _locked(engine: sa.Engine) -> AbstractContextManager[sa.Connection]:
    """Return a transaction that holds the lock for the schema."""
    if engine.dialect.name == "postgresql":
        return schema_lock(engine)
    # The first connection switches a new file to WAL. SQLite does not wait while another connection writes to it.
    until_unlocked(engine.connect).close()
    return engine.begin()


def _check_sqlite_version(url: str) -> None:
    """Raise DatabaseError if SQLite is too old for the sub-second times that DBOS writes on Python 3.12 and later."""
    if url.startswith("sqlite") and sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise DatabaseError(
            f"DATABASE_URL: Python {sys.version_info.major}.{sys.version_info.minor} needs SQLite 3.42 or later, "
            f"and this is {sqlite3.sqlite_version}; use Python 3.11, a newer SQLite, or PostgreSQL."
        )
