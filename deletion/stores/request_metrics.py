"""Gauges of what is in the database, read when they are asked for, so that they are never older than the answer."""

from datetime import datetime, timedelta
from math import nan

import sqlalchemy as sa
from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion.db.connection import database_time, read_on, reading_from
from deletion.db.list_tables import AWAITS_END, LIST_CHANGED_AT, LIST_VERSION, SHOWN_BY
from deletion.db.tables import IS_OPEN, UtcTime, journal, kore_places, messages, requests
from deletion.domain.attempt import Attempt
from deletion.domain.records import MessageKind
from deletion.domain.states import WATCHED, State
from deletion.domain.text.application_name import PRACTICE, PREFIX
from deletion.stores.message_store import IS_COMPARED
from deletion.stores.watched import may_be_watched

LATE_AFTER = timedelta(seconds=15)
AGES = {  # from the youngest to the oldest; each up to its limit
    "under_1h": timedelta(hours=1),
    "1h_to_4h": timedelta(hours=4),
    "4h_to_1d": timedelta(days=1),
    "over_1d": timedelta.max,
}
# Messages of open requests, and of lists that are open: those that tell the end of such a list are not due.
LATE = (
    sa.select(sa.func.count())
    .select_from(messages.join(requests))
    .where(messages.c.request_id.in_(sa.select(SHOWN_BY).where(IS_OPEN).correlate(None)))
    .where(messages.c.kind != MessageKind.STORY, ~IS_COMPARED, ~AWAITS_END)
    .where(messages.c.shown_version < sa.func.coalesce(LIST_VERSION, requests.c.version))
    .where(sa.func.coalesce(LIST_CHANGED_AT, requests.c.changed_at) < sa.bindparam("before", type_=UtcTime))
)
IS_REAL = sa.and_(requests.c.application != PRACTICE, ~requests.c.application.startswith(PREFIX))
WAITING = Gauge("campaign_delete_waiting_requests", "Requests that await approval, by time since the request", ["age"])
OLDEST_UNKNOWN = Gauge(
    "campaign_delete_oldest_unknown_seconds", "Time since the oldest unknown outcome that is watched; 0 if none"
)
LATE_MESSAGES = Gauge("campaign_delete_late_messages", "Messages of open requests that show an outdated state for 15 s")
JOURNAL_HEAD = Gauge("campaign_delete_journal_head", "Sequence number of the newest journal entry; 0 if none")
CALLS_USED = Gauge("campaign_delete_kore_calls_used", "Calls that count against this minute's limit", ["account"])


class RequestMetrics:
    """Reads the gauges from the database that all replicas share: each replica reports the same values.

    Requests of practice count only where a message of theirs is late.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def refresh(self) -> None:
        """Read every gauge. One that cannot be read is not a number or is missing, which no alert takes for zero."""
        for gauge in (OLDEST_UNKNOWN, LATE_MESSAGES, JOURNAL_HEAD, *map(WAITING.labels, AGES)):
            gauge.set(nan)
        CALLS_USED.clear()
        async with reading_from(self._engine) as connection:
            await self._read(connection)

    async def _read(self, connection: AsyncConnection) -> None:
        at = await database_time(connection)
        asked = sa.select(requests.c.requested_at).where(IS_OPEN, requests.c.state == State.AWAITING_APPROVAL, IS_REAL)
        waiting = dict.fromkeys(AGES, 0)
        for requested_at in await connection.scalars(asked):
            waiting[next(age for age, limit in AGES.items() if at - requested_at < limit)] += 1
        for age, count in waiting.items():
            WAITING.labels(age).set(count)
        OLDEST_UNKNOWN.set(await _oldest_unknown(connection, at))
        LATE_MESSAGES.set(await connection.scalar(LATE, {"before": at - LATE_AFTER}) or 0)
        JOURNAL_HEAD.set(await connection.scalar(sa.select(sa.func.max(journal.c.seq))) or 0)
        used = sa.select(kore_places.c.account, sa.func.sum(kore_places.c.places)).where(kore_places.c.until > at)
        for account, count in await connection.execute(used.group_by(kore_places.c.account)):
            CALLS_USED.labels(account).set(count)


async def _oldest_unknown(connection: AsyncConnection, at: datetime) -> float:
    """Return the seconds since the attempt, or the reappearance, of the oldest outcome that is watched."""
    query = sa.select(requests.c.attempt, requests.c.reappeared_at).where(may_be_watched(at), IS_REAL)
    found = await read_on(connection, query)
    since = [row["reappeared_at"] or Attempt.model_validate(row["attempt"]).at for row in found if row["attempt"]]
    watched = [moment for moment in since if at < moment + WATCHED]
    return (at - min(watched)).total_seconds() if watched else 0.0
