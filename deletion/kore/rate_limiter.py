"""Limit the calls of all replicas together to what a Kore.ai account allows in any 60 seconds.

A call holds a slot while it lasts and for a minute after its end. So all calls that arrive at Kore.ai within any minute
hold slots at the same time, for any network delay. When Kore.ai itself reports the limit, every slot is held until
the next try is allowed.
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

from deletion.db.connection import database_time, failure_code
from deletion.db.postgresql import COUNT_LOCK, advisory_lock
from deletion.db.tables import kore_places
from deletion.kore.brief_write import write_briefly
from kore_api.errors import KoreThrottledError, KoreUncountedError
from kore_api.transport import CALL_SECONDS

MINUTE = timedelta(seconds=60)
LONGEST_CALL = timedelta(seconds=CALL_SECONDS + 10)  # then the call has ended, or its process has died
SHORTEST_PAUSE = timedelta(seconds=10)  # after Kore.ai reported that other clients used up the limit
RETRY_AFTER = (1.0, 300.0)  # seconds; bounds for Kore.ai's header
UNCOUNTED = "Kore.ai was not asked: my database failed."
FREE = kore_places.delete().where(kore_places.c.until <= sa.bindparam("at"))
HOLD = kore_places.insert()
SHORTEN = kore_places.update().where(kore_places.c.id == sa.bindparam("slot_id")).values(until=sa.bindparam("until"))
# Slots of a time when the database's clock was ahead.
SHORTEN_ALL = (
    kore_places.update().where(kore_places.c.until > sa.bindparam("longest")).values(until=sa.bindparam("end"))
)
log = logging.getLogger(__name__)


class RateLimiter:
    """Implements ``RateLimit`` of kore_api for the ``account`` that Kore.ai counts calls for.

    Only tests use a ``window`` shorter than a minute.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        calls: int,
        account: str = "",
        *,
        window: timedelta = MINUTE,
        shortest_pause: timedelta = SHORTEST_PAUSE,
    ) -> None:
        self._engine = engine
        self._calls = calls
        self._account = account
        self._held_query = sa.select(kore_places).where(is_held_for(account)).order_by(kore_places.c.until)
        self._window = window
        self._shortest_pause = shortest_pause
        self._longest_hold = max(LONGEST_CALL + window, timedelta(seconds=RETRY_AFTER[1]))

    @asynccontextmanager
    async def acquire(self, reserve: int) -> AsyncIterator[None]:
        try:
            slot_id = await self._take(reserve)
        except SQLAlchemyError as error:
            log.warning("Rate-limit slot not taken", extra={"error": failure_code(error)})
            raise KoreUncountedError(UNCOUNTED) from error
        try:
            yield
        finally:
            await write_briefly(self._end(slot_id), "rate-limit slot")

    async def report_limited(self, retry_after_seconds: float | None) -> float:
        """Hold all slots until Kore.ai's Retry-After, else until the oldest call leaves the window."""
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
        except SQLAlchemyError as error:  # it must not hide Kore.ai's answer
            log.warning("Rate-limit pause not recorded", extra={"error": failure_code(error)})
        log.warning("Kore.ai rate limit reached", extra={"pause_seconds": pause.total_seconds()})
        return pause.total_seconds()

    async def _take(self, reserve: int) -> str:
        async with self._engine.begin() as connection:
            at = await self._counting(connection)
            await connection.execute(FREE, {"at": at})
            held = await self._held(connection)
            if held and held[-1].until > at + self._longest_hold:
                await connection.execute(SHORTEN_ALL, {"longest": at + self._longest_hold, "end": at + self._window})
                held = await self._held(connection)
            wait = self._wait(held, at, self._calls - reserve)
            if wait is None:
                return await self._hold(connection, 1, at + LONGEST_CALL + self._window)
        raise KoreThrottledError(
            "Kore.ai was not asked: the rate limit has been reached.", retry_after_seconds=wait.total_seconds()
        )

    async def _end(self, slot_id: str) -> None:
        try:
            async with self._engine.begin() as connection:
                until = await database_time(connection) + self._window
                await connection.execute(SHORTEN, {"slot_id": slot_id, "until": until})
        except Exception as error:  # noqa: BLE001 - the slot is held for longer; the call's result must not get lost
            log.warning("Rate-limit slot not released", extra={"error": failure_code(error)})

    def _wait(self, held: Sequence[sa.Row[Any]], at: datetime, room: int) -> timedelta | None:
        """Return the time until a slot is free if all running calls ended now; None if one is free already."""
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
        slot_id = uuid4().hex
        slot = {"id": slot_id, "account": self._account, "places": places, "until": until}
        await connection.execute(HOLD, slot)
        return slot_id

    async def _held(self, connection: AsyncConnection) -> Sequence[sa.Row[Any]]:
        """Return the held slots, the next to become free first."""
        return (await connection.execute(self._held_query)).all()

    async def _counting(self, connection: AsyncConnection) -> datetime:
        """Lock the count for this transaction and return the time. SQLite's transactions begin with a lock."""
        if connection.dialect.name == "postgresql":
            await connection.execute(advisory_lock(COUNT_LOCK))
        return await database_time(connection)


def is_held_for(account: str) -> sa.ColumnElement[bool]:
    """Select the slots of this account. Slots of a version that names no account count for every account."""
    return kore_places.c.account.in_((account, ""))
