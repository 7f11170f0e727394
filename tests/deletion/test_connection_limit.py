"""A replica starts only if the server gives it all of its connections."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

from deletion.db.connection_limit import LEAST_CONNECTIONS, check_connections, shares
from deletion.domain.errors import DatabaseError
from tests.silent_server import silent_server

LIMIT = 3


@pytest.fixture
def limited_url(postgres_server: str) -> Iterator[str]:
    """Yield the URL of a user who may open three connections."""
    user = f"limited_{uuid4().hex[:8]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'hunter2' CONNECTION LIMIT {LIMIT}".encode())
        yield make_url(postgres_server).set(username=user, password="hunter2").render_as_string(hide_password=False)
        connection.execute(f"DROP ROLE {user}".encode())


async def test_server_that_gives_all_connections_passes(limited_url: str) -> None:
    await check_connections(limited_url, LIMIT)


async def test_limit_below_the_setting_is_one_line_with_the_servers_reason(limited_url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        await check_connections(limited_url, LIMIT + 1)
    said = str(caught.value)
    assert said.startswith("DATABASE_CONNECTIONS: postgresql://limited_")
    assert "gave 3 of 4 connections" in said
    assert "too many connections for role" in said
    assert "hunter2" not in said
    assert "\n" not in said


async def test_server_that_never_answers_is_one_line() -> None:
    with silent_server() as port, pytest.raises(DatabaseError) as caught:
        await check_connections(f"postgresql://bot@127.0.0.1:{port}/bot", 4, within_seconds=0.01)
    assert str(caught.value).startswith("DATABASE_URL: postgresql://bot@127.0.0.1")
    assert "cannot be used (no answer within 0.01 s)" in str(caught.value)


async def test_sqlite_has_no_limit() -> None:
    await check_connections("sqlite:////nowhere/at/all", 4)


@pytest.mark.parametrize("connections", range(LEAST_CONNECTIONS, 12))
def test_shares_are_the_whole_and_dbos_has_two_at_least(connections: int) -> None:
    own, engine = shares(connections)
    assert own + engine == connections
    assert min(own, engine) >= 2
