"""Judge the readiness of the database by a write: a standby, a full disk or a lost right may still answer reads."""

import asyncio
import logging
import time

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import failure_code
from deletion.db.tables import heartbeat
from deletion.db.upsert import insert_for
from deletion.domain.clock import now

ANSWERS_WITHIN_SECONDS = 5.0
VALID_SECONDS = 1.0  # however often /readyz is asked
log = logging.getLogger(__name__)


class Heartbeat:
    """Writes its row when it is asked. Concurrent questions share one write."""

    def __init__(self, engine: AsyncEngine, answers_within_seconds: float = ANSWERS_WITHIN_SECONDS) -> None:
        self._engine = engine
        self._insert = insert_for(engine)
        self._answers_within_seconds = answers_within_seconds
        self._writing: asyncio.Task[str] | None = None
        self._written_at = float("-inf")

    async def why_not_ready(self) -> str:
        """Return why the database cannot be written, or an empty text."""
        if self._writing is None or (self._writing.done() and time.monotonic() - self._written_at >= VALID_SECONDS):
            self._writing = asyncio.create_task(self._write())
        # The write is left alone at the time-out: psycopg waits for the server even when it is cancelled.
        done, _ = await asyncio.wait({self._writing}, timeout=self._answers_within_seconds)
        return self._writing.result() if done else "the database does not answer"

    async def _write(self) -> str:
        try:
            async with self._engine.begin() as connection:
                beat = self._insert(heartbeat).values(id=1, at=now())
                await connection.execute(
                    beat.on_conflict_do_update(index_elements=["id"], set_={"at": beat.excluded.at})
                )
        except (SQLAlchemyError, OSError) as error:
            log.warning("Database not writable", extra={"error": failure_code(error)})
            return f"the database cannot be written ({failure_code(error)})"
        finally:
            self._written_at = time.monotonic()
        return ""
