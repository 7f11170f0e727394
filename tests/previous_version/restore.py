"""Brings the fixture back: the database as it was, but for its times, and the messages that Slack had.

All times are moved by the same span, so that the bot seems to have been killed a while ago. The journal keeps the times
that it was written with: its entries carry hashes of them, and the database refuses to change one. So do the stories'
entries in ``messages``, which are copies of the journal's, and the times inside of ``sighting``, which are Kore.ai's.
"""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import sqlalchemy as sa

from sandbox.server import Sandbox
from tests.previous_version.database import connected, engine_schema

FOLDER = Path(__file__).parent
UNMOVED = ("journal", "alembic_version")
WITH_TIMES_INSIDE = ("decisions", "budget", "attempt")  # columns of requests, JSON with the key "at"
EPOCH_MS = ("_at", "_epoch_ms", "_timestamp")  # ends of names in the engine's tables


def restore(url: str, killed_ago: timedelta) -> None:
    """Fill this empty database. The last change of a request was that long ago."""
    kind = urlsplit(url).scheme
    if kind == "sqlite":
        Path(url.removeprefix("sqlite:///")).write_bytes(_unpacked("sqlite.db.gz"))
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_unpacked("postgresql.sql.gz"))
    with connected(url) as connection:
        _move_times(connection, engine_schema(url), killed_ago)


def restore_slack(sandbox: Sandbox, url: str) -> None:
    """Every message is where its row says."""
    for channel, posted in json.loads(_unpacked(f"{urlsplit(url).scheme}.slack.json.gz")).items():
        for payload in posted:
            sandbox.slack.workspace.put(channel, payload)


def _move_times(connection: sa.Connection, schema: str | None, killed_ago: timedelta) -> None:
    span = datetime.now(UTC) - _killed_at(connection) - killed_ago
    for name in {None, schema}:
        for table, keys, times in _tables(connection, name):
            for row in connection.execute(sa.select(table)).mappings().all():
                moved = {column: _moved(row[column], span) for column in times}
                connection.execute(table.update().where(*(table.c[key] == row[key] for key in keys)).values(moved))


def _killed_at(connection: sa.Connection) -> datetime:
    """When a request changed last."""
    requests = sa.table("requests", sa.column("changed_at", sa.DateTime(timezone=True)))
    newest: datetime = connection.execute(sa.select(sa.func.max(requests.c.changed_at))).scalar_one()
    return newest if newest.tzinfo else newest.replace(tzinfo=UTC)


def _tables(connection: sa.Connection, schema: str | None) -> Iterator[tuple[sa.TableClause, list[str], list[str]]]:
    """Each table that has times, the names of its key, and the names of the columns that hold them."""
    looking = sa.inspect(connection)
    for name in set(looking.get_table_names(schema)) - set(UNMOVED):
        types = {column["name"]: column["type"] for column in looking.get_columns(name, schema)}
        keys = looking.get_pk_constraint(name, schema)["constrained_columns"]
        moving = [column for column, kind in types.items() if _is_time(name, column, kind)]
        columns = (sa.column(column, _as(types[column])) for column in dict.fromkeys([*keys, *moving]))
        if moving:
            yield sa.table(name, *columns, schema=schema), keys, moving


def _is_time(table: str, column: str, kind: sa.types.TypeEngine[Any]) -> bool:
    is_epoch = isinstance(kind, sa.Integer) and column.endswith(EPOCH_MS)
    return isinstance(kind, sa.DateTime) or is_epoch or (table == "requests" and column in WITH_TIMES_INSIDE)


def _as(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True) if isinstance(kind, sa.JSON) else kind


def _moved(value: Any, span: timedelta) -> Any:
    """A time, a number of milliseconds, or JSON in which there are times; or nothing."""
    if isinstance(value, datetime):
        return value + span
    if isinstance(value, int):
        return value + round(span.total_seconds() * 1000)
    if isinstance(value, list):
        return [_moved(item, span) for item in value]
    return value and {**value, "at": (datetime.fromisoformat(value["at"]) + span).isoformat()}


def _unpacked(name: str) -> bytes:
    return gzip.decompress((FOLDER / name).read_bytes())
