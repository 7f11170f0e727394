"""The rows of a freeze and of who was told of it, and what the budget counts. Beside the store, in its database."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion.db.connection import read, reading_from
from deletion.db.tables import IS_FREEZING, freeze_notices, freezes, requests
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import HOUR, DeleteLimits, Freeze, FreezeEvent, FreezeNotice
from deletion.domain.models import Entry
from deletion.journal import journal_store

RETRY_EVERY = timedelta(minutes=1)  # a channel that could not be told
IS_FROZEN = sa.exists().where(IS_FREEZING)
_turns = sa.select((sa.func.count(freezes.c.id) + sa.func.count(freezes.c.lifted_at)).label("freeze_generation"))
FREEZE_GENERATION = _turns.scalar_subquery()
happened_at = sa.case((freeze_notices.c.event == FreezeEvent.FROZEN, freezes.c.frozen_at), else_=freezes.c.lifted_at)
NOTICE = ["freeze_id", "event", "target_id"]


async def current_freeze(connection: AsyncConnection) -> tuple[Freeze | None, int]:
    """The freeze that holds now, if one does, and the number of freezes and unfreezings so far."""
    turned = _turns.subquery()
    query = sa.select(turned.c.freeze_generation, freezes).select_from(turned.outerjoin(freezes, IS_FREEZING))
    row = dict(zip(query.selected_columns.keys(), (await connection.execute(query)).one(), strict=True))
    freeze_generation = row.pop("freeze_generation")
    return (Freeze.model_validate(row) if row["id"] else None), freeze_generation


async def delete_limits(
    connection: AsyncConnection, team_id: str, requester_id: str, at: datetime, exclude_request_id: str = ""
) -> DeleteLimits:
    """What holds back whatever this person asks for; the request ``exclude_request_id`` is not counted."""
    freeze, freeze_generation = await current_freeze(connection)
    is_theirs = (requests.c.team_id == team_id) & (requests.c.requester_id == requester_id)
    # By an expression: for "IS NULL" SQLite takes the index of what rebuilds, in which that is almost every request.
    deletes = sa.func.coalesce(requests.c.rebuilds, "") == ""
    in_the_hour = sa.and_(requests.c.approved_at > at - HOUR, requests.c.id != exclude_request_id, deletes)
    query = sa.select(requests.c.approved_at, is_theirs.label("is_theirs")).where(in_the_hour)
    found = (await connection.execute(query.order_by(requests.c.approved_at))).all()
    theirs = tuple(row.approved_at for row in found if row.is_theirs)
    return DeleteLimits(at, freeze, freeze_generation, tuple(row.approved_at for row in found), theirs)


class FreezeStore:
    """Each method is one transaction, whole or not at all.

    A freeze is written under the lock of the journal, and so is the beginning of every delete. So when ``freeze`` has
    returned, nothing begins any more.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = sqlite_insert if engine.dialect.name == "sqlite" else postgresql_insert

    async def freeze(self, freeze: Freeze, entry: Entry, rooms: Iterable[str]) -> bool:
        """Hold everything back, and owe each room a notice; False, and nothing written, if a freeze holds already."""
        async with self._engine.begin() as connection:
            await journal_store.lock(connection)
            if await connection.scalar(sa.select(IS_FROZEN)):
                return False
            await connection.execute(freezes.insert().values(freeze.model_dump()))
            await self._owe(connection, freeze.id, FreezeEvent.FROZEN, rooms)
            recorded = await journal_store.append(connection, entry)
        journal_store.log_entry(recorded)
        return True

    async def lift(self, lifted: Freeze, entry: Entry, rooms: Iterable[str]) -> bool:
        """Let everything go on; False, and nothing written, if somebody did just now."""
        async with self._engine.begin() as connection:
            await journal_store.lock(connection)
            still_frozen = (freezes.c.id == lifted.id) & IS_FREEZING
            written = await connection.execute(freezes.update().where(still_frozen).values(lifted.model_dump()))
            if written.rowcount != 1:
                return False
            await self._owe(connection, lifted.id, FreezeEvent.UNFROZEN, rooms)
            recorded = await journal_store.append(connection, entry)
        journal_store.log_entry(recorded)
        return True

    async def freeze_by_id(self, freeze_id: str) -> Freeze | None:
        rows = await read(self._engine, sa.select(freezes).where(freezes.c.id == freeze_id))
        return Freeze.model_validate(rows[0]) if rows else None

    async def current(self) -> Freeze | None:
        async with reading_from(self._engine) as connection:
            freeze, _ = await current_freeze(connection)
            return freeze

    async def notices(self, freeze_id: str) -> list[FreezeNotice]:
        """All that is owed or was told of a freeze."""
        return await self._notices(freeze_notices.c.freeze_id == freeze_id)

    async def overdue_notices(self, older_than: timedelta, retried_for: timedelta) -> list[FreezeNotice]:
        """Notices that nobody has handled since then, and those that failed lately; what happened first comes first."""
        unhandled = freeze_notices.c.tried_at.is_(None) & (happened_at < now() - older_than)
        failed = sa.and_(
            freeze_notices.c.error != "",
            freeze_notices.c.tried_at < now() - RETRY_EVERY,
            happened_at > now() - retried_for,
        )
        return await self._notices(unhandled | failed)

    async def save_notice(self, notice: FreezeNotice) -> None:
        async with self._engine.begin() as connection:
            values = notice.model_dump()
            kept = self._insert(freeze_notices).values(values)
            await connection.execute(kept.on_conflict_do_update(index_elements=NOTICE, set_=values))

    async def owe(self, freeze_id: str, event: FreezeEvent, targets: Iterable[str]) -> None:
        """Somebody is still to be told of it; a notice that is kept already stays as it is."""
        async with self._engine.begin() as connection:
            await self._owe(connection, freeze_id, event, targets)

    async def _owe(
        self, connection: AsyncConnection, freeze_id: str, event: FreezeEvent, targets: Iterable[str]
    ) -> None:
        for target in targets:
            owed = FreezeNotice(freeze_id=freeze_id, event=event, target_id=target)
            await connection.execute(
                self._insert(freeze_notices).values(owed.model_dump()).on_conflict_do_nothing(index_elements=NOTICE)
            )

    async def _notices(self, *conditions: sa.ColumnElement[bool]) -> list[FreezeNotice]:
        query = sa.select(freeze_notices).join(freezes).where(*conditions).order_by(happened_at)
        return [FreezeNotice.model_validate(row) for row in await read(self._engine, query)]
