"""The journal is one hash chain on both databases, and every change of it is found."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import journal
from deletion.domain.canonical_json import canonical_json
from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.journal import journal_store
from deletion.journal.hash_chain import START, BrokenChainError, Head, Recorded, fields, record, verify
from deletion.stores.request_store import RequestStore
from tests.deletion.stored_journal import connected, entry, read, unlock
from tests.deletion.values import CAMPAIGN, append_entry, request

ENTRIES = 6


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
