"""The store: rows in, rows out. Every change of a request is one compare-and-swap with its journal entry beside it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion import journal_store
from deletion.clock import now
from deletion.journal import Recorded
from deletion.models import OPEN_STATES, Entry, Message, MessageKind, Preview, Request, Snapshot, SnapshotKind, State
from deletion.tables import IS_OPEN, archives, journal, messages, previews, requests, seen

RETRY_EVERY = timedelta(minutes=1)  # a channel that could not be told


class AlreadyRequestedError(Exception):
    """This was asked for already, by the ``standing`` request."""

    def __init__(self, standing: Request) -> None:
        super().__init__(standing)
        self.standing = standing


class Store:
    """The only way to the database. Each method is one transaction, whole or not at all."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = sqlite_insert if engine.dialect.name == "sqlite" else postgresql_insert

    async def ping(self) -> None:
        """Raises SQLAlchemy's error when the database does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(sa.text("SELECT 1"))

    async def close(self) -> None:
        await self._engine.dispose()

    async def keep_preview(self, preview: Preview) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(previews.insert().values(preview.model_dump(mode="python")))

    async def preview(self, preview_id: str) -> Preview | None:
        row = await self._one(sa.select(previews).where(previews.c.id == preview_id))
        return Preview.model_validate(row) if row else None

    async def first_sight(self, key: str) -> bool:
        """Remember what Slack sent, by a key of at most 64 characters; False if any replica has seen it before."""
        async with self._engine.begin() as connection:
            sight = self._insert(seen).values(key=key, at=now()).on_conflict_do_nothing().returning(seen.c.key)
            return (await connection.execute(sight)).first() is not None

    async def forget(self, before: datetime) -> None:
        """Drop previews that nobody confirmed, and what Slack sent, from before then."""
        async with self._engine.begin() as connection:
            await connection.execute(previews.delete().where(previews.c.taken_at < before))
            await connection.execute(seen.delete().where(seen.c.at < before))

    async def add(self, request: Request, entry: Entry, audience: Iterable[Message]) -> None:
        """Keep a new request, its first journal entry and the messages it owes.

        Raises AlreadyRequestedError if the campaign has an open request, or this very request was kept before.
        """
        try:
            async with self._engine.begin() as connection:
                await connection.execute(requests.insert().values(row_of(request)))
                recorded = await self._record(connection, request, entry, audience)
        except IntegrityError:
            same = await self.request(request.id)
            if standing := same or await self.open_request(request.sighting.campaign_id):
                raise AlreadyRequestedError(standing) from None
            raise
        journal_store.log_entry(recorded)

    async def swap(
        self,
        before: Request,
        after: Request,
        entry: Entry,
        audience: Iterable[Message] = (),
        snapshot: Snapshot | None = None,
    ) -> bool:
        """Write ``after`` over ``before`` if nobody else did since; False, and nothing written, if somebody did."""
        async with self._engine.begin() as connection:
            result = await connection.execute(
                requests.update()
                .where(
                    requests.c.id == before.id,
                    requests.c.state == before.state,
                    requests.c.version == before.version,
                )
                .values(row_of(after))
            )
            if result.rowcount != 1:
                return False
            if snapshot:
                await connection.execute(archives.insert().values(snapshot.model_dump(mode="python")))
            recorded = await self._record(connection, after, entry, audience)
        journal_store.log_entry(recorded)
        return True

    async def note(self, entry: Entry) -> None:
        """Keep an entry of the journal that belongs to no request."""
        async with self._engine.begin() as connection:
            recorded = await journal_store.append(connection, entry)
        journal_store.log_entry(recorded)

    async def request(self, request_id: str) -> Request | None:
        row = await self._one(sa.select(requests).where(requests.c.id == request_id))
        return request_of(row) if row else None

    async def open_request(self, campaign_id: str) -> Request | None:
        row = await self._one(sa.select(requests).where(requests.c.campaign_id == campaign_id, IS_OPEN))
        return request_of(row) if row else None

    async def rebuild_of(self, deleted_id: str) -> Request | None:
        """The request that has made this deleted request's campaign again, or still may."""
        counts = requests.c.state.in_([*OPEN_STATES, State.REBUILT, State.UNKNOWN])
        row = await self._one(sa.select(requests).where(requests.c.rebuilds == deleted_id, counts).limit(1))
        return request_of(row) if row else None

    async def unfinished(self, older_than: timedelta) -> list[str]:
        """Ids of requests that the engine should have worked on by now, and has not for that long."""
        late = now() - older_than
        is_begun = requests.c.state.in_([State.APPROVED, State.DELETING, State.REBUILDING])
        is_due = (requests.c.execute_after < late) & (requests.c.changed_at < late)
        query = sa.select(requests.c.id).where(IS_OPEN, is_begun, is_due).order_by(requests.c.requested_at)
        return [row["id"] for row in await self._all(query)]

    async def expired(self, at: datetime) -> list[Request]:
        return await self._awaiting(requests.c.expires_at <= at)

    async def to_remind(self, requested_before: datetime) -> list[Request]:
        """Requests that wait since then and whose approvers were not reminded yet."""
        return await self._awaiting(requests.c.requested_at <= requested_before, requests.c.reminded_at.is_(None))

    async def unknown(self, changed_after: datetime) -> list[Request]:
        query = sa.select(requests).where(requests.c.state == State.UNKNOWN, requests.c.changed_at > changed_after)
        return [request_of(row) for row in await self._all(query)]

    async def _awaiting(self, *conditions: sa.ColumnElement[bool]) -> list[Request]:
        query = sa.select(requests).where(IS_OPEN, requests.c.state == State.AWAITING_APPROVAL, *conditions)
        return [request_of(row) for row in await self._all(query)]

    async def messages(self, request_id: str) -> list[Message]:
        rows = await self._all(sa.select(messages).where(messages.c.request_id == request_id))
        return [Message.model_validate(row) for row in rows]

    async def keep_message(self, message: Message) -> None:
        async with self._engine.begin() as connection:
            values = _message_row(message)
            keys = ["request_id", "key"]
            upsert = self._insert(messages).values(values)
            await connection.execute(upsert.on_conflict_do_update(index_elements=keys, set_=_without(values, *keys)))

    async def late_messages(
        self, older_than: timedelta, retried_for: timedelta, within: timedelta | None = None
    ) -> list[Message]:
        """Messages that nobody handled since their request moved that long ago, and those that failed lately.

        ``within`` spares looking through all requests there ever were: only those that moved within that time.
        """
        behind = messages.c.shown_version < requests.c.version
        is_story = messages.c.kind == MessageKind.STORY
        unhandled = sa.and_(
            sa.or_(behind & ~is_story, is_story & (messages.c.shown_version == 0)),
            requests.c.changed_at < now() - older_than,
        )
        failed = sa.and_(
            messages.c.error != "",
            messages.c.tried_at < now() - RETRY_EVERY,
            requests.c.changed_at > now() - retried_for,
        )
        query = sa.select(messages).join(requests).where(unhandled | failed)
        if within is not None:
            query = query.where(requests.c.changed_at > now() - within)
        return [Message.model_validate(row) for row in await self._all(query)]

    async def entries(self, request_id: str) -> list[Entry]:
        """The journal of one request, oldest first."""
        told = (journal.c[name] for name in Entry.model_fields)
        query = sa.select(*told).where(journal.c.request_id == request_id).order_by(journal.c.seq)
        return [Entry.model_validate(row) for row in await self._all(query)]

    async def snapshot(self, request_id: str, kind: SnapshotKind) -> Snapshot | None:
        """The last one of this kind that was archived with the request."""
        mine = (archives.c.request_id == request_id) & (archives.c.kind == kind)
        row = await self._one(sa.select(archives).where(mine).order_by(archives.c.seq.desc()).limit(1))
        return Snapshot.model_validate(_without(row, "seq")) if row else None

    async def _record(
        self, connection: AsyncConnection, request: Request, entry: Entry, audience: Iterable[Message]
    ) -> Recorded:
        for message in audience:
            owed = self._insert(messages).values(_message_row(message))
            await connection.execute(owed.on_conflict_do_nothing())
        return await journal_store.append(connection, entry, request)  # last: until the commit, all replicas wait

    async def _all(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        async with self._engine.connect() as connection:
            reading = await connection.execution_options(isolation_level="AUTOCOMMIT")
            return [dict(row) for row in (await reading.execute(query)).mappings()]

    async def _one(self, query: sa.Select[Any]) -> dict[str, Any] | None:
        return next(iter(await self._all(query)), None)


def row_of(request: Request) -> dict[str, Any]:
    sighting = request.sighting
    structured = request.model_dump(mode="json", include={"sighting", "decisions", "attempt", "differences"})
    return {
        **request.model_dump(mode="python"),
        **structured,
        "campaign_id": sighting.campaign_id,
        "fingerprint": sighting.fingerprint,
    }


def _message_row(message: Message) -> dict[str, Any]:
    return {**message.model_dump(mode="python"), **message.model_dump(mode="json", include={"entry"})}


def request_of(row: dict[str, Any]) -> Request:
    return Request.model_validate(_without(row, "campaign_id", "fingerprint"))


def _without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
