"""Access the tables by name, without code of the bot."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

UNTOLD = "SELECT count(*) AS messages FROM messages WHERE ts IS NULL OR error <> ''"
STATES = "SELECT id, campaign_id, state, rebuilds FROM requests ORDER BY requested_at"
HEAD = "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1"


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """Open a transaction."""
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def rows(url: str, query: str, **values: Any) -> list[dict[str, Any]]:
    with connected(url) as connection:
        return [dict(row) for row in connection.execute(sa.text(query), values).mappings()]


def engine_schema(url: str) -> str | None:
    """Return the schema of the engine's tables: none on SQLite, a separate one on PostgreSQL."""
    return None if url.startswith("sqlite") else "dbos"


def engine_table(url: str, name: str) -> str:
    schema = engine_schema(url)
    return f"{schema}.{name}" if schema else name
