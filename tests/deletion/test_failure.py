"""A database that cannot be used is one line with its own reason."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from pytest_mock import MockerFixture
from sqlalchemy.engine import make_url

from deletion.db.connection import migrate
from deletion.db.failure import reported
from deletion.domain.errors import DatabaseError
from deletion.engine import queues
from tests import postgres


@pytest.fixture
def unprivileged_url(postgres_server: str) -> Iterator[str]:
    """Yield the URL of an empty database, for a user who may not create tables in it."""
    user = f"reader_{uuid4().hex[:8]}"
    with postgres.database(postgres_server) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'hunter2'".encode())
        connection.execute(b"REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        yield make_url(url).set(username=user, password="hunter2").render_as_string(hide_password=False)
        connection.execute(f"DROP OWNED BY {user}; DROP ROLE {user}".encode())


def said_of(error: pytest.ExceptionInfo[DatabaseError]) -> str:
    said = str(error.value)
    assert said.startswith("DATABASE_URL: ")
    assert "\n" not in said
    assert "hunter2" not in said
    return said


def test_lack_of_permission_is_the_servers_own_words(unprivileged_url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        migrate(unprivileged_url)
    assert "cannot be used (permission denied for schema public)." in said_of(caught)


async def test_lack_of_permission_for_dbos_is_the_servers_own_words(unprivileged_url: str) -> None:
    with pytest.raises(DatabaseError) as caught, reported(unprivileged_url):
        await queues.configure(unprivileged_url, "one")
    assert "cannot be used (permission denied for database " in said_of(caught)


def test_read_only_server_is_its_own_words(postgres_server: str) -> None:
    with postgres.database(postgres_server) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            name = make_url(url).database
            connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        with pytest.raises(DatabaseError) as caught:
            migrate(url)
    assert "in a read-only transaction)." in said_of(caught)


@pytest.mark.parametrize(("file", "why"), [("no/folder.sqlite3", "No such file or directory"), ("", "Is a directory")])
def test_sqlite_file_that_cannot_be_opened_has_the_systems_reason(tmp_path: Path, file: str, why: str) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(DatabaseError) as caught:
        migrate(f"sqlite:///{tmp_path / file}")
    assert tmp_path.stat().st_mode & 0o777 == 0o755, "only a database file is made private"
    assert f"cannot be used (unable to open database file: {why})." in said_of(caught)


@pytest.mark.parametrize(
    ("python", "sqlite", "is_refused"),
    [((3, 11, 9), (3, 40, 1), False), ((3, 12, 0), (3, 41, 2), True), ((3, 14, 0), (3, 42, 0), False)],
)
def test_sqlite_that_is_too_old_for_this_python_is_one_line(
    tmp_path: Path, mocker: MockerFixture, python: tuple[int, int, int], sqlite: tuple[int, int, int], is_refused: bool
) -> None:
    version = mocker.patch("deletion.db.connection.sys").version_info = mocker.MagicMock(
        major=python[0], minor=python[1]
    )
    version.__ge__.side_effect = python.__ge__
    mocker.patch("deletion.db.connection.sqlite3.sqlite_version_info", sqlite)
    if is_refused:
        with pytest.raises(DatabaseError) as caught:
            migrate(f"sqlite:///{tmp_path}/bot.sqlite3")
        assert "Python 3.12 needs SQLite 3.42 or later" in said_of(caught)
    else:
        migrate(f"sqlite:///{tmp_path}/bot.sqlite3")
