"""Replicas write one chain of entries, older ones are chained, and each is a line of the log once it is kept."""

import asyncio
import json
import logging

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db import postgresql
from deletion.db.connection import migrate, open_engine
from deletion.db.postgresql import JOURNAL_LOCK
from deletion.db.tables import UtcTime, journal
from deletion.domain.clock import now
from deletion.domain.states import State
from deletion.journal import journal_store
from deletion.journal.hash_chain import START, fields, verify
from deletion.stores.request_store import RequestStore
from tests.deletion.stored_journal import connected, entry, read
from tests.deletion.values import append_entry, request

BEFORE = "0002"
OLD_JOURNAL = sa.table(
    "journal",
    *(sa.column(name) for name in ("seq", "request_id", "event", "actor_id", "surface")),
    sa.column("at", UtcTime),
    sa.column("details", sa.JSON),
)
OLD_REQUEST = """INSERT INTO requests VALUES (:id, 'T0', 'U0ALICE', 'C0', :campaign, 'f', '{}', 'Because', 'failed', 1,
    '2026-06-27 09:00:00', '2026-06-27 09:00:00', 0, NULL, NULL, NULL, '[]', NULL, NULL, '[]')"""


async def test_many_writers_of_three_replicas_make_one_chain(database_url: str) -> None:
    engines = [open_engine(database_url) for _ in range(3)]
    written = 40 if database_url.startswith("postgresql") else 10  # SQLite's writers queue without an order

    async def write(engine: AsyncEngine, number: int) -> None:
        store = RequestStore(engine)
        kept = request(state=State.FAILED)
        await store.add(kept, entry("requested"), [])
        after = kept.model_copy(update={"version": 2})
        await asyncio.gather(store.swap(kept, after, entry("one")), store.swap(kept, after, entry("other")))
        await append_entry(engine, entry(f"note {number}"))

    await asyncio.gather(*(write(engine, number) for engine in engines for number in range(written)))
    for engine in engines:
        await engine.dispose()

    verified = verify(read(database_url), START)
    assert verified
    assert verified.count == 3 * written * 3


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_hanging_replica_loses_its_session_and_locks(database_url: str) -> None:
    engine = open_engine(database_url)
    held = sa.text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database "
        "WHERE locktype = 'advisory' AND objid = :lock AND datname = current_database()"
    )
    async with engine.begin() as connection:
        await journal_store.append(connection, entry("frozen"))
        assert await connection.scalar(sa.text("SHOW idle_in_transaction_session_timeout")) == postgresql.IDLE_LIMIT
        assert await connection.scalar(held, {"lock": JOURNAL_LOCK}) == 1
    async with engine.begin() as connection:
        assert await connection.scalar(sa.text("SHOW idle_in_transaction_session_timeout")) == postgresql.IDLE_LIMIT
        assert await connection.scalar(held, {"lock": JOURNAL_LOCK}) == 0
    await engine.dispose()


async def test_what_was_written_before_there_was_a_chain_is_chained(empty_database_url: str) -> None:
    migrate(empty_database_url, BEFORE)
    said = {"event": "requested", "surface": "test", "at": now(), "details": {"why": "Ärger"}}
    with connected(empty_database_url) as connection:
        for request_id, campaign_id in (("r1", "cd-1"), ("r2", "cd-2")):
            connection.execute(sa.text(OLD_REQUEST), {"id": request_id, "campaign": campaign_id})
        for seq, request_id, actor in (
            (2, "r1", "U0ALICE"),
            (3, "r2", "U0ALICE"),
            (7, "r1", "U0BOB"),
            (9, "r2", "engine"),
        ):
            values = {**said, "seq": seq, "request_id": request_id, "actor_id": actor}
            connection.execute(OLD_JOURNAL.insert().values(values))
    migrate(empty_database_url)

    entries = read(empty_database_url)
    verified = verify(entries, START)
    assert verified
    assert verified.count == 4
    told = [(entry.seq, entry.request_id, entry.campaign_id, entry.actor_id, entry.actor_team_id) for entry in entries]
    assert told == [
        (1, "r1", "cd-1", "U0ALICE", "T0"),
        (2, "r2", "cd-2", "U0ALICE", "T0"),
        (3, "r1", "cd-1", "U0BOB", ""),
        (4, "r2", "cd-2", "engine", ""),
    ]
    assert all((entry.at, entry.details) == (said["at"], said["details"]) for entry in entries)
    with pytest.raises(DBAPIError, match="append-only"), connected(empty_database_url) as connection:
        connection.execute(journal.delete())


async def test_each_entry_is_a_line_of_the_log_once_it_is_kept(
    store: RequestStore, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, journal_store.log.name)
    kept = request()
    await store.add(kept, entry("requested"), [])
    with connected(database_url) as connection:
        refuse_commits(connection)
    with pytest.raises(DBAPIError):
        await store.swap(kept, kept.model_copy(update={"version": 2}), entry("undone"))

    (line,) = [record for record in caplog.records if record.name == journal_store.log.name]
    (recorded,) = read(database_url)
    assert vars(line)["request_id"] == kept.id
    assert vars(line)["entry"] == fields(recorded)
    assert json.loads(json.dumps(vars(line)["entry"]))["hash"] == recorded.hash


def refuse_commits(connection: sa.Connection) -> None:
    """Let an entry be added, and its transaction fail at the very end."""
    connection.execute(sa.text("CREATE TABLE kept (id INTEGER PRIMARY KEY)"))
    late = "DEFERRABLE INITIALLY DEFERRED"
    connection.execute(sa.text(f"CREATE TABLE promise (id INTEGER REFERENCES kept (id) {late})"))
    promising = "INSERT INTO promise VALUES (1);"
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text(f"CREATE TRIGGER promises AFTER INSERT ON journal BEGIN {promising} END"))
        return
    body = f"$$ BEGIN {promising} RETURN NEW; END $$"
    connection.execute(sa.text(f"CREATE FUNCTION promises() RETURNS trigger LANGUAGE plpgsql AS {body}"))
    trigger = "CREATE TRIGGER promises AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION promises()"
    connection.execute(sa.text(trigger))
