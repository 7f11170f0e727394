"""Record the state of the connection to a Kore.ai account for all replicas, and log why calls fail.

It is shown on Home: when Kore.ai last answered, and since when it gives no usable answer or denies access.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from pydantic import AwareDatetime
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import failure_code, read
from deletion.db.tables import kore_places, kore_states
from deletion.db.upsert import insert_for
from deletion.domain.clock import now
from deletion.domain.log_throttle import LogThrottle
from deletion.domain.stored import Stored
from deletion.kore.brief_write import write_briefly
from deletion.kore.rate_limiter import is_held_for
from kore_api.causes import Cause
from kore_api.errors import (
    KoreAuthError,
    KoreError,
    KoreNoAnswerError,
    KorePracticeError,
    KoreServerError,
    KoreThrottledError,
    KoreUncountedError,
    KoreUnreachableError,
)

WRITTEN_EVERY = timedelta(seconds=10)  # while nothing changes
LOGGED_MESSAGE = 300  # characters
log = logging.getLogger(__name__)


class Trouble(StrEnum):
    """The values are stored."""

    NONE = ""
    UNANSWERED = "silent"  # unreachable, no answer, or none that can be relied on
    DENIED = "denied"  # Kore.ai rejects the credentials, the scope or the app


class Health(Stored):
    """``since`` is when the trouble began, ``calls`` how many of this minute's calls are used."""

    answered_at: AwareDatetime | None = None
    trouble: Trouble = Trouble.NONE
    since: AwareDatetime | None = None
    calls: int = 0


class KoreHealth:
    """One row for all replicas. Recording never raises, so that it cannot hide the result of a call.

    ``rate_limited`` is the account that the rate limiter counts the calls for, ``named`` the application's field in the
    log.
    """

    def __init__(
        self, engine: AsyncEngine, account: str = "", rate_limited: str = "", named: Mapping[str, str] | None = None
    ) -> None:
        self._engine = engine
        self._account = account
        self._rate_limited = rate_limited
        self._named = named or {}
        self._insert = insert_for(engine)
        self._written: tuple[datetime, Trouble] | None = None
        self._throttle = LogThrottle()

    async def record(self, error: KoreError | None) -> None:
        """Record the result of a call, and log its cause once a minute.

        Calls that the bot itself held back, or that failed in the bot, do not change Kore.ai's state.
        """
        if error:
            self._warn(error)
        is_failure_of_bot = error is not None and error.cause is Cause.UNEXPECTED
        if is_failure_of_bot or isinstance(error, KorePracticeError | KoreThrottledError | KoreUncountedError):
            return
        at, trouble = now(), _trouble(error)
        if self._written and self._written[1] is trouble and at - self._written[0] < WRITTEN_EVERY:
            return
        await write_briefly(self._try_to_write(at, trouble), "health")

    async def _try_to_write(self, at: datetime, trouble: Trouble) -> None:
        try:
            await self._write(at, trouble)
        except SQLAlchemyError as failure:
            log.warning("Kore.ai health not recorded", extra={"error": failure_code(failure)})
        else:
            self._written = at, trouble

    def _warn(self, error: KoreError) -> None:
        suppressed = self._throttle.admit(error.cause) if error.cause else None
        if error.cause is None or suppressed is None:
            return
        fields = {
            "cause": str(error.cause),
            "advice": error.cause.advice,
            "http_status": error.http_status,
            "kore_message": error.kore_message[:LOGGED_MESSAGE] or None,
            "detail": error.detail[:LOGGED_MESSAGE] or None,
            "suppressed": suppressed,
        }
        given = {name: value for name, value in fields.items() if value is not None}
        log.warning("Kore.ai call failed", extra={**given, **self._named})

    async def now(self) -> Health:
        """Return the state as of now."""
        is_taken = is_held_for(self._rate_limited) & (kore_places.c.until > now())
        taken = sa.select(sa.func.coalesce(sa.func.sum(kore_places.c.places), 0)).where(is_taken)
        heard = (kore_states.c.answered_at, kore_states.c.trouble, kore_states.c.since)
        query = sa.select(*heard, taken.scalar_subquery().label("calls")).where(kore_states.c.account == self._account)
        found = await read(self._engine, query)
        return Health.model_validate(found[0]) if found else Health()

    async def _write(self, at: datetime, trouble: Trouble) -> None:
        is_unanswered = trouble is Trouble.UNANSWERED
        first = {
            "account": self._account,
            "answered_at": None if is_unanswered else at,
            "trouble": trouble,
            "since": at if trouble else None,
        }
        is_same = kore_states.c.trouble == trouble
        later = {
            "answered_at": kore_states.c.answered_at if is_unanswered else at,
            "trouble": trouble,
            "since": sa.case((is_same, kore_states.c.since), else_=at) if trouble else None,
        }
        kept = self._insert(kore_states).values(first)
        async with self._engine.begin() as connection:
            await connection.execute(kept.on_conflict_do_update(index_elements=["account"], set_=later))


def _trouble(error: KoreError | None) -> Trouble:
    match error:
        case KoreAuthError():
            return Trouble.DENIED
        case KoreUnreachableError() | KoreNoAnswerError() | KoreServerError():
            return Trouble.UNANSWERED
        case _:
            return Trouble.NONE
