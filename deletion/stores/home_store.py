"""Users who have the App Home open. Slack reports when a user opens it but not when they leave, so it expires."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import AwareDatetime, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.tables import homes
from deletion.db.upsert import insert_for
from deletion.domain.clock import now
from deletion.domain.stored import Stored
from deletion.stores.overview import Section
from deletion.stores.request_queries import Cursor

FOLLOWS_FOR = timedelta(hours=8)  # a working day since it was opened or a button in it was clicked
OPEN_NOW = sa.select(homes.c.user_id).order_by(homes.c.user_id)
SHOWN_BEFORE = sa.select(homes.c.user_id).where(
    sa.func.coalesce(homes.c.shown_at, homes.c.opened_at) < sa.bindparam("moment")
)


class HomeSession(Stored):
    """One user's Home: the pages of its lists, and a digest of what it shows."""

    user_id: str
    opened_at: AwareDatetime
    cursors: dict[Section, Cursor] = Field(default={})
    shown: str = ""
    shown_at: AwareDatetime | None = None

    @property
    def is_over(self) -> bool:
        """It has been open for longer than a working day, so the user may have left."""
        return self.opened_at < now() - FOLLOWS_FOR


class Homes:
    """One row per user. A lost row does no harm: opening the Home writes a new one."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_for(engine)

    async def keep(self, home: HomeSession) -> None:
        values = {**home.model_dump(), "cursors": home.model_dump(mode="json")["cursors"]}
        async with self._engine.begin() as connection:
            kept = self._insert(homes).values(values)
            await connection.execute(kept.on_conflict_do_update(index_elements=["user_id"], set_=values))

    async def record_shown(self, home: HomeSession) -> bool:
        """Save what was shown. Return False if the user has opened it again or turned a page meanwhile."""
        is_the_same = sa.and_(homes.c.user_id == home.user_id, homes.c.opened_at == home.opened_at)
        shown = {"shown": home.shown, "shown_at": home.shown_at}
        async with self._engine.begin() as connection:
            return (await connection.execute(homes.update().where(is_the_same).values(shown))).rowcount == 1

    async def forget(self, user_id: str, opened_at: datetime | None = None) -> bool:
        """Stop following a Home, unless it was opened after ``opened_at``. Return whether it was followed."""
        is_theirs = homes.c.user_id == user_id
        if opened_at:
            is_theirs &= homes.c.opened_at == opened_at
        async with self._engine.begin() as connection:
            return (await connection.execute(homes.delete().where(is_theirs))).rowcount == 1

    async def of(self, user_id: str) -> HomeSession | None:
        found = await read(self._engine, sa.select(homes).where(homes.c.user_id == user_id))
        return HomeSession.model_validate(found[0]) if found else None

    async def open_now(self) -> list[str]:
        """Return the ids of the users whose Homes follow changes."""
        return [row["user_id"] for row in await read(self._engine, OPEN_NOW)]

    async def shown_before(self, moment: datetime) -> list[str]:
        """Return the ids of the users whose Homes were last shown before then."""
        return [row["user_id"] for row in await read(self._engine, SHOWN_BEFORE, {"moment": moment})]
