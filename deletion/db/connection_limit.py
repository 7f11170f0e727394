"""Check at the start that the server gives this replica all of its connections."""

import asyncio

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from deletion.db.connection import open_sync_engine
from deletion.db.daemon_thread import in_daemon_thread
from deletion.db.database_name import database_name, sqlite_file
from deletion.db.failure import reason, unusable
from deletion.domain.errors import DatabaseError

ANSWERS_WITHIN_SECONDS = 20.0
LEAST_CONNECTIONS = 4  # half of them for DBOS, which sometimes needs two at once


def shares(connections: int) -> tuple[int, int]:
    """Return how many connections the bot's own pool gets, and how many DBOS's."""
    return connections // 2, connections - connections // 2


async def check_connections(url: str, connections: int, within_seconds: float = ANSWERS_WITHIN_SECONDS) -> None:
    """Open that many connections at once and close them. SQLite has no limit.

    Raises DatabaseError if the server refuses one, or does not answer.
    """
    if sqlite_file(url):
        return
    opened: list[sa.Connection] = []
    try:
        async with asyncio.timeout(within_seconds):
            await in_daemon_thread(_open_all, url, connections, opened)
    except TimeoutError:
        raise _refused(url, connections, opened, f"no answer within {within_seconds:g} s") from None


def _open_all(url: str, connections: int, opened: list[sa.Connection]) -> None:
    engine = open_sync_engine(url, connections)
    try:
        for _ in range(connections):
            # Without a transaction, PgBouncer in transaction mode lends no server connection for longer than this.
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(sa.text("SELECT 1"))
            opened.append(connection)
    except DBAPIError as error:
        raise _refused(url, connections, opened, reason(error, url)) from error
    finally:
        for connection in opened:
            connection.close()
        engine.dispose()


def _refused(url: str, connections: int, opened: list[sa.Connection], why: str) -> DatabaseError:
    if not opened:
        return unusable(url, why)
    return DatabaseError(
        f"DATABASE_CONNECTIONS: {database_name(url)} gave {len(opened)} of {connections} connections ({why}). "
        "Raise the limit of the server, the database or the user, or set fewer."
    )
