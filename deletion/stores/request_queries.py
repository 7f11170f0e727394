"""Pages of requests by requester, campaign and time, and their messages.

Pages use keyset pagination over an index, so that a million ended requests cost no more than a thousand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import AwareDatetime, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read, reading_from
from deletion.db.list_tables import SHOWN_BY
from deletion.db.tables import HAS_TICKET, IS_OPEN, messages, requests
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits, Freeze
from deletion.domain.models import Request
from deletion.domain.records import Message, MessageKind
from deletion.domain.stored import Stored
from deletion.domain.text.name_query import NameQuery, search_key
from deletion.domain.ticket import TICKET_MAX
from deletion.stores import freeze_store, home_rows
from deletion.stores.list_rows import read_lists
from deletion.stores.row_mapping import request_of

PersonId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{2,31}$")]
CampaignId = Annotated[str, StringConstraints(pattern=r"^cd-[0-9a-fA-Fx-]{1,60}$")]
Moment = Annotated[AwareDatetime, Field(gt=datetime(1000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC))]
NEEDS_A_LOOK_FOR = timedelta(days=3)
NAMES_LOOKED_THROUGH = 200  # names have no index, so only the newest requests are searched


class RequestFilter(Stored):
    """A filter; None matches everything. A button carries it, so every field is validated."""

    requester_id: PersonId | None = None
    campaign_id: CampaignId | None = None
    ticket: Annotated[str, StringConstraints(max_length=TICKET_MAX)] | None = None
    since: Moment | None = None
    is_open: bool | None = None


class Cursor(Stored):
    """A position in a list, named by its request; ``back`` means the page before it."""

    at: Moment
    id: str
    back: bool = False


@dataclass(frozen=True)
class Page:
    """Some requests of a list, and the cursors of the pages around them; None where there are none."""

    requests: tuple[Request, ...]
    before: Cursor | None = None
    after: Cursor | None = None


class RequestQueries:
    """Read-only queries. The caller has checked the user's permission.

    The pages of a Home have one request for each list, see ``home_rows``; the history has each.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def history(self, wanted: RequestFilter, cursor: Cursor | None, size: int) -> Page:
        """Newest first."""
        return await self._page(_conditions(wanted), requests.c.requested_at, cursor, size)

    async def waiting_for(
        self, person_id: str, cursor: Cursor | None, size: int, *, only_escalated: bool = False
    ) -> Page:
        """Return requests that wait for this approver's decision, the oldest first."""
        waiting = home_rows.waiting_for(person_id, only_escalated=only_escalated)
        return await self._page(waiting, requests.c.requested_at, cursor, size, oldest_first=True)

    async def count_waiting_for(self, person_id: str, most: int, *, only_escalated: bool = False) -> int:
        """Return the number of those, counted no further than ``most``."""
        waiting = home_rows.waiting_for(person_id, only_escalated=only_escalated)
        found = sa.select(requests.c.id).where(*waiting).limit(most).subquery()
        (row,) = await read(self._engine, sa.select(sa.func.count().label("count")).select_from(found))
        return int(row["count"])

    async def own_open(self, person_id: str, cursor: Cursor | None, size: int) -> Page:
        """Return this user's open requests, newest first."""
        return await self._page(home_rows.own_open(person_id), requests.c.requested_at, cursor, size)

    async def others_open(
        self,
        person_id: str,
        cursor: Cursor | None,
        size: int,
        *,
        but_waiting: bool = False,
        only_escalated: bool = False,
    ) -> Page:
        """Return open requests of other users, newest first; ``but_waiting`` excludes those that wait for this user."""
        conditions = home_rows.others_open(person_id)
        if but_waiting:
            conditions += home_rows.not_waiting_for(person_id, only_escalated=only_escalated)
        return await self._page(conditions, requests.c.requested_at, cursor, size)

    async def needs_a_look(self, size: int) -> Page:
        """Return closed requests of the last days with an unknown outcome or a failure, the last change first."""
        trouble = home_rows.in_trouble(now() - NEEDS_A_LOOK_FOR)
        return replace(await self._page(trouble, requests.c.changed_at, None, size), after=None)

    async def ended(self, cursor: Cursor | None, size: int, *, except_ids: Sequence[str] = ()) -> Page:
        """Return ended requests but those that are shown elsewhere, the last change first."""
        ended = [*home_rows.ended(), SHOWN_BY.not_in(except_ids)]
        return await self._page(ended, requests.c.changed_at, cursor, size)

    async def lists(self, found: Iterable[Request]) -> dict[str, CampaignList]:
        """Return the lists that these requests are of, by the list's id."""
        async with reading_from(self._engine) as connection:
            return await read_lists(connection, {request.list_id for request in found if request.list_id})

    async def with_id(self, beginning: str, most: int) -> list[Request]:
        """Return requests whose id begins with these hex digits."""
        begins = requests.c.id.between(beginning, f"{beginning}g")  # g follows all hex digits in every collation
        return await self._requests(sa.select(requests).where(begins).order_by(requests.c.id).limit(most))

    async def for_message(self, channel_id: str, ts: str) -> Request | None:
        """Return the request that one of the bot's messages shows, or None."""
        told = sa.select(messages.c.request_id).where(messages.c.channel_id == channel_id, messages.c.ts == ts)
        found = await self._requests(sa.select(requests).where(requests.c.id.in_(told)))
        return found[0] if found else None

    async def named(self, query: NameQuery, most: int) -> list[Request]:
        """Return those of the newest requests whose campaign's name the query finds."""
        newest = sa.select(requests.c.id, requests.c.campaign["name"].as_string().label("name")).order_by(
            requests.c.requested_at.desc(), requests.c.id.desc()
        )
        names = await read(self._engine, newest.limit(NAMES_LOOKED_THROUGH))
        ids = [row["id"] for row in names if query.finds(row["name"] or "", search_key(row["name"] or ""))][:most]
        found = await self._requests(sa.select(requests).where(requests.c.id.in_(ids)))
        return sorted(found, key=lambda request: ids.index(request.id))

    async def delete_limits(self, team_id: str, person_id: str, kore_account: str | None = None) -> DeleteLimits:
        """Return the freeze and the approvals that limit a request of this person now."""
        async with reading_from(self._engine) as connection:
            return await freeze_store.delete_limits(connection, team_id, person_id, now(), kore_account=kore_account)

    async def freeze(self) -> Freeze | None:
        """Return the current freeze, if any."""
        async with reading_from(self._engine) as connection:
            freeze, _ = await freeze_store.current_freeze(connection)
            return freeze

    async def messages(self, found: Iterable[Request]) -> dict[str, list[Message]]:
        """Return the messages that show these requests, by request id, the card first, without the threads."""
        shown_by = {request.id: request.shown_by for request in found}
        told: dict[str, list[Message]] = {request_id: [] for request_id in shown_by.values()}
        query = sa.select(messages).where(messages.c.request_id.in_(told), messages.c.kind != MessageKind.STORY)
        for row in await read(self._engine, query.order_by(messages.c.key)):
            told[row["request_id"]].append(Message.model_validate(row))
        return {request_id: told[shown] for request_id, shown in shown_by.items()}

    async def messages_of(self, request_id: str) -> list[Message]:
        """Return the messages that show this request, without the thread."""
        shown_by = sa.select(SHOWN_BY).where(requests.c.id == request_id).scalar_subquery()
        is_of = (messages.c.request_id == shown_by) & (messages.c.kind != MessageKind.STORY)
        return [Message.model_validate(row) for row in await read(self._engine, sa.select(messages).where(is_of))]

    async def _page(
        self,
        conditions: Iterable[sa.ColumnElement[bool]],
        at: sa.Column[Any],
        cursor: Cursor | None,
        size: int,
        *,
        oldest_first: bool = False,
    ) -> Page:
        """Return the page after or before the cursor, or the first page if that would be empty or not full."""
        forwards = not (cursor and cursor.back)
        ascending = oldest_first is forwards
        query = sa.select(requests).where(*conditions)
        if cursor:
            here, there = sa.tuple_(at, requests.c.id), sa.tuple_(sa.literal(cursor.at, at.type), cursor.id)
            query = query.where(here > there if ascending else here < there)
        order = (at.asc(), requests.c.id.asc()) if ascending else (at.desc(), requests.c.id.desc())
        found = await self._requests(query.order_by(*order).limit(size + 1))
        if cursor and (not found or (cursor.back and len(found) <= size)):
            return await self._page(conditions, at, None, size, oldest_first=oldest_first)
        is_more, shown = len(found) > size, found[:size]
        if not forwards:
            shown.reverse()
        return Page(
            requests=tuple(shown),
            before=_cursor(shown[0], at, back=True) if shown and cursor and (forwards or is_more) else None,
            after=_cursor(shown[-1], at) if shown and (is_more or not forwards) else None,
        )

    async def _requests(self, query: sa.Select[Any]) -> list[Request]:
        return [request_of(row) for row in await read(self._engine, query)]


def _cursor(request: Request, at: sa.Column[Any], *, back: bool = False) -> Cursor:
    return Cursor(at=getattr(request, at.name), id=request.id, back=back)


def _conditions(wanted: RequestFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.requester_id:
        conditions.append(requests.c.requester_id == wanted.requester_id)
    if wanted.campaign_id:
        spellings = {wanted.campaign_id, wanted.campaign_id.lower()}  # as typed, and as Kore.ai writes ids
        conditions.append(requests.c.campaign_id.in_(spellings))
    if wanted.ticket:
        conditions.append((requests.c.ticket == wanted.ticket) & HAS_TICKET)
    if wanted.since:
        conditions.append(requests.c.requested_at >= wanted.since)
    if wanted.is_open is not None:
        conditions.append(IS_OPEN if wanted.is_open else ~IS_OPEN)
    return conditions
