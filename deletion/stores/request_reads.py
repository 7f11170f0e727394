"""Read requests: by id, by campaign, and those that something is due for."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read, reading_from
from deletion.db.list_tables import IS_TURN
from deletion.db.tables import IS_DELETE, IS_OPEN, IS_STOP_ALONE, requests
from deletion.domain.approvals.reminders import Waiting
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits, Freeze
from deletion.domain.models import EarlierRequest, Request
from deletion.domain.states import BEGUN, OPEN_STATES, State
from deletion.stores import earlier_request, freeze_store
from deletion.stores.in_account import in_account
from deletion.stores.list_rows import read_list
from deletion.stores.row_mapping import request_of
from deletion.stores.unsettled_delete import unsettled_delete

BY_ID = sa.select(requests).where(requests.c.id == sa.bindparam("request_id"))
# Of the sweep.
ANY_OPEN = sa.select(requests.c.id).where(IS_OPEN).limit(1)
_in_applications = requests.c.application.in_(sa.bindparam("applications", expanding=True))
_unfinished = (
    sa.select(requests.c.id)
    .where(IS_OPEN, requests.c.state.in_([State.APPROVED, *BEGUN]))
    .where(requests.c.execute_after < sa.bindparam("late"), requests.c.changed_at < sa.bindparam("late"))
    .where(requests.c.state.in_(BEGUN) | IS_STOP_ALONE | (~freeze_store.IS_FROZEN & IS_TURN))
    .order_by(requests.c.requested_at)
)
_due = (
    sa.select(requests.c.id)
    .where(IS_OPEN, requests.c.state == State.APPROVED, requests.c.execute_after <= sa.bindparam("at"), IS_TURN)
    .order_by(requests.c.requested_at)
)
UNFINISHED = (_unfinished, _unfinished.where(_in_applications))  # of all applications, and of some
DUE = (_due, _due.where(_in_applications))
OUTSIDE = sa.select(requests).where(
    IS_OPEN, requests.c.application.not_in(sa.bindparam("applications", expanding=True))
)
EXPIRED = sa.select(requests).where(
    IS_OPEN,
    requests.c.state.in_((State.AWAITING_APPROVAL, State.APPROVED)),
    requests.c.expires_at <= sa.bindparam("at"),
)
NEVER = datetime.fromtimestamp(0, UTC)
_called_at = sa.func.coalesce(requests.c.awaiting_since, requests.c.requested_at)
_account = sa.func.coalesce(requests.c.kore_account, sa.bindparam("without_account", type_=sa.String))
TO_CALL = sa.select(*(requests.c[name] for name in Waiting.model_fields)).where(
    IS_OPEN,
    requests.c.state == State.AWAITING_APPROVAL,
    requests.c.application == sa.bindparam("application"),
    (_called_at <= sa.bindparam("called_before", type_=requests.c.requested_at.type))
    | _account.is_distinct_from(sa.bindparam("kore_account", type_=sa.String)),
)
UNKNOWN = sa.select(requests).where(
    requests.c.state == State.UNKNOWN, requests.c.changed_at > sa.bindparam("changed_after")
)


def rebuilds_of(deleted_id: str) -> sa.Select[Any]:
    """Select a request that has made this deleted request's campaign again, or still may."""
    counts = requests.c.state.in_([*OPEN_STATES, State.REBUILT, State.UNKNOWN])
    return sa.select(requests).where(requests.c.rebuilds == deleted_id, counts).limit(1)


