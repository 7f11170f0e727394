"""The cached list of one Kore.ai account in the database: one row per campaign, and one for the sync."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion.catalogue.listed_campaign import GONE, ListedCampaign
from deletion.catalogue.sync_state import SyncState
from deletion.db.catalogue_tables import list_syncs, listed_campaigns
from deletion.db.connection import read
from deletion.db.upsert import insert_for

ROWS_AT_A_TIME = 1000
FACTS = ("id", "name", "status", "is_sms", "is_voice", "updated_at", "sweep", "messages_sent", "seen_at")
KEY = ("account", "id")
UNREADABLE = (SQLAlchemyError, OSError)


class CacheStore:
    """Each change is one compare-and-swap of the sync's row; the campaigns it brings carry the row's new version."""

    def __init__(self, engine: AsyncEngine, account: str = "") -> None:
        self._engine = engine
        self._account = account
        self._is_mine = listed_campaigns.c.account == account
        self._is_my_sync = list_syncs.c.account == account
        self._my_sync = sa.select(list_syncs).where(self._is_my_sync)
        self._insert = insert_for(engine)
        upsert = self._insert(listed_campaigns)
        fresh = {name: upsert.excluded[name] for name in (*FACTS, "version") if name not in KEY}
        self._upsert = upsert.on_conflict_do_update(index_elements=KEY, set_=fresh)

    async def sync_state(self) -> SyncState:
        """Return how far the sync is; before the first one, add its row."""
        found = await read(self._engine, self._my_sync)
        if found:
            return SyncState.model_validate({name: value for name, value in found[0].items() if name != "account"})
        nothing_yet = SyncState()
        row = {"account": self._account, **nothing_yet.model_dump(mode="python")}
        async with self._engine.begin() as connection:
            await connection.execute(self._insert(list_syncs).values(row).on_conflict_do_nothing())
        return nothing_yet

    async def swap(self, before: SyncState, after: SyncState, campaigns: Iterable[ListedCampaign] = ()) -> bool:
        """Advance the sync and store what it read; False, and nothing written, if another replica advanced it first.

        The end of a full sweep removes the campaigns that it did not see. A delta keeps the voice campaigns.
        """
        async with self._engine.begin() as connection:
            move = list_syncs.update().where(self._is_my_sync, list_syncs.c.version == before.version)
            if (await connection.execute(move.values(after.model_dump(mode="python")))).rowcount != 1:
                return False
            kept = [self._row(campaign, after.version) for campaign in campaigns]
            if kept:
                await connection.execute(self._upsert, kept)
            if before.is_delta and after.whole_sweep > before.whole_sweep:
                carried = {"sweep": after.sweep, "version": after.version}
                is_carried = self._is_mine & listed_campaigns.c.is_voice
                await connection.execute(listed_campaigns.update().where(is_carried).values(carried))
            if after.is_over:
                is_unseen = self._is_mine & (listed_campaigns.c.sweep < after.whole_sweep)
                await connection.execute(listed_campaigns.delete().where(is_unseen))
            return True

    async def forget(self, campaign_id: str) -> None:
        """Mark a campaign as gone, for all replicas. The next full sweep removes its row."""
        async with self._engine.begin() as connection:
            version, _ = await self._next_version(connection)
            gone = {"sweep": GONE, "version": version}
            is_it = self._is_mine & (listed_campaigns.c.id == campaign_id)
            await connection.execute(listed_campaigns.update().where(is_it).values(gone))

    async def put(self, campaign: ListedCampaign) -> None:
        """Store one campaign as seen by the current sweep, for all replicas."""
        async with self._engine.begin() as connection:
            version, sweep = await self._next_version(connection)
            await connection.execute(self._upsert, self._row(replace(campaign, sweep=sweep), version))

    async def changed_since(self, version: int) -> AsyncIterator[list[ListedCampaign]]:
        """Yield the campaigns that later versions brought, in batches."""
        order = listed_campaigns.c.version, listed_campaigns.c.id
        mine = sa.select(listed_campaigns).where(self._is_mine).order_by(*order)
        last: tuple[int, str] = (version + 1, "")
        while True:
            query = mine.where(sa.tuple_(*order) > sa.tuple_(*last))
            found = await read(self._engine, query.limit(ROWS_AT_A_TIME))
            if not found:
                return
            yield [ListedCampaign(**{name: row[name] for name in FACTS}) for row in found]
            last = found[-1]["version"], found[-1]["id"]

    async def _next_version(self, connection: AsyncConnection) -> tuple[int, int]:
        """Advance the version alone, and return it with the sweep.

        A running sync loses its swap, and reads on after it.
        """
        state = list_syncs.c
        advance = list_syncs.update().where(self._is_my_sync).values(version=state.version + 1)
        version, sweep = (await connection.execute(advance.returning(state.version, state.sweep))).one()
        return version, sweep

    def _row(self, campaign: ListedCampaign, version: int) -> dict[str, Any]:
        facts = {name: getattr(campaign, name) for name in FACTS}
        return {"account": self._account, **facts, "version": version}
