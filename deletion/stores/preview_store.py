"""Store the previews against which forms are checked, and the payloads already processed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.tables import previews, processed_payloads
from deletion.db.upsert import insert_for
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.models import Preview
from deletion.stores.row_mapping import preview_of, preview_row

BY_ID = sa.select(previews).where(previews.c.id == sa.bindparam("preview_id"))
OLD = (
    previews.delete().where(previews.c.taken_at < sa.bindparam("before")),
    processed_payloads.delete().where(processed_payloads.c.at < sa.bindparam("before")),
)


class PreviewStore:
    """Short-lived rows: ``purge`` removes them after a day."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        claim = insert_for(engine)(processed_payloads).on_conflict_do_nothing()
        self._claim = claim.returning(processed_payloads.c.key)

    async def save_preview(self, preview: Preview) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(previews.insert().values(preview_row(preview)))

    async def save_extent(self, preview_id: str, extent: Extent) -> None:
        """Add what was shown after the preview was saved."""
        shown = previews.update().where(previews.c.id == preview_id).values(extent=extent.model_dump(mode="json"))
        async with self._engine.begin() as connection:
            await connection.execute(shown)

    async def preview(self, preview_id: str) -> Preview | None:
        rows = await read(self._engine, BY_ID, {"preview_id": preview_id})
        return preview_of(rows[0]) if rows else None

    async def claim_once(self, key: str) -> bool:
        """Record a payload by a key of at most 64 characters. Return False if a replica has recorded it before."""
        async with self._engine.begin() as connection:
            return (await connection.execute(self._claim, {"key": key, "at": now()})).first() is not None

    async def purge(self, before: datetime) -> None:
        """Delete unconfirmed previews and recorded payloads from before then."""
        async with self._engine.begin() as connection:
            for old in OLD:
                await connection.execute(old, {"before": before})
