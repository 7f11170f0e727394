"""Connections to PostgreSQL: the options of every engine, and locks that end with their transaction."""

import asyncio
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from deletion.db import postgresql
from deletion.db.checks import looking_at
from deletion.db.connection import migrate, open_engine, reading
from deletion.db.daemon_thread import in_daemon_thread
from deletion.db.heartbeat import Heartbeat
from deletion.db.postgresql import CONNECT_OPTIONS, advisory_lock, connect_options
from deletion.engine import dbos_tables, queues
from tests import postgres

PATIENCE_SECONDS = 120
# Other tests lock in other databases of the same server.
LEFT_LOCKS = """SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database
    WHERE locktype = 'advisory' AND datname = current_database()"""


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    with postgres.database(postgres_server) as url:
        yield url


@pytest.fixture
def connected() -> Iterator[list[dict[str, Any]]]:
    """Yield the options of each connection to PostgreSQL that any engine opens, with the name of its database."""
    opened: list[dict[str, Any]] = []

    def note(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> None:
        opened.append(dict(options))

    sa.event.listen(sa.Engine, "do_connect", note)
    yield opened
    sa.event.remove(sa.Engine, "do_connect", note)


async def test_no_engine_prepares_statements_and_each_gives_up_connecting(
    empty_postgres_url: str, connected: list[dict[str, Any]]
) -> None:
    """PgBouncer in transaction mode loses prepared statements, DBOS's too."""
    migrate(empty_postgres_url)
    engine = open_engine(empty_postgres_url)
    assert await Heartbeat(engine).why_not_ready() == ""
    with reading(empty_postgres_url) as connection:
        connection.execute(sa.text("SELECT 1"))
    async with looking_at(empty_postgres_url) as looking:
        await looking.execute(sa.text("SELECT 1"))
    close = await queues.configure(empty_postgres_url, "one")
    await queues.launch(60)
    await queues.stop(0)
    close()
    await engine.dispose()

    name = empty_postgres_url.rpartition("/")[2]
    assert len(connected) >= 6, "migration, bot, journal command, doctor, DBOS's migration, DBOS"
    assert {options["dbname"] for options in connected} == {name}, "DBOS looks into no other database"
    assert {options["prepare_threshold"] for options in connected} == {None}
    assert {options["connect_timeout"] for options in connected} == {CONNECT_OPTIONS["connect_timeout"]}
    with psycopg.connect(empty_postgres_url) as observer:
        locks = observer.execute(LEFT_LOCKS).fetchone()
        assert locks == (0,)
        assert observer.execute("SELECT count(*) FROM pg_listening_channels()").fetchone() == (0,)


async def test_replicas_that_start_at_once_on_an_empty_database_wait_for_each_other(empty_postgres_url: str) -> None:
    """DBOS creates indexes concurrently, which waits for the snapshots of all others, so none may wait with one."""

    def start() -> None:
        migrate(empty_postgres_url)
        dbos_tables.migrate(empty_postgres_url)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(in_daemon_thread(start) for _ in range(3)))


async def test_lock_limits_idle_time_of_its_transaction_alone(postgres_server: str) -> None:
    """PgBouncer may give a transaction a server connection that another client has configured, or none has."""
    with psycopg.connect(postgres_server) as connection:
        show = "SHOW idle_in_transaction_session_timeout"
        connection.execute(str(advisory_lock(42)).encode())
        assert connection.execute(show).fetchone() == (postgresql.IDLE_LIMIT,)
        connection.commit()
        assert connection.execute(show).fetchone() == ("0",)


def test_options_in_url_take_precedence() -> None:
    options = connect_options("postgresql://bot@db/bot?connect_timeout=20&application_name=bot-eu")
    assert "connect_timeout" not in options
    assert "application_name" not in options
    assert options["prepare_threshold"] is None
