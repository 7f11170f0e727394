"""Freezes, their notices, and the deletes that the budget counts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion.db.connection import read, reading_from
from deletion.db.freeze_and_hold_tables import IS_FREEZING, freeze_notices, freezes
from deletion.db.list_tables import SHOWN_BY
from deletion.db.tables import IS_DELETE, IS_OPEN, messages, requests
from deletion.db.upsert import insert_for
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import HOUR, DeleteLimits, Freeze, FreezeEvent, FreezeNotice
from deletion.domain.records import STALE, UNANSWERED, Entry, MessageKind
from deletion.journal import journal_store
from deletion.stores.hold_store import current_hold
from deletion.stores.in_account import of_account

RETRY_EVERY = timedelta(minutes=1)  # an unreachable channel
IS_FROZEN = sa.exists().where(IS_FREEZING)
_turns = sa.select((sa.func.count(freezes.c.id) + sa.func.count(freezes.c.lifted_at)).label("freeze_generation"))
FREEZE_GENERATION = _turns.scalar_subquery()
_turned = _turns.subquery()
CURRENT = sa.select(_turned.c.freeze_generation, freezes).select_from(_turned.outerjoin(freezes, IS_FREEZING))
CURRENT_COLUMNS = CURRENT.selected_columns.keys()
happened_at = sa.case((freeze_notices.c.event == FreezeEvent.FROZEN, freezes.c.frozen_at), else_=freezes.c.lifted_at)
_is_theirs = (requests.c.team_id == sa.bindparam("team")) & (requests.c.requester_id == sa.bindparam("requester"))
# Those that a budget counts: approved since a moment, but for one request.
APPROVED = (
    sa.select(requests.c.approved_at, _is_theirs.label("is_theirs"))
    .where(
        requests.c.approved_at > sa.bindparam("since"), requests.c.id != sa.bindparam("exclude_request_id"), IS_DELETE
    )
    .order_by(requests.c.approved_at)
)
APPROVED_IN_ACCOUNT = APPROVED.where(of_account())
_notices = sa.select(freeze_notices).join(freezes).order_by(happened_at)
NOTICES = _notices.where(freeze_notices.c.freeze_id == sa.bindparam("freeze_id"))
_unhandled = freeze_notices.c.tried_at.is_(None) & (happened_at < sa.bindparam("before", type_=happened_at.type))
_failed = sa.and_(
    freeze_notices.c.error != "",
    freeze_notices.c.tried_at < sa.bindparam("tried_before"),
    happened_at > sa.bindparam("after", type_=happened_at.type),
)
OVERDUE_NOTICES = _notices.where(_unhandled | _failed)
NOTICE = ["freeze_id", "event", "target_id"]


async def current_freeze(connection: AsyncConnection) -> tuple[Freeze | None, int]:
    """Return the current freeze, if any, and the number of freezes and unfreezes so far."""
    row = dict(zip(CURRENT_COLUMNS, (await connection.execute(CURRENT)).one(), strict=True))
    freeze_generation = row.pop("freeze_generation")
    return (Freeze.model_validate(row) if row["id"] else None), freeze_generation


async def delete_limits(  # noqa: PLR0913 - what a budget counts
    connection: AsyncConnection,
    team_id: str,
    requester_id: str,
    at: datetime,
    exclude_request_id: str = "",
    *,
    kore_account: str | None = None,
    campaign_id: str = "",
    heeds_freeze: bool = True,
) -> DeleteLimits:
    """Return the freeze, the budget of this Kore.ai account that limits this requester, and the campaign's hold.

    ``exclude_request_id`` is not counted. Without ``heeds_freeze``, there is no freeze.
    """
    freeze, freeze_generation = await current_freeze(connection) if heeds_freeze else (None, 0)
    values = {"since": at - HOUR, "exclude_request_id": exclude_request_id, "account": kore_account}
    values |= {"team": team_id, "requester": requester_id}
    query = APPROVED_IN_ACCOUNT if kore_account is not None else APPROVED
    found = (await connection.execute(query, values)).all()
    theirs = tuple(row.approved_at for row in found if row.is_theirs)
    hold = await current_hold(connection, campaign_id, kore_account) if campaign_id else None
    return DeleteLimits(at, freeze, freeze_generation, tuple(row.approved_at for row in found), theirs, hold)


async def _end(connection: AsyncConnection, lifted: Freeze) -> bool:
    """End a freeze. Return False if it has just been ended. Its reason may have been given since it was read."""
    still_frozen = (freezes.c.id == lifted.id) & IS_FREEZING
    ending = lifted.model_dump(include={"lifted_by", "lifted_at", "lifted_because", "lifted_in"})
    written = await connection.execute(freezes.update().where(still_frozen).values(ending))
    return written.rowcount == 1


async def _told(connection: AsyncConnection, freeze: Freeze) -> list[str]:
    """Return the channels that have a notice of the freeze, or may have; some may have left the settings."""
    is_posted = (freeze_notices.c.event == FreezeEvent.FROZEN) & freeze_notices.c.ts.is_not(None)
    of_rooms = is_posted & (freeze_notices.c.target_id != freeze.frozen_by)
    told = sa.select(freeze_notices.c.target_id).where(freeze_notices.c.freeze_id == freeze.id, of_rooms)
    return list((await connection.execute(told)).scalars())


def _in_rooms(freeze: Freeze) -> sa.ColumnElement[bool]:
    return (freeze_notices.c.freeze_id == freeze.id) & (freeze_notices.c.target_id != freeze.frozen_by)


async def _mark_cards(connection: AsyncConnection) -> None:
    """Mark the messages that show the freeze, those of open requests, as stale."""
    is_open = messages.c.request_id.in_(sa.select(SHOWN_BY).where(IS_OPEN))
    on_cards = is_open & (messages.c.kind != MessageKind.STORY)
    stale = messages.update().where(on_cards).values(shown_freeze_generation=0, shown=marked_stale())
    await connection.execute(stale)


def marked_stale() -> sa.ColumnElement[str]:
    """Return words for the place of a digest, other ones each time: what was read before cannot be saved as shown.

    That an update may still arrive is kept.
    """
    mark = f"{STALE} {uuid4().hex}"
    return sa.case((messages.c.shown.startswith(UNANSWERED), f"{UNANSWERED}, {mark}"), else_=mark)


class FreezeStore:
    """Each method is one transaction, whole or not at all.

    A freeze and the start of every delete are written under the journal's lock, so nothing starts once ``freeze`` has
    returned.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_for(engine)

    async def freeze(
        self, freeze: Freeze, entry: Entry, rooms: Iterable[str], *, instead_of: tuple[Freeze, Entry] | None = None
    ) -> bool:
        """Freeze all requests and add a notice per room. Return False, and write nothing, if they are frozen.

        ``instead_of`` is the freeze that ends at the same moment, without a notice; False if it has ended before. The
        new one is told wherever that was.
        """
        recorded, targets = [], [*rooms]
        async with self._engine.begin() as connection:
            await journal_store.lock(connection)
            if instead_of:
                if not await _end(connection, instead_of[0]):
                    return False
                recorded.append(await journal_store.append(connection, instead_of[1]))
                targets += await _told(connection, instead_of[0])
            elif await connection.scalar(sa.select(IS_FROZEN)):
                return False
            await connection.execute(freezes.insert().values(freeze.model_dump()))
            await self._owe(connection, freeze.id, FreezeEvent.FROZEN, targets)
            recorded.append(await journal_store.append(connection, entry))
        for each in recorded:
            journal_store.log_entry(each)
        return True

    async def give_reason(self, explained: Freeze, entry: Entry) -> bool:
        """Save the reason of a freeze without one, and mark the messages that show the freeze as stale.

        Return False, and write nothing, if it has a reason or is over.
        """
        async with self._engine.begin() as connection:
            await journal_store.lock(connection)
            is_unexplained = (freezes.c.id == explained.id) & IS_FREEZING & (freezes.c.reason == "")
            written = await connection.execute(freezes.update().where(is_unexplained).values(reason=explained.reason))
            if written.rowcount != 1:
                return False
            posted = _in_rooms(explained) & freeze_notices.c.ts.is_not(None)
            await connection.execute(freeze_notices.update().where(posted).values(tried_at=None))
            await _mark_cards(connection)
            recorded = await journal_store.append(connection, entry)
        journal_store.log_entry(recorded)
        return True

    async def show_again(self, current: Freeze, rooms: Iterable[str]) -> bool:
        """Let the notices of the current freeze be posted once more, and every open card be sent again.

        After a restore, Slack may show what the database does not know of, such as the end of this freeze. Return
        False, and write nothing, if it has just been ended.
        """
        async with self._engine.begin() as connection:
            await journal_store.lock(connection)
            if not await connection.scalar(sa.select(freezes.c.id).where(freezes.c.id == current.id, IS_FREEZING)):
                return False
            await self._owe(connection, current.id, FreezeEvent.FROZEN, rooms)
            told = _in_rooms(current) & (freeze_notices.c.event == FreezeEvent.FROZEN)
            await connection.execute(freeze_notices.update().where(told).values(ts=None, error="", tried_at=None))
            await _mark_cards(connection)
        return True

    async def lift(self, lifted: Freeze, entry: Entry, rooms: Iterable[str]) -> bool:
        """End the freeze, and add a notice per room, and wherever one of the freeze is, which promises that of its end.

        Return False, and write nothing, if it has just been ended.
        """
        async with self._engine.begin() as connection:
            await journal_store.lock(connection)
            if not await _end(connection, lifted):
                return False
            targets = [*rooms, *await _told(connection, lifted)]
            await self._owe(connection, lifted.id, FreezeEvent.UNFROZEN, targets)
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
        """Return all notices of a freeze, posted or not."""
        return await self._notices(NOTICES, {"freeze_id": freeze_id})

    async def overdue_notices(self, older_than: timedelta, retried_for: timedelta) -> list[FreezeNotice]:
        """Return notices unhandled for that long, and those that failed lately, the oldest event first."""
        at = now()
        values = {"before": at - older_than, "tried_before": at - RETRY_EVERY, "after": at - retried_for}
        return await self._notices(OVERDUE_NOTICES, values)

    async def save_notice(self, notice: FreezeNotice) -> None:
        async with self._engine.begin() as connection:
            values = notice.model_dump()
            kept = self._insert(freeze_notices).values(values)
            await connection.execute(kept.on_conflict_do_update(index_elements=NOTICE, set_=values))

    async def owe(self, freeze_id: str, event: FreezeEvent, targets: Iterable[str]) -> None:
        """Add notices for these targets; existing ones stay as they are."""
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

    async def _notices(self, query: sa.Select[Any], values: dict[str, Any]) -> list[FreezeNotice]:
        return [FreezeNotice.model_validate(row) for row in await read(self._engine, query, values)]
