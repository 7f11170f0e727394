"""Find the last snapshot that was archived with a request."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from deletion.db.tables import archives, requests
from deletion.domain.records import Snapshot


class Sealed(NamedTuple):
    """The encrypted part of a snapshot, when it was taken, and the application of its request."""

    content: bytes
    taken_at: datetime
    application: str


def last_archived(request_id: str, kind: str) -> sa.Select[Any]:
    mine = (archives.c.request_id == request_id) & (archives.c.kind == kind)
    return sa.select(archives).where(mine).order_by(archives.c.seq.desc()).limit(1)


async def newest_sealed(connection: AsyncConnection) -> Sealed | None:
    """Return the encrypted part of the newest snapshot that has one, of any request."""
    columns = archives.c.sealed, archives.c.taken_at, requests.c.application
    encrypted = sa.select(*columns).select_from(archives.join(requests)).where(archives.c.sealed.is_not(None))
    newest = (await connection.execute(encrypted.order_by(archives.c.seq.desc()).limit(1))).first()
    return Sealed(*newest) if newest else None


async def is_last_archived(connection: AsyncConnection, snapshot: Snapshot) -> bool:
    """Return whether the last snapshot of this request and kind has the same content, and is sealed if this one is."""
    last = (await connection.execute(last_archived(snapshot.request_id, snapshot.kind))).mappings().first()
    if last is None or last["sha256"] != snapshot.sha256:
        return False
    return last["sealed"] is not None or snapshot.sealed is None
