"""The count of calls to Kore.ai that all replicas share: never more in any minute than the account allows.

A call holds a place while it lasts and for a minute after its end. So whatever arrived at Kore.ai within one minute
held its places at the same time, however long the way there was. When Kore.ai says by itself that the limit is
reached, every place is held until it may be tried again.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion.db.connection import COUNT_LOCK, database_time
from deletion.db.tables import kore_places
from kore_api.errors import KoreThrottledError

MINUTE = timedelta(seconds=60)
LONGEST_CALL = timedelta(seconds=30)  # by then it has ended, or the process that made it has
SHORTEST_PAUSE = timedelta(seconds=10)  # after Kore.ai said that others have used the minute up
RETRY_AFTER = (1.0, 300.0)  # seconds; whatever Kore.ai's header says, not less and not more
HELD_AT_MOST = "10s"  # by a replica that says nothing: PostgreSQL ends its session then, and the others go on
log = logging.getLogger(__name__)


class RateLimiter:
    """The ``RateLimit`` of kore_api. ``window`` is shorter than a minute in tests alone."""

    def __init__(
        self, engine: AsyncEngine, calls: int, *, window: timedelta = MINUTE, shortest_pause: timedelta = SHORTEST_PAUSE
    ) -> None:
        self._engine = engine
        self._calls = calls
        self._window = window
        self._shortest_pause = shortest_pause

    @asynccontextmanager
    async def acquire(self, reserve: int) -> AsyncIterator[None]:
        place_id = await self._take(reserve)
        try:
            yield
        finally:
            await self._end(place_id)

    async def report_limited(self, retry_after_seconds: float | None) -> float:
        """Until Kore.ai's own Retry-After, else until the oldest of our calls leaves the minute."""
        pause = self._shortest_pause
        try:
            async with self._engine.begin() as connection:
                at = await self._counting(connection)
                if retry_after_seconds is not None:
                    least, most = RETRY_AFTER
                    pause = timedelta(seconds=min(max(retry_after_seconds, least), most))
                elif held := await self._held(connection):
                    pause = max(pause, min(held[0].until - at, self._window))
                await self._hold(connection, self._calls, at + pause)
        except SQLAlchemyError as error:  # what Kore.ai answered must not get lost by it
            log.warning("A pause could not be written down", extra={"error": type(error).__name__})
        log.warning("Kore.ai says that its limit is reached", extra={"pause_seconds": pause.total_seconds()})
        return pause.total_seconds()

    async def _take(self, reserve: int) -> str:
        async with self._engine.begin() as connection:
            at = await self._counting(connection)
            await connection.execute(kore_places.delete().where(kore_places.c.until <= at))
            wait = self._wait(await self._held(connection), at, self._calls - reserve)
            if wait is None:
                return await self._hold(connection, 1, at + LONGEST_CALL + self._window)
        raise KoreThrottledError(
            "Kore.ai was not asked: the rate limit has been reached.", retry_after_seconds=wait.total_seconds()
        )

    async def _end(self, place_id: str) -> None:
        try:
            async with self._engine.begin() as connection:
                until = await database_time(connection) + self._window
                await connection.execute(kore_places.update().where(kore_places.c.id == place_id).values(until=until))
        except SQLAlchemyError as error:  # then the place is held for longer, and the call's answer still counts
            log.warning("The end of a call could not be written down", extra={"error": type(error).__name__})

    def _wait(self, held: Sequence[sa.Row[Any]], at: datetime, room: int) -> timedelta | None:
        """None if there is room for one more, else the time until there will be. Calls are taken to end at once."""
        used = sum(row.places for row in held)
        if used < room:
            return None
        for row in held:
            used -= row.places
            if used < room:
                wait: timedelta = row.until - at
                return min(wait, self._window) if row.places == 1 else wait
        return self._window

    async def _hold(self, connection: AsyncConnection, places: int, until: datetime) -> str:
        place_id = uuid4().hex
        await connection.execute(kore_places.insert().values(id=place_id, places=places, until=until))
        return place_id

    async def _held(self, connection: AsyncConnection) -> Sequence[sa.Row[Any]]:
        """Who holds how many, the next to give back first."""
        return (await connection.execute(sa.select(kore_places).order_by(kore_places.c.until))).all()

    async def _counting(self, connection: AsyncConnection) -> datetime:
        """The time, once nobody else counts until the end of this transaction (SQLite's begins with that)."""
        if connection.dialect.name == "postgresql":
            limit = sa.func.set_config("idle_in_transaction_session_timeout", HELD_AT_MOST, True)
            await connection.execute(sa.select(limit, sa.func.pg_advisory_xact_lock(COUNT_LOCK)))
        return await database_time(connection)
