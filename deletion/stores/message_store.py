"""The Slack messages of requests: where each is, and which version it shows."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.tables import IS_OPEN, messages, requests
from deletion.domain.clock import now
from deletion.domain.models import Message, MessageKind
from deletion.stores import freeze_store
from deletion.stores.row_mapping import message_row, without

RETRY_EVERY = timedelta(minutes=1)  # a channel that did not accept a message


class MessageStore:
    """One row per message. ``RequestStore`` adds rows in the transaction that changes their request."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = sqlite_insert if engine.dialect.name == "sqlite" else postgresql_insert

    async def messages(self, request_id: str) -> list[Message]:
        rows = await read(self._engine, sa.select(messages).where(messages.c.request_id == request_id))
        return [Message.model_validate(row) for row in rows]

    async def save_message(self, message: Message) -> None:
        """Add the message, or save what it shows; where an existing one is in Slack changes with ``place`` alone."""
        async with self._engine.begin() as connection:
            values = message_row(message)
            keys = ["request_id", "key"]
            changes = without(values, *keys, "channel_id", "ts")
            upsert = self._insert(messages).values(values)
            await connection.execute(upsert.on_conflict_do_update(index_elements=keys, set_=changes))

    async def place(self, posted: Message, instead_of: str | None) -> bool:
        """Save where a message was posted; return False, and save nothing, if another run has posted it meanwhile."""
        is_unplaced = messages.c.ts.is_(None) if instead_of is None else messages.c.ts == instead_of
        is_mine = sa.and_(messages.c.request_id == posted.request_id, messages.c.key == posted.key, is_unplaced)
        async with self._engine.begin() as connection:
            saved = messages.update().where(is_mine).values(message_row(posted))
            return (await connection.execute(saved)).rowcount == 1

    async def overdue_messages(
        self, older_than: timedelta, retried_for: timedelta, within: timedelta | None = None
    ) -> list[Message]:
        """Return messages still unhandled that long after their request changed, and those that failed lately.

        ``within`` limits the search to requests that changed within that time. For open requests it includes messages
        that do not show the current freeze.
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
        outdated = messages.c.shown_freeze_generation < freeze_store.FREEZE_GENERATION
        still_open = messages.c.request_id.in_(sa.select(requests.c.id).where(IS_OPEN))  # few, so they are found first
        also = sa.select(messages).where(still_open, ~is_story, outdated)
        found = [*await read(self._engine, query), *await read(self._engine, also)]
        once = {(row["request_id"], row["key"]): row for row in found}
        return [Message.model_validate(row) for row in once.values()]
