"""The database is checked without a change: its schema, its rights and its file."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from deletion.db.connection import migrate
from tests import postgres
from tests.databases import Databases
from tests.deletion.stored_journal import connected
from tests.doctor.conftest import Installation, results, wrong
from tests.doctor.faults import FAILED, WARNING


async def test_old_schema_is_a_warning_and_is_not_migrated(installation: Installation, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.sqlite3"
    migrate(url, "0004")
    report = await installation.check({"DATABASE_URL": url})
    (schema,) = results(report, "Schema")
    assert (schema.outcome, schema.text.split(" runs ")[0]) == (WARNING, "revision 0004; the next start")
    assert {result.name for result in wrong(report)} == {"Schema", "ARCHIVE_KEY", "Journal", "Calls left"}
    with connected(url) as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "0004"


async def test_newer_schema_fails(installation: Installation, database: str) -> None:
    with connected(database) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(sa.text("UPDATE schema_support SET oldest_revision = '9998'"))
    (schema,) = results(await installation.check(), "Schema")
    assert (schema.outcome, "newer version" in schema.cure) == (FAILED, True)


async def test_new_database_is_no_fault_and_is_not_created(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "none.sqlite3"
    report = await installation.check({"DATABASE_URL": f"sqlite:///{file}"})
    assert wrong(report) == []
    assert not file.exists()


async def test_file_that_others_can_read_is_a_warning(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite3").chmod(0o644)
    (found,) = results(await installation.check(), "Permissions")
    assert (found.outcome, found.cure) == (WARNING, f"Run: chmod 600 {tmp_path / 'bot.sqlite3'}")


async def test_postgresql_is_checked_with_its_rights(
    installation: Installation, postgres_server: str, databases: Databases
) -> None:
    with postgres.database(postgres_server, template=databases.template()) as url:
        report = await installation.check({"DATABASE_URL": url})
        assert wrong(report) == []
        assert [result.name for result in report.sections["Database"]] == [
            "DATABASE_URL", "Permissions", "Schema", "Connections", "Disk", "Clock", "ARCHIVE_KEY", "Journal",
        ]  # fmt: skip
        with connected(url) as connection:
            connection.execute(sa.text("CREATE ROLE reader LOGIN PASSWORD 'hunter2' CONNECTION LIMIT 5"))
        try:
            address = make_url(url).set(username="reader", password="hunter2")
            report = await installation.check({"DATABASE_URL": address.render_as_string(hide_password=False)})
            (found,) = results(report, "Permissions")
            assert (found.outcome, "create a schema" in found.text, "Grant CREATE" in found.cure) == (
                FAILED,
                True,
                True,
            )
        finally:
            with connected(url) as connection:
                connection.execute(sa.text("DROP ROLE reader"))


async def test_empty_postgresql_is_no_fault(installation: Installation, postgres_server: str) -> None:
    with postgres.database(postgres_server) as url:
        assert wrong(await installation.check({"DATABASE_URL": url})) == []
