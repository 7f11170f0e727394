"""Holds. A hold and the start of a delete are written under the journal's lock, so none starts once a hold is kept."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion.db.connection import read, read_on
from deletion.db.freeze_and_hold_tables import IS_HOLDING, holds
from deletion.db.tables import IS_DELETE, requests
from deletion.domain.clock import now
from deletion.domain.hold import Hold
from deletion.domain.models import Request
from deletion.domain.outcome import may_land_until
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.journal import journal_store
from deletion.stores.in_account import in_account
from deletion.stores.row_mapping import request_of
from kore_api.account import PRACTICE_SUFFIX, real_account

LISTED_AT_MOST = 10
OF_HOSTS = "abcdefghijklmnopqrstuvwxyz0123456789:/.-[]"  # the characters of scheme, host and port in an account's key


def _in_app(account: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return an account's key without its host: a hold stays where the settings name the same host by an alias."""
    return sa.func.ltrim(account, OF_HOSTS)


_held, _requested = _in_app(holds.c.kore_account), _in_app(requests.c.kore_account)
# Of the app and account of a request; either may name none, as rows of earlier versions do. A hold has its id in lower
# case. A real hold keeps campaigns in practice too.
IS_HELD = sa.exists().where(
    IS_HOLDING,
    holds.c.campaign_id == sa.func.lower(requests.c.campaign_id),
    sa.or_(
        sa.func.coalesce(_held, _requested, "") == sa.func.coalesce(_requested, _held, ""),
        _held == sa.func.replace(_requested, PRACTICE_SUFFIX, ""),
    ),
)


_app = sa.bindparam("app", type_=sa.Text)
# A hold counts in its app and account, whatever its host; a real one counts in practice too.
_counts_here = (sa.func.coalesce(_held, _app) == _app) | (_held == sa.bindparam("real_app", type_=sa.Text))
# The hold of a campaign; in practice a real one before one of practice.
OF_CAMPAIGN = (
    sa.select(holds)
    .where(IS_HOLDING, holds.c.campaign_id == sa.bindparam("campaign_id"))
    .order_by(sa.func.length(_held))
)
OF_CAMPAIGN_HERE = OF_CAMPAIGN.where(_counts_here)
NEWEST_HOLDS = sa.select(holds).where(IS_HOLDING).order_by(holds.c.held_at.desc()).limit(LISTED_AT_MOST + 1)
NEWEST_HOLDS_HERE = NEWEST_HOLDS.where(_counts_here)


async def current_hold(connection: AsyncConnection, campaign_id: str, kore_account: str | None) -> Hold | None:
    """Return the hold of the campaign in this account, if any."""
    found = await read_on(connection, *_current(campaign_id, kore_account))
    return Hold.model_validate(found[0]) if found else None


class HoldStore:
    """Each method is one transaction, whole or not at all."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def current(self, campaign_id: str, kore_account: str | None) -> Hold | None:
        found = await read(self._engine, *_current(campaign_id, kore_account))
        return Hold.model_validate(found[0]) if found else None

    async def newest(self, kore_account: str | None) -> list[Hold]:
        """Return the newest holds of this account, one more than are listed, which says that there are more."""
        query, app = (NEWEST_HOLDS, {}) if kore_account is None else (NEWEST_HOLDS_HERE, _app_of(kore_account))
        return [Hold.model_validate(row) for row in await read(self._engine, query, app)]

    async def begun(self, hold: Hold) -> list[Request]:
        """Return the requests whose delete of the campaign has begun, or has left without an answer and may land."""
        found, at = await self._deletes(hold, State.DELETING, State.UNKNOWN), now()
        sent = [each for each in found if not each.is_practice]
        return [each for each in sent if each.state is State.DELETING or may_land_until(each, at)]

    async def stopping(self, hold: Hold) -> list[Request]:
        """Return the requests to delete the campaign that are stopping it."""
        return [each for each in await self._deletes(hold, State.STOPPING) if not each.is_practice]

    async def not_begun(self, hold: Hold) -> list[Request]:
        """Return the open requests to delete the campaign whose execution has not begun."""
        return await self._deletes(hold, State.AWAITING_APPROVAL, State.APPROVED)

    async def hold(self, hold: Hold, entry: Entry) -> Hold | None:
        """Keep the hold and its journal entry. Return the other hold, and write nothing, if there is one."""
        async with self._engine.begin() as connection:
            await journal_store.lock(connection)
            if existing := await current_hold(connection, hold.campaign_id, hold.kore_account):
                return existing
            await connection.execute(holds.insert().values(hold.model_dump()))
            recorded = await journal_store.append(connection, entry)
        journal_store.log_entry(recorded)
        return None

    async def release(self, released: Hold, entry: Entry) -> bool:
        """End the hold. Return False, and write nothing, if it has just been ended."""
        async with self._engine.begin() as connection:
            await journal_store.lock(connection)
            end = holds.update().where(holds.c.id == released.id, IS_HOLDING).values(released.model_dump())
            if (await connection.execute(end)).rowcount != 1:
                return False
            recorded = await journal_store.append(connection, entry)
        journal_store.log_entry(recorded)
        return True

    async def _deletes(self, hold: Hold, *states: State) -> list[Request]:
        is_of = (sa.func.lower(requests.c.campaign_id) == hold.campaign_id) & in_account(hold.kore_account) & IS_DELETE
        query = sa.select(requests).where(is_of, requests.c.state.in_(states))
        return [request_of(row) for row in await read(self._engine, query)]


def _current(campaign_id: str, kore_account: str | None) -> tuple[sa.Select[Any], dict[str, str]]:
    """Return the query for the hold of a campaign, and its values."""
    values = {"campaign_id": campaign_id.lower()}
    if kore_account is None:
        return OF_CAMPAIGN, values
    return OF_CAMPAIGN_HERE, {**values, **_app_of(kore_account)}


def _app_of(kore_account: str) -> dict[str, str]:
    app = kore_account.lstrip(OF_HOSTS)
    return {"app": app, "real_app": real_account(app)}
