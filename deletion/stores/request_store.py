"""Requests. Every change is one compare-and-swap, with its journal entry in the same transaction."""

from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion.db.connection import database_time, read, read_on, reading_from
from deletion.db.tables import archives, journal, messages, requests
from deletion.db.upsert import insert_for
from deletion.domain.clock import monotonic, now, synchronize
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Purpose, Request
from deletion.domain.records import Entry, Message, MessageKind, Snapshot, SnapshotKind
from deletion.domain.states import BEGUN, State
from deletion.journal import journal_store
from deletion.journal.hash_chain import Recorded
from deletion.stores import freeze_store, list_rows
from deletion.stores.archived import is_last_archived, last_archived
from deletion.stores.hold_store import IS_HELD
from deletion.stores.request_reads import RequestReads, rebuilds_of
from deletion.stores.row_mapping import message_row, request_of, row_of, without
from deletion.stores.unsettled_delete import unsettled_delete

P = ParamSpec("P")
Adding: TypeAlias = Coroutine[Any, Any, bool]


class AlreadyRequestedError(Exception):
    """The campaign has an open request, or one whose unanswered delete may still land: ``existing``."""

    def __init__(self, existing: Request) -> None:
        super().__init__(existing)
        self.existing = existing


def repeated_once(write: Callable[P, Adding]) -> Callable[P, Adding]:
    """Repeat a write after an IntegrityError: the open request that caused it may have ended before it was found."""

    @wraps(write)
    async def written(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            return await write(*args, **kwargs)
        except IntegrityError:
            return await write(*args, **kwargs)

    return written


class RequestStore(RequestReads):
    """Write requests with their journal and archive. Each method is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self._insert = insert_for(engine)(messages).on_conflict_do_nothing()

    async def synchronize_clock(self) -> None:
        """Follow the time of PostgreSQL, which all replicas share; SQLite has one process, with one clock."""
        if self._engine.dialect.name == "postgresql":
            async with reading_from(self._engine) as connection:
                asked_at = monotonic()
                said = await database_time(connection)
            synchronize(said, asked_at, monotonic())

    @repeated_once
    async def add(
        self,
        request: Request,
        entry: Entry,
        recipients: Iterable[Message],
        expected_limits: DeleteLimits | None = None,
        commit_by: datetime | None = None,
    ) -> bool:
        """Keep a new request, its first journal entry and the messages it owes.

        False, and nothing written, if the limits are not the expected ones any more, or ``commit_by`` has come. Raises
        AlreadyRequestedError if the campaign has an open request, an unsettled delete or been rebuilt, or if this very
        request was kept before.
        """
        try:
            async with self._engine.begin() as connection:
                await connection.execute(requests.insert().values(row_of(request)))
                # After the insert: until then an open request can still end.
                if existing := await self._blocking(connection, request):
                    raise AlreadyRequestedError(existing)
                recorded = await self._record(
                    connection, request, entry, recipients, expected_limits=expected_limits, commit_by=commit_by
                )
        except IntegrityError:
            same = await self.request(request.id)
            is_stop = request.purpose is Purpose.STOP
            of = request.campaign.campaign_id, request.kore_account
            if existing := same or await self.open_request(*of, is_stop=is_stop):
                raise AlreadyRequestedError(existing) from None
            raise
        return _log(recorded)

    async def swap(  # noqa: PLR0913 - what belongs into one transaction
        self,
        before: Request,
        after: Request,
        entry: Entry,
        recipients: Iterable[Message] = (),
        *,
        snapshot: Snapshot | None = None,
        expected_limits: DeleteLimits | None = None,
        commit_by: datetime | None = None,
    ) -> bool:
        """Write ``after`` over ``before`` if the row is unchanged since, and the limits still are the expected ones.

        Return False, with nothing written, if not, or if ``commit_by`` has come. Changes that depend on the limits are
        serialised, so the limits still hold when the change is written.
        """
        async with self._engine.begin() as connection:
            if not await self._swap_row(connection, before, after):
                await connection.rollback()
                return False
            if snapshot and not await is_last_archived(connection, snapshot):
                await connection.execute(archives.insert().values(snapshot.model_dump(mode="python")))
            recorded = await self._record(
                connection, after, entry, recipients, expected_limits=expected_limits, commit_by=commit_by
            )
            if recorded and after.state is State.REBUILT and before.state is not State.REBUILT:
                # Under the journal's lock, as the reason of a freeze: neither waits for the other's messages.
                stale = {"shown_version": 0, "shown": freeze_store.marked_stale()}
                await connection.execute(_messages_of_deletion(after).values(stale))
        return _log(recorded)

    async def begin_sending(self, request: Request) -> datetime | None:
        """Record in the request's lease that its call to Kore.ai leaves now. Return the database's time.

        None, and nothing written, if ``request`` is stale, has no lease, or a freeze or a hold keeps it.
        """
        if request.lease is None:
            return None
        lease = request.lease.model_copy(update={"sending_at": now()})
        is_unchanged = (requests.c.id == request.id) & (requests.c.version == request.version)
        async with self._engine.begin() as connection:
            is_thawed = ~freeze_store.IS_FROZEN if request.heeds_freeze else sa.true()
            may_leave = is_thawed & (~IS_HELD if request.campaign_to_delete else sa.true())
            result = await connection.execute(
                requests.update()
                .where(is_unchanged, requests.c.state == request.state, may_leave)
                .values(lease=lease.model_dump(mode="json"))
            )
            return await database_time(connection) if result.rowcount == 1 else None

    async def database_time(self) -> datetime:
        async with reading_from(self._engine) as connection:
            return await database_time(connection)

    async def entries(self, request_id: str) -> list[Entry]:
        """The journal of one request, oldest first."""
        told = (journal.c[name] for name in Entry.model_fields)
        query = sa.select(*told).where(journal.c.request_id == request_id).order_by(journal.c.seq)
        return [Entry.model_validate(row) for row in await read(self._engine, query)]

    async def snapshot(self, request_id: str, kind: SnapshotKind) -> Snapshot | None:
        """The last one of this kind that was archived with the request."""
        row = await self._one(last_archived(request_id, kind))
        return Snapshot.model_validate(without(row, "seq")) if row else None

    async def _blocking(self, connection: AsyncConnection, new: Request) -> Request | None:
        """Return the ended request for which a new one, inserted already, may not be made."""
        if new.campaign_to_delete:
            return await unsettled_delete(connection, new.campaign.campaign_id, new.kore_account)
        if new.purpose is Purpose.REBUILD and new.rebuilds:
            earlier = rebuilds_of(new.rebuilds).where(requests.c.id != new.id)
            return next(map(request_of, await read_on(connection, earlier)), None)
        return None

    async def _swap_row(self, connection: AsyncConnection, before: Request, after: Request) -> bool:
        """Return False if the row is not as ``before`` any more, or the list of the request keeps it from beginning."""
        is_before = (requests.c.state == before.state) & (requests.c.version == before.version)
        swap = requests.update().where(requests.c.id == before.id, is_before).values(row_of(after))
        is_swapped = (await connection.execute(swap)).rowcount == 1
        return is_swapped and await list_rows.request_changed(connection, before, after)

    async def _record(  # noqa: PLR0913 - the parts of one transaction
        self,
        connection: AsyncConnection,
        request: Request,
        entry: Entry,
        recipients: Iterable[Message],
        *,
        expected_limits: DeleteLimits | None,
        commit_by: datetime | None,
    ) -> Recorded | None:
        """Return None, and roll back, if the limits are not the expected ones any more or ``commit_by`` has come."""
        await self._owe(connection, recipients)
        # Last: until the commit, all replicas wait.
        recorded = await journal_store.append(connection, entry, request)
        do_limits_hold = expected_limits is None or await self._do_limits_hold(connection, request, expected_limits)
        if do_limits_hold and (commit_by is None or now() < commit_by):
            return recorded
        await connection.rollback()
        return None

    async def _owe(self, connection: AsyncConnection, recipients: Iterable[Message]) -> None:
        if owed := [message_row(message) for message in recipients]:
            await connection.execute(self._insert, owed)

    async def _do_limits_hold(self, connection: AsyncConnection, request: Request, expected: DeleteLimits) -> bool:
        found = await freeze_store.delete_limits(
            connection,
            request.team_id,
            request.requester_id,
            expected.at,
            request.id,
            kore_account=request.kore_account,
            campaign_id=request.campaign_to_delete,
            heeds_freeze=request.heeds_freeze,
        )
        # The budget is for approving; what begins now has been weighed before.
        is_still_allowed = (found.freeze_generation, found.hold) == (expected.freeze_generation, expected.hold)
        return found == expected or (request.state in BEGUN and is_still_allowed)


def _messages_of_deletion(rebuilt: Request) -> sa.Update:
    """Return an update of the messages that said what a rebuild has now done; a thread's lines never change.

    One that is being posted is marked, too: it may say what was true before.
    """
    is_of_deletion = messages.c.request_id == rebuilt.rebuilds
    return messages.update().where(is_of_deletion, messages.c.kind != MessageKind.STORY)


def _log(recorded: Recorded | None) -> bool:
    if recorded:
        journal_store.log_entry(recorded)
    return recorded is not None
