"""One SQLite database that all simulated replicas share, without threads and with waiting in virtual time.

It is a file in memory (/dev/shm) in WAL mode, as in production: a real lock, real isolation, a real rollback at a
crash. Only the wait for a lock is simulated: SQLite itself would block the thread that everything runs in.
"""

import asyncio
import sqlite3
import sys
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.util import await_only, greenlet_spawn

from deletion.db.connection import BUSY_TIMEOUT_MS, READS_ONLY, TAKE_WRITE_LOCK, migrate, open_engine
from tests.memory_folder import MEMORY
from tests.simulation.process import CURRENT, Process

BUSY_PRAGMA = "PRAGMA busy_timeout="
LOOK_AGAIN_SECONDS = 0.005
Hook = Callable[[], Awaitable[None] | None]  # returns what to wait for, if anything: most calls need no wait


def at_once() -> None:
    """No-op: the database is quick and healthy."""


class Database:
    """The database of one simulation. What the hooks before something return may raise OperationalError."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(dir=MEMORY, prefix="simulation-")
        self._path = Path(self._folder.name) / "bot.sqlite3"
        self._path.write_bytes(_migrated())
        self.url = f"sqlite:///{self._path}"
        self.before_statement: Hook = at_once
        self.after_commit: Hook = at_once
        self.before_engine_operation: Hook = at_once
        self._connections: list[InlineConnection] = []

    def open(self, name: str = "one") -> AsyncEngine:
        """Return an engine of the current process, whose connections close at its death.

        There is one engine for each name, used by one simulation after another: it keeps the compiled statements.
        """
        engine = _engine(name)
        engine.sync_engine.dispose(close=False)  # a new pool
        OPENED[name] = self
        return engine

    def before_operation(self) -> Awaitable[None] | None:
        """Return what the engine waits for, whose tables are in the same database."""
        return self.before_engine_operation()

    def inspect(self) -> sqlite3.Connection:
        """Return a connection for the simulation itself."""
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def end_idle_transactions(self, process: Process) -> None:
        """Roll back what a process that hangs has begun, as PostgreSQL does after ``IDLE_LIMIT``."""
        for connection in self._connections:
            if connection.owner is process and connection.is_open and connection.in_transaction:
                connection.close()

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._folder.cleanup()

    def connect(self) -> "InlineConnection":
        connection = sqlite3.connect(self._path, timeout=0, factory=InlineConnection)
        connection.database, connection.owner = self, CURRENT.get()
        self._connections.append(connection)
        if connection.owner:
            connection.owner.at_death.append(connection.close)
        return connection


class InlineConnection(sqlite3.Connection):
    """In the place of SQLAlchemy's adapter of aiosqlite: each call runs at once, or after a wait in virtual time."""

    database: Database
    owner: Process | None
    is_open = True

    def cursor(self, *_: Any) -> Any:
        return super().cursor(InlineCursor)

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Execute it with the cursor's method, which sqlite3's own ``execute`` goes round."""
        return self.cursor().execute(sql, parameters)

    def commit(self) -> None:
        wait_for(self.database.before_statement())
        try:
            retry(super().commit)
        finally:
            wait_for(self.database.after_commit())

    def close(self) -> None:
        """Close it and roll back, whatever it was doing."""
        self.is_open = False
        super().close()

    terminate = close  # as SQLAlchemy calls it


class InlineCursor(sqlite3.Cursor):
    """Takes all rows when it executes, as the adapter of aiosqlite does."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._rows: deque[Any] = deque()

    def execute(self, sql: str, parameters: Any = ()) -> "InlineCursor":
        connection: InlineConnection = self.connection  # type: ignore[assignment]  # of this module
        wait_for(connection.database.before_statement())
        if sql.startswith(BUSY_PRAGMA):
            sql = f"{BUSY_PRAGMA}0"
        retry(super().execute, sql, parameters)
        if self.description:
            self._rows = deque(super().fetchall())
        return self

    def executemany(self, sql: str, parameters: Any, /) -> "InlineCursor":
        connection: InlineConnection = self.connection  # type: ignore[assignment]  # of this module
        wait_for(connection.database.before_statement())
        retry(super().executemany, sql, [*parameters])
        return self

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return [self._rows.popleft() for _ in range(min(size or 1, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        return self.fetchmany(len(self._rows))

    async def _async_soft_close(self) -> None:
        """Do nothing: it holds no statement open."""


class QuickConnection(sa.Connection):
    """SQLAlchemy's connection without its events, which take a third of its time: the engine listens to one only."""

    def __init__(self, engine: sa.Engine, connection: Any = None, **options: Any) -> None:
        super().__init__(engine, connection, **{**options, "_has_events": False})

    def _begin_impl(self, _transaction: object) -> None:
        """Begin as the product's listener does."""
        if self._execution_options.get(READS_ONLY):
            return
        try:
            self.connection.cursor().execute(TAKE_WRITE_LOCK)
        except sqlite3.Error as error:
            self._handle_dbapi_exception(error, TAKE_WRITE_LOCK, None, None, None)


class QuickAsyncConnection(AsyncConnection):
    """Closes without a task of its own, which SQLAlchemy needs where closing takes time."""

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class QuickEngine(AsyncEngine):
    """Begins and ends a transaction in one switch to SQLAlchemy's greenlet each, instead of four and a task."""

    _connection_cls = QuickAsyncConnection

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        connection, transaction = await greenlet_spawn(_begin, self.sync_engine)
        try:
            yield AsyncConnection(self, connection)
        except BaseException:
            await greenlet_spawn(_end, connection, transaction, *sys.exc_info())
            raise
        await greenlet_spawn(_end, connection, transaction, None, None, None)


def _begin(engine: sa.Engine) -> tuple[sa.Connection, sa.RootTransaction]:
    connection = engine.connect()
    try:
        return connection, connection.begin().__enter__()
    except BaseException:
        connection.close()
        raise


def _end(connection: sa.Connection, transaction: sa.RootTransaction, *error: Any) -> None:
    with connection:
        transaction.__exit__(*error)


class NoWait(Awaitable[None]):
    """Nothing to wait for: SQLAlchemy demands that each statement awaits something."""

    def __await__(self) -> Generator[None]:
        yield from ()


NO_WAIT = NoWait()


def wait_for(pause: Awaitable[None] | None) -> None:
    """Wait inside SQLAlchemy's greenlet."""
    await_only(NO_WAIT if pause is None else pause)


def retry(act: Callable[..., object], *args: Any) -> None:
    """Run it, and again while another connection holds the lock, as long as ``busy_timeout`` says."""
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            act(*args)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or loop.time() >= give_up_at:
                raise
        else:
            return
        await_only(asyncio.sleep(LOOK_AGAIN_SECONDS))


OPENED: dict[str, Database] = {}  # by the name of the engine


@cache
def _engine(name: str) -> AsyncEngine:
    engine = QuickEngine(open_engine("sqlite:///simulation").sync_engine)

    @sa.event.listens_for(engine.sync_engine, "do_connect")
    def connect(*_: Any) -> InlineConnection:
        return OPENED[name].connect()

    engine.sync_engine._connection_cls = QuickConnection  # noqa: SLF001 - SQLAlchemy has no setting for it
    engine.sync_engine._has_events = False  # noqa: SLF001 - see QuickConnection
    return engine


@cache
def _migrated() -> bytes:
    """Return an empty database with the schema, made once per process of the test runner."""
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="simulation-schema-") as folder:
        path = Path(folder) / "schema.sqlite3"
        migrate(f"sqlite:///{path}")
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return path.read_bytes()
