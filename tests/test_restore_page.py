"""The commands of docs/backup.md restore a PostgreSQL database for the bot's user, who may create no database."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from deletion.db.connection import migrate, reading
from deletion.db.tables import requests
from tests import postgres

PAGE = (Path(__file__).parents[1] / "docs" / "backup.md").read_text()
DUMP = "campaign-delete-2026-11-29.dump"


@pytest.fixture
def user(postgres_server: str) -> Iterator[str]:
    """Yield the name of a user without rights of its own."""
    name = postgres.new_name()
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        yield name
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def names(postgres_server: str) -> Iterator[tuple[str, str]]:
    """Yield the names of two databases, which are dropped if they exist."""
    found = postgres.new_name(), postgres.new_name()
    yield found
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in found:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def test_restored_database_belongs_to_the_bots_user(
    postgres_server: str, user: str, names: tuple[str, str], tmp_path: Path
) -> None:
    create, restore = re.findall(r"^ +((?:createdb|pg_restore) .*)$", PAGE, re.MULTILINE)
    server, (old, new) = urlsplit(postgres_server), names
    own = server._replace(netloc=f"{user}@{server.hostname}:{server.port}")
    shell = {
        "PATH": f"{postgres.program('')}:{os.environ['PATH']}",
        "PGHOST": str(server.hostname),
        "PGPORT": str(server.port),
        "PGUSER": str(server.username),
        "PGPASSWORD": str(server.password or ""),
    }

    def run(command: str) -> None:
        subprocess.run(command, shell=True, cwd=tmp_path, env=shell, check=True)  # noqa: S602 - the page's own words

    run(f"createdb --owner={user} {old}")
    migrate(own._replace(path=f"/{old}").geturl())
    run(f"pg_dump --format=custom --file={DUMP} {old}")
    for command in (create, restore):
        run(command.replace("campaign_delete", user).replace("restored", new))

    with reading(own._replace(path=f"/{new}").geturl()) as connection:
        assert connection.execute(requests.select()).all() == []
