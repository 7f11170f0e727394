"""Read the requests of a period for a report, some at a time, so that a year needs no more memory than a day."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.tables import requests
from deletion.domain.report import Report
from deletion.stores.row_mapping import request_of

AT_ONCE = 500


class Reports:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def of(self, since: datetime, until: datetime) -> Report:
        """Count the requests that were made from ``since`` to before ``until``."""
        report, last = Report(since, until), None
        while True:
            found = [request_of(row) for row in await read(self._engine, _next(since, until, last))]
            for request in found:
                report.count(request)
            if len(found) < AT_ONCE:
                return report
            last = found[-1].requested_at, found[-1].id


def _next(since: datetime, until: datetime, last: tuple[datetime, str] | None) -> sa.Select[Any]:
    place = sa.tuple_(requests.c.requested_at, requests.c.id)
    query = sa.select(requests).where(requests.c.requested_at >= since, requests.c.requested_at < until)
    if last:
        query = query.where(place > sa.tuple_(sa.literal(last[0], requests.c.requested_at.type), last[1]))
    return query.order_by(requests.c.requested_at, requests.c.id).limit(AT_ONCE)
