"""Fill a database with finished requests like those that the bot writes.

The database multiplies one request itself: inserting a million rows from Python takes minutes.
"""

import json
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion.db.tables import messages, requests
from deletion.domain.models import Request
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.stores.row_mapping import message_row, row_of

APART = timedelta(seconds=30)
PEOPLE, ASKED_AGAIN = 40, 3  # requesters, and requests per campaign
ENDS = (State.DELETED, State.REJECTED, State.GONE, State.EXPIRED, State.FAILED)

# The columns of the n-th request; :first is the time of the first one.
_OF_SQLITE = {
    "id": "lower(hex(randomblob(16)))",
    "campaign_id": "printf('cd-3aefda80-f98e-5f4f-ad41-%012d', n / :again)",
    "requester_id": "'U0P' || (n % :people)",
    "state": "json_extract(:ends, '$[' || (n % json_array_length(:ends)) || ']')",
    "requested_at": "strftime('%Y-%m-%d %H:%M:%f000', :first, (n * :apart) || ' seconds')",
    "changed_at": "strftime('%Y-%m-%d %H:%M:%f000', :first, (n * :apart + 180) || ' seconds')",
    "approved_at": "strftime('%Y-%m-%d %H:%M:%f000', :first, (n * :apart + 60) || ' seconds')",
}
_OF_POSTGRESQL = {
    "id": "md5(n::text)",
    "campaign_id": "'cd-3aefda80-f98e-5f4f-ad41-' || lpad((n / :again)::text, 12, '0')",
    "requester_id": "'U0P' || (n % :people)",
    "state": "CAST(:ends AS json) ->> (n % json_array_length(CAST(:ends AS json)))",
    "requested_at": "CAST(:first AS timestamptz) + n * :apart * interval '1 second'",
    "changed_at": "CAST(:first AS timestamptz) + (n * :apart + 180) * interval '1 second'",
    "approved_at": "CAST(:first AS timestamptz) + (n * :apart + 60) * interval '1 second'",
}
_NUMBERS = (
    "WITH RECURSIVE numbers(n) AS "
    "(SELECT CAST(:low AS integer) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :high)"
)


async def fill(engine: AsyncEngine, pattern: Request, low: int, high: int) -> None:
    """Insert the requests from ``low`` up to ``high``, each with its card; the pattern is number 0."""
    async with engine.begin() as connection:
        if low == 0:
            await connection.execute(requests.insert().values(row_of(pattern)))
            await connection.execute(messages.insert().values(message_row(_card(pattern))))
        await _multiply(connection, pattern, max(low, 1), high)
    if engine.dialect.name == "postgresql":
        await _settle(engine)


async def _settle(engine: AsyncEngine) -> None:
    """Run the maintenance that PostgreSQL would otherwise start during the measurement."""
    async with engine.connect() as connection:
        at_once = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await at_once.execute(sa.text("VACUUM ANALYZE"))
        await at_once.execute(sa.text("CHECKPOINT"))


async def _multiply(connection: AsyncConnection, pattern: Request, low: int, high: int) -> None:
    made = _OF_SQLITE if connection.dialect.name == "sqlite" else _OF_POSTGRESQL
    values = {
        "low": low, "high": high, "again": ASKED_AGAIN, "people": PEOPLE, "apart": int(APART.total_seconds()),
        "ends": json.dumps(ENDS), "first": pattern.requested_at.isoformat(sep=" ", timespec="seconds"),
        "pattern": pattern.id,
    }  # fmt: skip
    columns = ", ".join(column.name for column in requests.c)
    chosen = ", ".join(made.get(column.name, f"requests.{column.name}") for column in requests.c)
    many = f"INSERT INTO requests ({columns}) {_NUMBERS} SELECT {chosen} FROM numbers, requests WHERE id = :pattern"  # noqa: S608 - fixed names
    await connection.execute(sa.text(many), values)
    columns = ", ".join(column.name for column in messages.c)
    own = {"request_id": "requests.id", "ts": "requests.id"}
    chosen = ", ".join(own.get(column.name, f"messages.{column.name}") for column in messages.c)
    cards = (
        f"INSERT INTO messages ({columns}) SELECT {chosen} FROM requests, messages "  # noqa: S608 - the same
        "WHERE messages.request_id = :pattern AND requests.id NOT IN (SELECT request_id FROM messages)"
    )
    await connection.execute(sa.text(cards), {"pattern": pattern.id})


def _card(of: Request) -> Message:
    place = {"target_id": "C0APPROVALS", "channel_id": "C0APPROVALS", "ts": of.id}
    shown = {"shown_version": of.version, "shown": "0" * 64}
    return Message(request_id=of.id, key="card-C0APPROVALS", kind=MessageKind.CARD, **place, **shown)
