"""Readiness of the database is judged by a write."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection

from deletion.db.connection import open_engine, read
from deletion.db.heartbeat import Heartbeat
from deletion.db.tables import heartbeat
from deletion.domain.clock import now
from tests.silent_server import silent_server
from tests.time_limits import HANGS_AFTER_SECONDS

READ_ONLY = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET default_transaction_read_only = on"}


async def test_heartbeat_writes_one_row_however_often_it_is_asked(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deletion.db.heartbeat.VALID_SECONDS", 0)
    engine = open_engine(database_url)
    beats = Heartbeat(engine)
    assert await beats.why_not_ready() == ""
    began = now()
    assert [await beats.why_not_ready() for _ in range(2)] == ["", ""]
    (row,) = await read(engine, sa.select(heartbeat))
    await engine.dispose()
    assert row["at"] >= began


async def test_database_that_only_answers_reads_is_not_ready(database_url: str) -> None:
    """As a standby after a failover, or a full disk."""
    engine = open_engine(database_url)
    statement = READ_ONLY[engine.dialect.name]

    @sa.event.listens_for(engine.sync_engine, "connect")
    def allow_reads(connection: DBAPIConnection, _record: object) -> None:
        connection.cursor().execute(statement)
        connection.commit()

    reason = await Heartbeat(engine).why_not_ready()
    await engine.dispose()
    code = "OperationalError SQLITE_READONLY" if engine.dialect.name == "sqlite" else "InternalError 25006"
    assert reason == f"the database cannot be written ({code})"


async def test_database_that_cannot_be_reached_is_not_ready() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/none")
    assert await Heartbeat(engine).why_not_ready() == "the database cannot be written (OperationalError)"
    await engine.dispose()


async def test_database_that_never_answers_is_not_ready() -> None:
    with silent_server() as port:
        engine = open_engine(f"postgresql://nobody@127.0.0.1:{port}/none")
        beats, opened = Heartbeat(engine, answers_within_seconds=0.01), []
        sa.event.listen(engine.sync_engine, "do_connect", lambda *_: opened.append("a connection"))
        assert await beats.why_not_ready() == "the database does not answer"
        assert await beats.why_not_ready() == "the database does not answer"
        assert opened == ["a connection"], "no second write beside the first"
    await engine.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer at a time
async def test_two_replicas_whose_first_heartbeats_meet_are_both_ready(database_url: str) -> None:
    engine, other = open_engine(database_url), open_engine(database_url)
    is_waiting = sa.text("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    async with engine.begin() as connection:
        await connection.execute(sa.insert(heartbeat).values(id=1, at=now()))
        writing = asyncio.create_task(Heartbeat(other, HANGS_AFTER_SECONDS).why_not_ready())
        async with asyncio.timeout(HANGS_AFTER_SECONDS):
            while not await connection.scalar(is_waiting):  # noqa: ASYNC110 - a lock sets no event
                await asyncio.sleep(0)
    assert await writing == ""
    await engine.dispose()
    await other.dispose()
