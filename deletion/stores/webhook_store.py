"""The outcomes that a webhook has not had yet: a position in the journal, which records each as it is decided."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import database_time, read, read_on
from deletion.db.tables import IS_DELETE, journal, requests, webhook_positions
from deletion.db.upsert import insert_for
from deletion.domain.attempt import AttemptKind
from deletion.domain.models import Purpose
from deletion.domain.outcome import NOT_DONE
from deletion.domain.reappearance import REAPPEARED
from deletion.domain.states import OPEN_STATES, State
from deletion.domain.stored import Stored

UNUSED = "expired, unused"
OUTCOMES = sorted({str(state) for state in set(State) - OPEN_STATES} | {UNUSED, REAPPEARED})
# These end a request as "unknown" after an unanswered attempt: see ``settled``.
DISPROVABLE = sorted({str(state) for state in NOT_DONE - {State.FAILED}} | {UNUSED})
POSITION = 1  # the id of the only row
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=5)


_DELETE_OR_REBUILD = sa.case((IS_DELETE, str(Purpose.DELETE)), else_=str(Purpose.REBUILD))


class OutcomeEvent(Stored):
    """One outcome of a request, with ids and names only. ``id`` grows from event to event and is never used twice."""

    id: int
    event: str
    at: AwareDatetime
    request_id: str
    purpose: str  # the value of a Purpose
    requester_id: str
    campaign_id: str
    campaign_name: str
    application: str


class WebhookStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_for(engine)

    async def begin(self) -> None:
        """Start at the journal's present end, unless there is a position already: old outcomes are no news."""
        head = sa.select(sa.literal(POSITION), sa.func.coalesce(sa.func.max(journal.c.seq), 0))
        head = head.where(sa.true())  # without a WHERE, SQLite takes ON CONFLICT for a join
        begin = self._insert(webhook_positions).from_select(["id", "seq"], head)
        async with self._engine.begin() as connection:
            await connection.execute(begin.on_conflict_do_nothing())

    async def claim(self, lasting: timedelta) -> OutcomeEvent | None:
        """Return the oldest outcome that was not accepted, for this replica alone during ``lasting``."""
        if not await read(self._engine, _next_outcome()):
            return None  # nothing is written while there is nothing to do
        async with self._engine.begin() as connection:
            at = await database_time(connection)
            until, longest = webhook_positions.c.claimed_until, max(lasting, LONGEST_PAUSE)
            is_free = sa.or_(until.is_(None), until <= at, until > at + 2 * longest)  # of a clock that was set back
            claim = webhook_positions.update().where(is_free).values(claimed_until=at + lasting)
            if (await connection.execute(claim)).rowcount != 1:
                return None
            found = await read_on(connection, _next_outcome())
        return OutcomeEvent.model_validate(found[0]) if found else None

    async def accepted(self, event: OutcomeEvent) -> None:
        """Go on after this event."""
        is_before = webhook_positions.c.seq < event.id
        done = webhook_positions.update().where(is_before).values(seq=event.id, claimed_until=None, failures=0)
        async with self._engine.begin() as connection:
            await connection.execute(done)

    async def failed(self, event: OutcomeEvent) -> timedelta:
        """Let no replica post this event again before a pause, and return the pause."""
        async with self._engine.begin() as connection:
            at = await database_time(connection)
            failures: int = await connection.scalar(sa.select(webhook_positions.c.failures)) or 0
            pause: timedelta = min(FIRST_PAUSE * 2 ** min(failures, 10), LONGEST_PAUSE)
            is_before = webhook_positions.c.seq < event.id
            wait = webhook_positions.update().where(is_before)
            await connection.execute(wait.values(claimed_until=at + pause, failures=failures + 1))
        return pause


def _next_outcome() -> sa.Select[Any]:
    is_unanswered = journal.c.details["attempt"].as_string() == AttemptKind.NO_ANSWER
    is_unknown = journal.c.event.in_(DISPROVABLE) & is_unanswered
    after = sa.select(webhook_positions.c.seq).scalar_subquery()
    return (
        sa.select(
            journal.c.seq.label("id"),
            sa.case((is_unknown, str(State.UNKNOWN)), else_=journal.c.event).label("event"),
            journal.c.at,
            journal.c.request_id,
            sa.func.coalesce(requests.c.stops, _DELETE_OR_REBUILD).label("purpose"),
            requests.c.requester_id,
            requests.c.campaign_id,
            requests.c.campaign["name"].as_string().label("campaign_name"),
            requests.c.application,
        )
        .select_from(journal.join(requests))
        .where(journal.c.seq > after, journal.c.event.in_(OUTCOMES))
        .order_by(journal.c.seq)
        .limit(1)
    )
