"""SQLite without the thread of aiosqlite, for tests that any database would pass: each call runs at once.

The thread takes a quarter of such a test's time. ``make stories`` runs the same tests with it, and on PostgreSQL.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from deletion.db import connection
from deletion.db.sqlite_connection import SqliteConnection

LOOK_AGAIN_SECONDS = 0.001


class RunAtOnce:
    """In the place of the queue of aiosqlite's thread."""

    def put_nowait(self, call: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        """Run a call, and again while another connection holds the lock; it may be cancelled meanwhile."""
        future, function = call
        try:
            result = function()
        except sqlite3.Error as error:
            if "locked" in str(error):
                asyncio.get_running_loop().call_later(LOOK_AGAIN_SECONDS, self.put_nowait, call)
            elif future and not future.done():
                future.set_exception(error)
        else:
            if future and not future.done():
                future.set_result(result)


class QuickConnection(SqliteConnection):
    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._tx = RunAtOnce()  # type: ignore[assignment]  # does what aiosqlite asks of it
        self._thread.start = lambda: None  # type: ignore[method-assign]  # there is nothing for it to do


def connect(database: str, **options: Any) -> QuickConnection:
    return QuickConnection(partial(sqlite3.connect, database, **options))


def use(patch: pytest.MonkeyPatch) -> None:
    """Let the bot's code open such connections. Waiting for a lock would block the loop that releases it."""
    patch.setattr(connection, "connect_sqlite", connect)
    patch.setattr(connection, "BUSY_TIMEOUT_MS", 0)
