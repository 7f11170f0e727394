"""Versions that follow each other work on one schema: an update can run beside the old version, and be rolled back."""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from deletion.db.connection import MIGRATIONS, NEWEST, RENAMED, migrate, reading
from deletion.db.tables import metadata, schema_support
from deletion.domain.errors import DatabaseError
from tests.deletion.schema_contract import Schema, breaks, reflect
from tests.deletion.stored_journal import connected
from tests.previous_version.restore import restore

FIRST_WITH_SUPPORT = "0020"  # before it, a bot refuses every newer schema
NEXT = "9001"
CONTRACTIONS = {
    "ALTER TABLE requests DROP COLUMN lease": "requests.lease: removed or renamed",
    "ALTER TABLE requests RENAME COLUMN lease TO send_lease": "requests.lease: removed or renamed",
    "DROP TABLE kore_health": "kore_health: removed",
    "ALTER TABLE messages RENAME TO posts": "messages: removed",
    "ALTER TABLE homes ADD COLUMN team TEXT NOT NULL": "homes.team: new, and neither nullable nor with a default",
    "CREATE UNIQUE INDEX one_payload ON seen (at)": "seen: new unique ('at',)",
}


def test_migrations_keep_what_the_previous_version_uses(empty_database_url: str) -> None:
    restore(empty_database_url, timedelta())
    before = schema_of(empty_database_url)
    migrate(empty_database_url)
    assert not breaks(before, schema_of(empty_database_url))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite refuses some of the statements
def test_contractions_are_found(database_url: str) -> None:
    with connected(database_url) as connection:
        before = reflect(connection)
        for contraction, expected in CONTRACTIONS.items():
            with connection.begin_nested() as attempt:
                connection.execute(sa.text(contraction))
                assert breaks(before, reflect(connection)) == [expected]
                attempt.rollback()


def test_every_revision_is_a_number_greater_than_its_predecessor() -> None:
    revisions = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert revisions == [f"{number:04}" for number in range(len(revisions), 0, -1)]


def test_oldest_supported_version_is_not_newer_than_the_previous_one(empty_database_url: str) -> None:
    restore(empty_database_url, timedelta())
    with connected(empty_database_url) as connection:
        previous = str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))
    migrate(empty_database_url)
    with connected(empty_database_url) as connection:
        assert connection.scalar(sa.select(schema_support.c.oldest_revision)) == max(previous, FIRST_WITH_SUPPORT)


def test_bot_works_on_the_schema_of_the_next_version(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with connected(database_url) as connection:
        connection.execute(sa.text("ALTER TABLE requests ADD COLUMN of_the_next_version TEXT"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9001'"))
    before = schema_of(database_url)

    with caplog.at_level(logging.WARNING):
        migrate(database_url)
    with reading(database_url) as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == NEXT

    assert "Schema is newer than this version" in caplog.messages
    assert not breaks(before, schema_of(database_url))


def test_bot_refuses_a_newer_schema_that_dropped_what_it_uses(database_url: str) -> None:
    with connected(database_url) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9001'"))
        connection.execute(schema_support.update().values(oldest_revision=f"{int(NEWEST) + 1:04}"))
    with pytest.raises(DatabaseError, match="made by a newer version"):
        migrate(database_url)
    with pytest.raises(DatabaseError, match="not of this version"), reading(database_url):
        pass


def schema_of(url: str) -> Schema:
    with connected(url) as connection:
        return reflect(connection)


def test_column_name_has_one_name_in_python() -> None:
    """Rows are read by column name, whatever the table."""
    found = {(column.name, column.key) for table in metadata.tables.values() for column in table.c}
    assert [key for name, key in sorted(found) if name in RENAMED] == [RENAMED[name] for name in sorted(RENAMED)]
