"""Insert rows that may exist already, on either database."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

Insert = postgresql.Insert | sqlite.Insert


def insert_for(engine: AsyncEngine) -> Callable[[sa.Table], Insert]:
    """Return the ``insert`` with ``ON CONFLICT`` of this engine's database."""
    return sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
