"""Read the archive for the commands: what is in it, and all that belongs to one request."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from deletion.db.connection import rows_of
from deletion.db.tables import IS_OPEN, archives, journal, requests
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.records import Snapshot
from deletion.journal.hash_chain import Recorded
from deletion.stores.hold_store import IS_HELD
from deletion.stores.row_mapping import request_of, without
from deletion.stores.watched import may_be_watched


class Archived(NamedTuple):
    """One snapshot in the archive, without its content."""

    request_id: str
    kind: str
    taken_at: datetime
    is_sealed: bool
    campaign_id: str
    campaign_name: str


def archived(connection: sa.Connection, before: datetime | None = None) -> Iterator[Archived]:
    """Yield every snapshot, or those taken before a time that nothing needs, the oldest first."""
    query = sa.select(
        archives.c.request_id,
        archives.c.kind,
        archives.c.taken_at,
        archives.c.sealed.is_not(None),
        requests.c.campaign_id,
        requests.c.campaign["name"].as_string(),
    ).select_from(archives.join(requests))
    wanted = old_and_not_needed(before) if before else sa.true()
    for row in connection.execute(query.where(wanted).order_by(archives.c.seq)):
        yield Archived(*row)


def old_and_not_needed(before: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of snapshots taken before a time, but for campaigns on hold and those of rebuilds.

    A rebuild needs its snapshot until it has ended, and one with an unknown outcome as long as that is watched.
    """
    held = sa.select(requests.c.id).where(IS_HELD)
    is_needed = IS_OPEN | may_be_watched(now())
    rebuilt = sa.select(requests.c.rebuilds).where(requests.c.rebuilds.is_not(None), is_needed)
    return (archives.c.taken_at < before) & archives.c.request_id.not_in(sa.union(held, rebuilt))


def request_by_id(connection: sa.Connection, request_id: str) -> Request | None:
    found = rows_of(connection.execute(sa.select(requests).where(requests.c.id == request_id)))
    return request_of(found[0]) if found else None


def of_one_moment(connection: sa.Connection, request_id: str) -> tuple[Request, list[Snapshot], list[Recorded]] | None:
    """Return a request with its snapshots and journal entries, read again if it has changed meanwhile; None without."""
    request = request_by_id(connection, request_id)
    while request:
        found = request, snapshots_of(connection, request_id), entries_of(connection, request_id)
        request = request_by_id(connection, request_id)
        if request and request.version == found[0].version:
            return found
    return None


def snapshots_of(connection: sa.Connection, request_id: str) -> list[Snapshot]:
    query = sa.select(archives).where(archives.c.request_id == request_id).order_by(archives.c.seq)
    return [Snapshot.model_validate(without(row, "seq")) for row in rows_of(connection.execute(query))]


def entries_of(connection: sa.Connection, request_id: str) -> list[Recorded]:
    query = sa.select(journal).where(journal.c.request_id == request_id).order_by(journal.c.seq)
    return [Recorded.model_validate(row) for row in rows_of(connection.execute(query))]


def sealed_parts(connection: sa.Connection) -> Iterator[tuple[int, bytes, str]]:
    """Yield number, encrypted part and application of every snapshot that has one, also of those added meanwhile."""
    all_parts = sa.select(archives.c.seq, archives.c.sealed, requests.c.application).select_from(
        archives.join(requests)
    )
    part = all_parts.where(archives.c.sealed.is_not(None)).order_by(archives.c.seq)
    last = 0
    while found := connection.execute(part.where(archives.c.seq > last).limit(1)).first():
        last = found.seq
        yield found.seq, found.sealed, found.application
