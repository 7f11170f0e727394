"""The cached campaign list in the database: one row per campaign, and one for the sync."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deletion.catalogue.listed_campaign import GONE, ListedCampaign
from deletion.catalogue.sync_state import SyncState
from deletion.db.catalogue_tables import catalogue, catalogue_state
from deletion.db.connection import read

ROWS_AT_A_TIME = 1000
FACTS = ("id", "name", "status", "is_sms", "is_voice", "updated_at", "sweep", "messages_sent", "seen_at")
UNREADABLE = (SQLAlchemyError, OSError)


class CacheStore:
    """Each change is one compare-and-swap of the sync's row; the campaigns it brings carry the row's new version."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = sqlite_insert if engine.dialect.name == "sqlite" else postgresql_insert

    async def sync_state(self) -> SyncState:
        (row,) = await read(self._engine, sa.select(catalogue_state))
        return SyncState.model_validate({name: value for name, value in row.items() if name != "id"})

    async def swap(self, before: SyncState, after: SyncState, campaigns: Iterable[ListedCampaign] = ()) -> bool:
        """Advance the sync and store what it read; False, and nothing written, if another replica advanced it first.

        The end of a full sweep removes the campaigns that it did not see. A delta keeps the voice campaigns.
        """
        async with self._engine.begin() as connection:
            moved = await connection.execute(
                catalogue_state.update()
                .where(catalogue_state.c.version == before.version)
                .values(after.model_dump(mode="python"))
            )
            if moved.rowcount != 1:
                return False
            kept = [_row(campaign, after.version) for campaign in campaigns]
            if kept:
                await self._upsert(connection, kept)
            if before.is_delta and after.whole_sweep > before.whole_sweep:
                carried = {"sweep": after.sweep, "version": after.version}
                await connection.execute(catalogue.update().where(catalogue.c.is_voice).values(carried))
            if after.is_over:
                await connection.execute(catalogue.delete().where(catalogue.c.sweep < after.whole_sweep))
            return True

    async def forget(self, campaign_id: str) -> None:
        """Mark a campaign as gone, for all replicas. The next full sweep removes its row."""
        async with self._engine.begin() as connection:
            version, _ = await _next_version(connection)
            gone = {"sweep": GONE, "version": version}
            await connection.execute(catalogue.update().where(catalogue.c.id == campaign_id).values(gone))

    async def put(self, campaign: ListedCampaign) -> None:
        """Store one campaign as seen by the current sweep, for all replicas."""
        async with self._engine.begin() as connection:
            version, sweep = await _next_version(connection)
            await self._upsert(connection, [_row(replace(campaign, sweep=sweep), version)])

    async def changed_since(self, version: int) -> AsyncIterator[list[ListedCampaign]]:
        """Yield the campaigns that later versions brought, in batches."""
        place = sa.tuple_(catalogue.c.version, catalogue.c.id)
        last: tuple[int, str] = (version + 1, "")
        while True:
            query = sa.select(catalogue).where(place > sa.tuple_(*last)).order_by(catalogue.c.version, catalogue.c.id)
            found = await read(self._engine, query.limit(ROWS_AT_A_TIME))
            if not found:
                return
            yield [ListedCampaign(**{name: row[name] for name in FACTS}) for row in found]
            last = found[-1]["version"], found[-1]["id"]

    async def _upsert(self, connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
        upsert = self._insert(catalogue).values(rows)
        fresh = {name: upsert.excluded[name] for name in rows[0] if name != "id"}
        await connection.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=fresh))


async def _next_version(connection: AsyncConnection) -> tuple[int, int]:
    """Advance the version alone, and return it with the sweep. A running sync loses its swap, and reads on after it."""
    state = catalogue_state.c
    advance = catalogue_state.update().values(version=state.version + 1).returning(state.version, state.sweep)
    version, sweep = (await connection.execute(advance)).one()
    return version, sweep


def _row(campaign: ListedCampaign, version: int) -> dict[str, Any]:
    return {**{name: getattr(campaign, name) for name in FACTS}, "version": version}
