"""The connection to SQLite, with a thread of its own, which ends even if its close is cancelled."""

import asyncio
import sqlite3
import threading
from functools import partial
from typing import Any

import aiosqlite


class SqliteConnection(aiosqlite.Connection):
    """Stops its thread once: aiosqlite 0.22 waits for ever for the second stop, because the thread has ended.

    SQLAlchemy stops a connection whose close is cancelled, and the cancelled close stops it again.
    """

    _stopped: asyncio.Future[Any] | None = None

    @property
    def worker(self) -> threading.Thread:
        return self._thread

    def stop(self) -> asyncio.Future[Any] | None:
        """Return what is done once the thread has closed the connection, however often it is called."""
        if self._running:
            self._stopped = super().stop()
        return self._stopped


def connect(database: str, **options: Any) -> SqliteConnection:
    """Return a connection to be awaited; the end of the process does not wait for its thread."""
    connection = SqliteConnection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    connection.worker.daemon = True
    return connection
