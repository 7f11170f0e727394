"""How Kore.ai was heard last, by any replica: when it answered, and since when it does not or refuses us."""

import logging
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from pydantic import AwareDatetime
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.tables import kore_health, kore_places
from deletion.domain.clock import now
from deletion.domain.models import Stored
from kore_api.errors import (
    KoreAuthError,
    KoreError,
    KoreNoAnswerError,
    KoreServerError,
    KoreThrottledError,
    KoreUnreachableError,
)

WRITTEN_EVERY = timedelta(seconds=10)  # as long as nothing changes
ROW = 1
log = logging.getLogger(__name__)


class Trouble(StrEnum):
    """What is wrong with the account, if something is."""

    NONE = ""
    SLACK_ERRORS = "silent"  # it cannot be reached, gives no answer, or none that can be read
    DENIED = "denied"  # it refuses our credentials


class Health(Stored):
    """``since`` is when the trouble began, ``calls`` how many places of this minute are taken."""

    answered_at: AwareDatetime | None = None
    trouble: Trouble = Trouble.NONE
    since: AwareDatetime | None = None
    calls: int = 0


class KoreHealth:
    """One row for all replicas. A call's answer never gets lost because it could not be written here."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = sqlite_insert if engine.dialect.name == "sqlite" else postgresql_insert
        self._written: tuple[datetime, Trouble] | None = None

    async def record(self, error: KoreError | None) -> None:
        """What came of a call; our own count holding one back says nothing of Kore.ai."""
        if isinstance(error, KoreThrottledError):
            return
        at, trouble = now(), _trouble(error)
        if self._written and self._written[1] is trouble and at - self._written[0] < WRITTEN_EVERY:
            return
        try:
            await self._write(at, trouble)
        except SQLAlchemyError as failure:
            log.warning("What was heard of Kore.ai cannot be kept", extra={"error": type(failure).__name__})
        else:
            self._written = at, trouble

    async def now(self) -> Health:
        taken = sa.select(sa.func.coalesce(sa.func.sum(kore_places.c.places), 0)).where(kore_places.c.until > now())
        heard = (kore_health.c.answered_at, kore_health.c.trouble, kore_health.c.since)
        query = sa.select(*heard, taken.scalar_subquery().label("calls"))
        found = await read(self._engine, query)
        return Health.model_validate(found[0]) if found else Health()

    async def _write(self, at: datetime, trouble: Trouble) -> None:
        is_silent = trouble is Trouble.SLACK_ERRORS
        first = {
            "id": ROW,
            "answered_at": None if is_silent else at,
            "trouble": trouble,
            "since": at if trouble else None,
        }
        is_same = kore_health.c.trouble == trouble
        later = {
            "answered_at": kore_health.c.answered_at if is_silent else at,
            "trouble": trouble,
            "since": sa.case((is_same, kore_health.c.since), else_=at) if trouble else None,
        }
        kept = self._insert(kore_health).values(first)
        async with self._engine.begin() as connection:
            await connection.execute(kept.on_conflict_do_update(index_elements=["id"], set_=later))


def _trouble(error: KoreError | None) -> Trouble:
    match error:
        case KoreAuthError():
            return Trouble.DENIED
        case KoreUnreachableError() | KoreNoAnswerError() | KoreServerError():
            return Trouble.SLACK_ERRORS
        case _:
            return Trouble.NONE