class RequestReads:
    """Each method reads what is committed when it runs.

    ``kore_account`` selects the requests of one account and those that name none; None selects all.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def delete_limits(  # noqa: PLR0913 - what a budget counts
        self,
        team_id: str,
        requester_id: str,
        exclude_request_id: str = "",
        kore_account: str | None = None,
        campaign_id: str = "",
        *,
        heeds_freeze: bool = True,
    ) -> DeleteLimits:
        """Return the current limits for this person's requests, without counting the request ``exclude_request_id``.

        The hold is that of the campaign to delete; none is looked up without its id. ``heeds_freeze``: see
        ``Request.heeds_freeze``.
        """
        async with reading_from(self._engine) as connection:
            return await freeze_store.delete_limits(
                connection,
                team_id,
                requester_id,
                now(),
                exclude_request_id,
                kore_account=kore_account,
                campaign_id=campaign_id,
                heeds_freeze=heeds_freeze,
            )

    async def limits_of(self, request: Request) -> DeleteLimits:
        """Return what limits this request now, itself not counted."""
        return await self.delete_limits(
            request.team_id,
            request.requester_id,
            request.id,
            request.kore_account,
            request.campaign_to_delete,
            heeds_freeze=request.heeds_freeze,
        )

    async def current_freeze(self) -> tuple[Freeze | None, int]:
        """The freeze that holds now, if one does, and the number of freezes and unfreezings so far."""
        async with reading_from(self._engine) as connection:
            return await freeze_store.current_freeze(connection)

    async def request(self, request_id: str) -> Request | None:
        row = await self._one(BY_ID, {"request_id": request_id})
        return request_of(row) if row else None

    async def listed(self, list_id: str) -> CampaignList | None:
        """Return the whole list with this id."""
        async with reading_from(self._engine) as connection:
            return await read_list(connection, list_id)

    async def open_request(
        self, campaign_id: str, kore_account: str | None, *, is_stop: bool = False
    ) -> Request | None:
        """Return the campaign's open request: the one that only stops it, or the one that does not."""
        is_of = (requests.c.campaign_id == campaign_id) & in_account(kore_account)
        is_wanted = IS_STOP_ALONE if is_stop else ~IS_STOP_ALONE
        row = await self._one(sa.select(requests).where(is_of, IS_OPEN, is_wanted))
        return request_of(row) if row else None

    async def blocking_request(
        self, campaign_id: str, kore_account: str | None, *, is_stop: bool = False
    ) -> Request | None:
        """Return the campaign's open request, or the one whose unanswered delete of it may still land."""
        if existing := await self.open_request(campaign_id, kore_account, is_stop=is_stop):
            return existing
        async with reading_from(self._engine) as connection:
            return await unsettled_delete(connection, campaign_id, kore_account)

    async def last_deletion(self, campaign_id: str, kore_account: str | None) -> Request | None:
        """Return the last request that ended with this campaign gone, or None."""
        is_gone = requests.c.state.in_((State.DELETED, State.GONE)) & IS_DELETE
        query = sa.select(requests).where(requests.c.campaign_id == campaign_id, in_account(kore_account), is_gone)
        row = await self._one(query.order_by(requests.c.requested_at.desc()).limit(1))
        return request_of(row) if row else None

    async def earlier_request(self, campaign_id: str, kore_account: str | None) -> EarlierRequest | None:
        """Return the campaign's last closed request to delete it, or None if there is none."""
        async with reading_from(self._engine) as connection:
            return await earlier_request.earlier_request(connection, campaign_id, kore_account)

    async def rebuild_of(self, deleted_id: str) -> Request | None:
        """The request that has made this deleted request's campaign again, or still may."""
        row = await self._one(rebuilds_of(deleted_id))
        return request_of(row) if row else None

    async def any_is_open(self) -> bool:
        """Return whether a request of any application is open."""
        return await self._one(ANY_OPEN) is not None

    async def unfinished(self, older_than: timedelta, applications: Collection[str] | None = None) -> list[str]:
        """Return the ids of requests of these applications, or of all, that are overdue for execution by that long."""
        return await self._ids(UNFINISHED, applications, late=now() - older_than)

    async def due_now(self, applications: Collection[str] | None = None) -> list[str]:
        """Return the ids of approved requests of these applications, or of all, that are due; of a list the next."""
        return await self._ids(DUE, applications, at=now())

    async def unanswered(self) -> list[Request]:
        """Begun requests whose attempt has left no answer yet."""
        is_unanswered = requests.c.state.in_(BEGUN) & requests.c.attempt.is_(None)
        return await self._requests(sa.select(requests).where(IS_OPEN, is_unanswered))

    async def unsettled(self, changed_after: datetime) -> list[Request]:
        """Return requests whose call to Kore.ai may have left without a known effect: begun ones and unknown ones."""
        states = requests.c.state.in_([*BEGUN, State.UNKNOWN])
        return await self._requests(sa.select(requests).where(states, requests.c.changed_at > changed_after))

    async def open_outside(self, applications: Collection[str]) -> list[Request]:
        """Return open requests of any other application than these."""
        return await self._requests(OUTSIDE, applications=list(applications))

    async def expired(self, at: datetime) -> list[Request]:
        """Return requests that were not decided in time, and approved ones that were not executed in time."""
        return await self._requests(EXPIRED, at=at)

    async def awaiting_approval(
        self, application: str, kore_account: str | None, called_before: datetime | None
    ) -> list[Waiting]:
        """Return the times of an application's requests that wait for approvers.

        Only of those whose approvers were called before then, and of those of another account. See ``Policy.serves``
        for those without an account.
        """
        values = {
            "application": application,
            "kore_account": kore_account,
            "without_account": "" if application else kore_account,
            "called_before": called_before or NEVER,
        }
        return [Waiting.model_validate(row) for row in await read(self._engine, TO_CALL, values)]

    async def unknown(self, changed_after: datetime) -> list[Request]:
        return await self._requests(UNKNOWN, changed_after=changed_after)

    async def _requests(self, query: sa.Select[Any], **values: Any) -> list[Request]:
        return [request_of(row) for row in await read(self._engine, query, values)]

    async def _one(self, query: sa.Select[Any], values: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        return next(iter(await read(self._engine, query, values)), None)

    async def _ids(
        self, queries: tuple[sa.Select[Any], sa.Select[Any]], applications: Collection[str] | None, **values: Any
    ) -> list[str]:
        of_all, of_some = queries
        if applications is None:
            return [row["id"] for row in await read(self._engine, of_all, values)]
        return [row["id"] for row in await read(self._engine, of_some, {**values, "applications": [*applications]})]
