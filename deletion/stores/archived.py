"""Find the last snapshot that was archived with a request."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from deletion.db.tables import archives
from deletion.domain.records import Snapshot


def last_archived(request_id: str, kind: str) -> sa.Select[Any]:
    mine = (archives.c.request_id == request_id) & (archives.c.kind == kind)
    return sa.select(archives).where(mine).order_by(archives.c.seq.desc()).limit(1)


async def is_last_archived(connection: AsyncConnection, snapshot: Snapshot) -> bool:
    """Return whether the last snapshot of this request and kind has the same content, and is sealed if this one is."""
    last = (await connection.execute(last_archived(snapshot.request_id, snapshot.kind))).mappings().first()
    if last is None or last["sha256"] != snapshot.sha256:
        return False
    return last["sealed"] is not None or snapshot.sealed is None
