"""A start migrates the database once, or says in one sentence why it cannot be used."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from pytest_mock import MockerFixture

from deletion.db import connection
from deletion.db.connection import MIGRATIONS, NEWEST, migrate, open_engine
from deletion.db.heartbeat import Heartbeat
from deletion.db.tables import metadata
from deletion.domain.errors import DatabaseError


async def test_replicas_may_migrate_at_the_same_time(empty_database_url: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(migrate, empty_database_url) for _ in range(5)))
    engine = open_engine(empty_database_url)
    assert await Heartbeat(engine).why_not_ready() == ""
    await engine.dispose()


def test_start_waits_for_another_connection_that_uses_a_new_file(tmp_path: Path, mocker: MockerFixture) -> None:
    other = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waited = mocker.patch.object(connection.until_unlocked, "sleep", side_effect=lambda _: other.rollback())
    migrate(f"sqlite:///{tmp_path}/bot.sqlite3")
    waited.assert_called_once()
    other.close()


def test_a_start_that_has_nothing_to_migrate_spares_alembic(database_url: str) -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST
    again = (
        "import sys; from deletion.db import connection; connection.migrate(sys.argv[1]); "
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", again, database_url], check=False).returncode == 0  # noqa: S603 - ours


async def test_the_migrations_make_the_tables_that_the_store_expects(database_url: str) -> None:
    engine = open_engine(database_url)
    async with engine.connect() as connection:
        made = await connection.run_sync(_made)
    await engine.dispose()
    columns = {table.name: {column.name for column in table.columns} for table in metadata.sorted_tables}
    indexes = {(index.name, index.unique) for table in metadata.sorted_tables for index in table.indexes}
    assert made == (columns, indexes)


def _made(connection: sa.Connection) -> tuple[dict[str, set[str]], set[tuple[str | None, bool]]]:
    found = sa.inspect(connection)
    tables = [table.name for table in metadata.sorted_tables]
    columns = {table: {column["name"] for column in found.get_columns(table)} for table in tables}
    indexes = {index for table in tables for index in _indexes(connection, table)}
    return columns, indexes


def _indexes(connection: sa.Connection, table: str) -> set[tuple[str | None, bool]]:
    """Return name and uniqueness of each index; SQLAlchemy skips SQLite's indexes of expressions."""
    if connection.dialect.name != "sqlite":
        return {(index["name"], bool(index["unique"])) for index in sa.inspect(connection).get_indexes(table)}
    listed = connection.exec_driver_sql(f"PRAGMA index_list({table})")
    return {(index.name, bool(index.unique)) for index in listed if index.origin == "c"}


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/bot.sqlite3",
        "postgresql://someone:hunter2@127.0.0.1:1/none",
        "postgresql://someone@127.0.0.1:1/none?password=hunter2",
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence_without_the_password(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        migrate(url)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("DATABASE_URL: ")
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("these are notes, and not a database at all")
    with pytest.raises(DatabaseError, match="cannot be used"):
        migrate(f"sqlite:///{tmp_path}/notes.txt")
