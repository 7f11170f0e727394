"""One SQLite database that all simulated replicas share, without threads and with waiting in virtual time.

It is a file in memory (/dev/shm) in WAL mode, as in production: a real lock, real isolation, a real rollback at a
crash. Only the wait for a lock is simulated: SQLite itself would block the thread that everything runs in.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import BUSY_TIMEOUT_MS, migrate, open_engine
from tests.simulation.process import CURRENT, Process

FOLDER = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 - private files in a new folder
BUSY_PRAGMA = "PRAGMA busy_timeout="
LOOK_AGAIN_SECONDS = 0.005
BeforeStatement = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """No-op: the database is quick and healthy."""


class Database:
    """The database of one simulation. The hooks may wait, and those before something may raise OperationalError."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(dir=FOLDER, prefix="simulation-")
        self._path = Path(self._folder.name) / "bot.sqlite3"
        self._path.write_bytes(_migrated())
        self.url = f"sqlite:///{self._path}"
        self.before_statement: BeforeStatement = at_once
        self.after_commit: BeforeStatement = at_once
        self.before_engine_operation: BeforeStatement = at_once
        self._connections: list[InlineConnection] = []

    def open(self, name: str = "one") -> AsyncEngine:
        """Return an engine of the current process, whose connections close at its death.

        There is one engine for each name, used by one simulation after another: it keeps the compiled statements.
        """
        engine = _engine(name)
        engine.sync_engine.dispose(close=False)  # a new pool
        OPENED[name] = self
        return engine

    async def before_operation(self) -> None:
        """Wait as the engine does, whose tables are in the same database."""
        await self.before_engine_operation()

    def inspect(self) -> sqlite3.Connection:
        """Return a connection for the simulation itself."""
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def end_idle_transactions(self, process: Process) -> None:
        """Roll back what a process that hangs has begun, as PostgreSQL does after ``IDLE_LIMIT``."""
        for connection in self._connections:
            connection.end_transaction_of(process)

    def close(self) -> None:
        for connection in self._connections:
            connection.close_now()
        self._folder.cleanup()

    async def connect(self) -> aiosqlite.Connection:
        connection = InlineConnection(self, lambda: sqlite3.connect(self._path, timeout=0))
        self._connections.append(connection)
        if process := CURRENT.get():
            process.at_death.append(connection.close_now)
        return await connection


class InlineConnection(aiosqlite.Connection):
    """aiosqlite's connection without its thread: each call runs at once, or after a wait in virtual time."""

    def __init__(self, database: Database, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._database = database
        self._owner: Process | None = CURRENT.get()
        self._tx = RunAtOnce()  # type: ignore[assignment]  # SQLAlchemy puts its setting of the isolation level there

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        return self._open().__await__()

    async def _open(self) -> aiosqlite.Connection:
        self._connection = self._connector()
        return self

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._connection is None:
            raise ValueError("Connection closed")
        is_commit = getattr(fn, "__name__", "") == "commit"
        if is_commit or (args and isinstance(args[0], str)):
            await self._database.before_statement()
        if args and isinstance(args[0], str) and args[0].startswith(BUSY_PRAGMA):
            return fn(f"{BUSY_PRAGMA}0")
        try:
            return await self._run(fn, *args, **kwargs)
        finally:
            if is_commit:
                await self._database.after_commit()

    async def _run(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run it, and again while another connection holds the lock, as long as ``busy_timeout`` says."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + BUSY_TIMEOUT_MS / 1000
        while True:
            try:
                return fn(*args, **kwargs)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or loop.time() >= give_up_at:
                    raise
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    def end_transaction_of(self, process: Process) -> None:
        if self._owner is process and self._connection is not None and self._connection.in_transaction:
            self.close_now()

    def close_now(self) -> None:
        """Close it and roll back, whatever it was doing."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def stop(self) -> asyncio.Future[Any] | None:
        self.close_now()
        return None


class RunAtOnce:
    """In the place of the queue to aiosqlite's thread."""

    def put_nowait(self, work: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, function = work
        result = function()
        if future is not None:
            future.set_result(result)


OPENED: dict[str, Database] = {}  # by the name of the engine


@cache
def _engine(name: str) -> AsyncEngine:
    async def connect() -> Any:
        return await OPENED[name].connect()

    return open_engine("sqlite:///simulation", connect)


@cache
def _migrated() -> bytes:
    """Return an empty database with the schema, made once per process of the test runner."""
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="simulation-schema-") as folder:
        path = Path(folder) / "schema.sqlite3"
        migrate(f"sqlite:///{path}")
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return path.read_bytes()
