"""When deleted campaigns are looked at again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.tables import requests
from deletion.domain.models import Request
from deletion.stores.row_mapping import request_of

DUE = (
    sa.select(requests)
    .where(requests.c.recheck_at.is_not(None), requests.c.recheck_at <= sa.bindparam("at"))
    .where(requests.c.application == sa.bindparam("application"))
    .order_by(requests.c.recheck_at)
)


class RecheckStore:
    """The column ``recheck_at`` of the requests.

    A look that finds nothing new changes this column alone: there is nothing to tell, so the request keeps its version.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def due(self, at: datetime, application: str) -> list[Request]:
        """Return the due requests of one application. Those of an application that left the settings stay due."""
        found = await read(self._engine, DUE, {"at": at, "application": application})
        return [request_of(row) for row in found]

    async def postpone(self, request: Request, until: datetime | None) -> Request | None:
        """Set the next look, or none, and return the request with it. None if another replica was first."""
        is_unchanged = (requests.c.version == request.version) & (requests.c.recheck_at == request.recheck_at)
        change = requests.update().where(requests.c.id == request.id, is_unchanged).values(recheck_at=until)
        async with self._engine.begin() as connection:
            result = await connection.execute(change)
        return request.model_copy(update={"recheck_at": until}) if result.rowcount == 1 else None
