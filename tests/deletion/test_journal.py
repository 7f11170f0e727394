"""The journal is one hash chain on both databases, with many writers; every change of it is found."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import migrate, open_engine
from deletion.db.postgresql import IDLE_LIMIT, JOURNAL_LOCK
from deletion.db.tables import UtcTime, journal
from deletion.domain.canonical_json import canonical_json
from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.journal import journal_store
from deletion.journal.hash_chain import START, BrokenChainError, Head, Recorded, fields, record, verify
from deletion.stores.request_store import RequestStore
from tests.deletion.stored_journal import connected, entry, read, unlock
from tests.deletion.values import CAMPAIGN, append_entry, request

ENTRIES = 6
BEFORE = "0002"
OLD_JOURNAL = sa.table(
    "journal",
    *(sa.column(name) for name in ("seq", "request_id", "event", "actor_id", "surface")),
    sa.column("at", UtcTime),
    sa.column("details", sa.JSON),
)
OLD_REQUEST = """INSERT INTO requests VALUES (:id, 'T0', 'U0ALICE', 'C0', :campaign, 'f', '{}', 'Because', 'failed', 1,
    '2026-06-27 09:00:00', '2026-06-27 09:00:00', 0, NULL, NULL, NULL, '[]', NULL, NULL, '[]')"""


@pytest.fixture
async def whole(store: RequestStore, engine: AsyncEngine, database_url: str) -> list[Recorded]:
    """A journal of six entries: of a request, of its changes, and of none."""
    first = request()
    await store.add(first, entry("requested"), [])
    for version in range(2, ENTRIES):
        after = first.model_copy(update={"version": version})
        assert await store.swap(first, after, entry(f"change {version}"))
        first = after
    await append_entry(engine, entry("frozen"))
    return read(database_url)


async def test_each_entry_follows_the_one_before_and_says_all_that_is_known(
    store: RequestStore, whole: list[Recorded]
) -> None:
    verified = verify(whole, START)
    assert verified
    assert (verified.count, verified.after, verified.head) == (ENTRIES, START, whole[-1].head)
    assert [found.seq for found in whole] == list(range(1, ENTRIES + 1))
    assert [found.previous for found in whole[1:]] == [found.hash for found in whole[:-1]]
    first, last = whole[0], whole[-1]
    assert (first.campaign_id, first.actor_id, first.actor_team_id) == (CAMPAIGN["_id"], "U0ALICE", "T0")
    assert (last.request_id, last.campaign_id, last.event) == (None, None, "frozen")
    told = [Entry.model_validate(found.model_dump(include=set(Entry.model_fields))) for found in whole[:-1]]
    assert first.request_id
    assert await store.entries(first.request_id) == told


def test_the_form_of_an_entry_never_changes() -> None:
    """The hash is what jq -caS 'del(.hash)' and sha256sum make of it."""
    at = datetime(2026, 6, 27, 11, 31, 56, 940000, timezone(timedelta(hours=2)))
    details = {"reason": 'Ärger & "Ruhe" 🔥\n', "attempt": "confirmed"}
    told = Entry(at=at, event="deleted", actor_id="engine", surface="engine", details=details)
    recorded = record(told, Head(41, "ab" * 32), request_id="r1", campaign_id="cd-1")
    assert canonical_json(fields(recorded)) == (
        '{"actor_id":"engine","actor_team_id":"","at":"2026-06-27T09:31:56.940000+00:00","campaign_id":"cd-1",'
        '"details":{"attempt":"confirmed","reason":"\\u00c4rger & \\"Ruhe\\" \\ud83d\\udd25\\n"},"event":"deleted",'
        f'"hash":"{recorded.hash}","previous":"{"ab" * 32}","request_id":"r1","seq":42,"surface":"engine"}}'
    )
    assert recorded.hash == "4447b0e8fc0edacfd9d223f26043fad776127e393478e444ec79026c9853b779"


def change(connection: sa.Connection, place: int, **values: object) -> None:
    connection.execute(journal.update().where(journal.c.seq == place).values(values))


def swap_two(connection: sa.Connection) -> None:
    for before, after in ((3, -1), (4, 3), (-1, 4)):
        change(connection, before, seq=after)


def hash_again(connection: sa.Connection) -> None:
    told = next(journal_store.entries(connection, range(3, 4)))
    changed = told.model_copy(update={"event": "rejected"})
    place = {"request_id": told.request_id, "campaign_id": told.campaign_id}
    change(connection, 3, event="rejected", hash=record(changed, Head(2, told.previous), **place).hash)


def insert_forged(connection: sa.Connection) -> None:
    for seq in range(ENTRIES, 3, -1):
        change(connection, seq, seq=seq + 1)
    third = next(journal_store.entries(connection, range(3, 4)))
    values = {**third.model_dump(), "seq": 4, "event": "approved", "actor_id": "U0MALLORY", "previous": third.hash}
    connection.execute(journal.insert().values(values))


def garble(connection: sa.Connection) -> None:
    connection.execute(sa.text("UPDATE journal SET details = '[1]' WHERE seq = 3"))


TAMPERING: dict[str, tuple[Callable[[sa.Connection], object], str]] = {
    "a word changed": (lambda connection: change(connection, 3, event="rejected"), "Entry 3 was changed"),
    "another person": (lambda connection: change(connection, 3, actor_id="U0BOB"), "Entry 3 was changed"),
    "another campaign": (lambda connection: change(connection, 3, campaign_id="cd-1"), "Entry 3 was changed"),
    "another time": (lambda connection: change(connection, 3, at=now() - timedelta(days=1)), "Entry 3 was changed"),
    "no request": (lambda connection: change(connection, 3, request_id=None), "Entry 3 was changed"),
    "another answer": (lambda connection: change(connection, 3, details={"kore_message": "ok"}), "Entry 3 was changed"),
    "hashed again, alone": (hash_again, "Entry 4 does not follow entry 3"),
    "one removed": (lambda connection: connection.execute(journal.delete().where(journal.c.seq == 3)), "3 is missing"),
    "the first removed": (
        lambda connection: connection.execute(journal.delete().where(journal.c.seq == 1)),
        "Entry 1 is missing",
    ),
    "two swapped": (swap_two, "Entry 3 does not follow entry 2"),
    "one put in between": (insert_forged, "Entry 4 was changed"),
    "not to be read": (garble, "Entry 3 is missing or cannot be read"),
}


@pytest.mark.parametrize("what", TAMPERING)
async def test_the_first_broken_link_is_named(whole: list[Recorded], database_url: str, what: str) -> None:
    assert verify(whole, START)
    tamper, said = TAMPERING[what]
    with connected(database_url) as connection:
        unlock(connection)
        tamper(connection)
    with pytest.raises(BrokenChainError, match=said):
        verify(read(database_url), START)


async def test_an_end_cut_off_is_seen_by_whoever_noted_the_head(
    engine: AsyncEngine, whole: list[Recorded], database_url: str
) -> None:
    assert verify(whole, START, noted=whole[-1].head) == verify(whole, START)
    assert verify(whole, START, noted=whole[2].head) == verify(whole, START)
    with connected(database_url) as connection:
        unlock(connection)
        connection.execute(journal.delete().where(journal.c.seq > 4))
    await append_entry(engine, entry("frozen"))
    cut = read(database_url)
    assert verify(cut, START)
    assert verify(cut, START, noted=whole[3].head)
    with pytest.raises(BrokenChainError, match="Entry 5 is not the one that was noted"):
        verify(cut, START, noted=whole[4].head)


REWRITING = {
    "update": "UPDATE journal SET event = 'rejected' WHERE seq = 3",
    "delete": "DELETE FROM journal WHERE seq = 3",
    "upsert": "INSERT INTO journal SELECT * FROM journal WHERE seq = 3 ON CONFLICT (seq) DO UPDATE SET event = 'x'",
    "truncate": "TRUNCATE journal",
    "replace": "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 3",
}
UNKNOWN_WORDS = {("sqlite", "truncate"), ("postgresql", "replace")}


@pytest.mark.parametrize(
    ("database_url", "what"),
    [(kind, what) for kind in ("sqlite", "postgresql") for what in REWRITING if (kind, what) not in UNKNOWN_WORDS],
    indirect=["database_url"],
)
async def test_the_database_refuses_to_rewrite(whole: list[Recorded], database_url: str, what: str) -> None:
    with pytest.raises(DBAPIError, match="the journal is append-only"), connected(database_url) as connection:
        connection.execute(sa.text(REWRITING[what]))
    assert read(database_url) == whole


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
        assert await connection.scalar(sa.text("SHOW idle_in_transaction_session_timeout")) == IDLE_LIMIT
        assert await connection.scalar(held, {"lock": JOURNAL_LOCK}) == 1
    async with engine.begin() as connection:
        assert await connection.scalar(sa.text("SHOW idle_in_transaction_session_timeout")) == IDLE_LIMIT
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
