"""The Slack messages of requests: where each is, and which version it shows."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.list_tables import AWAITS_END, LIST_VERSION, SHOWN_BY
from deletion.db.tables import IS_OPEN, messages, requests
from deletion.db.upsert import insert_for
from deletion.domain.clock import now
from deletion.domain.records import STALE, TO_COMPARE, UNANSWERED, WITHHELD, Message, MessageKind
from deletion.domain.states import State
from deletion.stores import freeze_store
from deletion.stores.row_mapping import message_row
from deletion.stores.watched import may_be_watched

PROBE_EVERY = timedelta(minutes=1)  # a channel that refused a message
RETRIED_FOR = timedelta(hours=1)  # after the last change of a closed request, and after a freeze or its end
COMPARED_AT_ONCE = 100  # messages, in each sweep
OF_REQUEST = sa.select(messages).where(messages.c.request_id == sa.bindparam("request_id"))
# Updates of one message, by ``_key``, and of one that is as expected, by ``_expected``. The names of their parameters
# differ from those of the columns, which SQLAlchemy would set.
UPDATE = messages.update().where(
    messages.c.request_id == sa.bindparam("of_request_id"), messages.c.key == sa.bindparam("of_key")
)
UPDATE_EXPECTED = UPDATE.where(
    messages.c.shown_version == sa.bindparam("expected_version"),
    messages.c.shown == sa.bindparam("expected_shown"),
    messages.c.tried_at.is_not_distinct_from(sa.bindparam("expected_tried_at", type_=messages.c.tried_at.type)),
)
_is_story = messages.c.kind == MessageKind.STORY
_is_posted = messages.c.ts.is_not(None) & (messages.c.error == "")
_names_channels = messages.c.kind.not_in((MessageKind.ROOM, MessageKind.STORY)) & _is_posted
AWAITING = IS_OPEN & (requests.c.state == State.AWAITING_APPROVAL)
# Their content is known, and mostly still true.
IS_COMPARED = (messages.c.shown_version == TO_COMPARE) & messages.c.request_id.in_(
    sa.select(SHOWN_BY).where(AWAITING).correlate(None)
)
COMPARED = sa.select(messages).where(IS_COMPARED, ~_is_story).order_by(messages.c.tried_at).limit(COMPARED_AT_ONCE)


def _marked(of_requests: sa.ColumnElement[bool], mark: int | sa.ColumnElement[int]) -> sa.Update:
    """Return the update that marks the messages of these requests, except thread lines."""
    marked = messages.c.request_id.in_(sa.select(SHOWN_BY).where(of_requests)) & ~_is_story
    return messages.update().where(marked).values(shown_version=mark)


_is_known = _is_posted & (messages.c.shown != "") & ~messages.c.shown.startswith(UNANSWERED)
_may_be_compared = _is_known & ~messages.c.shown.startswith(STALE)
MARK_APPROVED = _marked(IS_OPEN & (requests.c.state == State.APPROVED), 0)
MARK_AWAITING = _marked(AWAITING, sa.case((_may_be_compared, TO_COMPARE), else_=0))
_behind = (messages.c.shown_version < requests.c.version) & ~_is_story & ~IS_COMPARED
_changed_before = requests.c.changed_at < sa.bindparam("before")
_changed_after = requests.c.changed_at > sa.bindparam("after")
UNHANDLED = (
    sa.select(messages)
    .join(requests)
    .where(_behind | (_is_story & (messages.c.shown_version <= 0)), _changed_before, ~AWAITS_END)
)
UNHANDLED_LATELY = UNHANDLED.where(_changed_after)
OTHER_FREEZE = sa.select(messages).where(
    messages.c.request_id.in_(sa.select(SHOWN_BY).where(IS_OPEN)),  # few, so they are found first
    ~_is_story,
    ~AWAITS_END,
    messages.c.shown_freeze_generation < freeze_store.FREEZE_GENERATION,
)
# A list changes with each of its requests.
_lists = sa.select(requests.c.list_id).where(_changed_before, requests.c.list_id.is_not(None))
_behind_list = (
    sa.select(messages)
    .join(requests)
    .where(~_is_story, ~AWAITS_END, ~IS_COMPARED, messages.c.shown_version < LIST_VERSION)
)
OTHER_LIST = _behind_list.where(messages.c.request_id.in_(_lists))
OTHER_LIST_LATELY = _behind_list.where(messages.c.request_id.in_(_lists.where(_changed_after)))
OVERDUE = sa.union_all(UNHANDLED, OTHER_FREEZE, OTHER_LIST)
OVERDUE_LATELY = sa.union_all(UNHANDLED_LATELY, OTHER_FREEZE, OTHER_LIST_LATELY)
_shown_by = sa.select(SHOWN_BY)
REFUSED = (
    sa.select(messages)
    .where(
        messages.c.request_id.in_(sa.union(_shown_by.where(IS_OPEN), _shown_by.where(_changed_after)))
    )  # by an index
    .where((messages.c.error != "") | messages.c.shown.startswith(WITHHELD), ~_is_story)
    .order_by(messages.c.tried_at)
)
REFUSED_BY_TARGET = REFUSED.where(messages.c.target_id == sa.bindparam("target"))


class MessageStore:
    """One row per message. ``RequestStore`` adds rows in the transaction that changes their request."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_for(engine)(messages).on_conflict_do_nothing()

    async def messages(self, request_id: str) -> list[Message]:
        rows = await read(self._engine, OF_REQUEST, {"request_id": request_id})
        return [Message.model_validate(row) for row in rows]

    async def add(self, message: Message) -> None:
        """Add a message that its request owes from now on, unless it has it already."""
        async with self._engine.begin() as connection:
            await connection.execute(self._insert, message_row(message))

    async def save_shown(self, before: Message, **changes: Any) -> bool:
        """Save what a message shows; return False, and save nothing, if the row is not as ``before`` any more.

        If its channel refuses it now, or no longer does, the messages that say so are behind before that is saved. In
        one transaction, two messages that are refused at once would wait for each other.
        """
        await self._mark_naming(before, changes.get("error", before.error))
        async with self._engine.begin() as connection:
            saved = await connection.execute(UPDATE_EXPECTED.values(changes), _expected(before))
            return saved.rowcount == 1

    async def _mark_naming(self, before: Message, error: str) -> None:
        """Mark the messages that name the channel as behind, if it refuses this one now or no longer does."""
        if error == before.error:
            return
        behind = _names_channels & (messages.c.request_id == before.request_id) & (messages.c.key != before.key)
        async with self._engine.begin() as connection:
            await connection.execute(messages.update().where(behind).values(shown_version=0))

    async def mark_stale(self, message: Message, **changes: Any) -> None:
        """Record that it is not known what the message shows, so that the sweep sends it again."""
        stale = {"shown_version": 0, "shown": freeze_store.marked_stale(), **changes}
        async with self._engine.begin() as connection:
            await connection.execute(UPDATE.values(stale), _key(message))

    async def mark_for_new_settings(self) -> None:
        """Mark what the settings decide: who must approve and where, and whether an unknown outcome is watched.

        The messages keep the digest of their content, so that nothing is sent where it is still true. Thousands may
        await approval: their messages are compared in portions, by ``compared_messages``.
        """
        async with self._engine.begin() as connection:
            for mark in (_marked(may_be_watched(now()), 0), MARK_APPROVED, MARK_AWAITING):
                await connection.execute(mark)

    async def requests_without_card(self, application: str, channel_id: str) -> list[str]:
        """Return the ids of what awaits approval and has no card in this channel: requests, and lists."""
        has_card = sa.exists().where(
            messages.c.request_id == SHOWN_BY, messages.c.kind == MessageKind.CARD, messages.c.target_id == channel_id
        )
        awaiting = sa.select(SHOWN_BY.label("id")).where(AWAITING, requests.c.application == application, ~has_card)
        return [row["id"] for row in await read(self._engine, awaiting.distinct())]

    async def place(self, before: Message, posted: Message) -> bool:
        """Save where a message was posted; return False, and save nothing, if another run has posted it meanwhile.

        A row that was marked as stale since ``before`` stays so.
        """
        is_unplaced = messages.c.ts.is_(None) if before.ts is None else messages.c.ts == before.ts
        known = message_row(before)
        changes = {name: value for name, value in message_row(posted).items() if value != known[name]}
        stale = {"channel_id": posted.channel_id, "ts": posted.ts, "shown": f"{UNANSWERED}, {STALE}"}
        await self._mark_naming(before, posted.error)
        async with self._engine.begin() as connection:
            placed = UPDATE_EXPECTED.where(is_unplaced).values(changes)
            if (await connection.execute(placed, _expected(before))).rowcount == 1:
                return True
            marked = UPDATE.where(is_unplaced).values(**stale, tried_at=posted.tried_at)
            return (await connection.execute(marked, _key(before))).rowcount == 1

    async def overdue_messages(self, older_than: timedelta, within: timedelta | None = None) -> list[Message]:
        """Return messages still unhandled that long after their request changed.

        ``within`` limits the search to requests that changed within that time. For open requests it includes messages
        that do not show the current freeze.
        """
        values, query = {"before": now() - older_than}, OVERDUE
        if within is not None:
            values["after"], query = now() - within, OVERDUE_LATELY
        found = await read(self._engine, query, values)
        once = {(row["request_id"], row["key"]): row for row in found}
        return [Message.model_validate(row) for row in once.values()]

    async def compared_messages(self) -> list[Message]:
        """Return at most ``COMPARED_AT_ONCE`` messages marked for new settings, the one tried longest ago first."""
        return [Message.model_validate(row) for row in await read(self._engine, COMPARED)]

    async def probes(self) -> list[Message]:
        """Return for each channel that refused messages or names, and was not tried for a minute, the oldest try."""
        refused = await self.refused()
        probed_lately = {
            message.target_id for message in refused if message.tried_at and message.tried_at > now() - PROBE_EVERY
        }
        longest_ago = {message.target_id: message for message in reversed(refused)}
        return [message for target_id, message in longest_ago.items() if target_id not in probed_lately]

    async def refused(self, target_id: str = "") -> list[Message]:
        """Return messages that a channel, or any, refused or may not have with names, the oldest try first; no lines.

        Their requests are open or have changed within ``RETRIED_FOR``.
        """
        query = REFUSED_BY_TARGET if target_id else REFUSED
        rows = await read(self._engine, query, {"after": now() - RETRIED_FOR, "target": target_id})
        return [Message.model_validate(row) for row in rows]


def _key(message: Message) -> dict[str, Any]:
    return {"of_request_id": message.request_id, "of_key": message.key}


def _expected(message: Message) -> dict[str, Any]:
    shown = {"expected_version": message.shown_version, "expected_shown": message.shown}
    return {**_key(message), **shown, "expected_tried_at": message.tried_at}
