"""Entries of the journal, read and changed without the bot."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.journal import journal_store
from deletion.journal.hash_chain import Recorded

RUN_AS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what a cell must not begin with, by OWASP's page on CSV injection


def entry(event: str, **changes: str) -> Entry:
    told = {"kore_message": 'Ärger: "nein"', **changes}
    return Entry(at=now(), event=event, actor_id="U0ALICE", actor_team_id="T0", surface="test", details=told)


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def read(url: str) -> list[Recorded]:
    with connected(url) as connection:
        return list(journal_store.entries(connection, journal_store.span(connection)))


def unlock(connection: sa.Connection) -> None:
    """Do what an owner of the database could do."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("DROP TRIGGER journal_is_append_only ON journal"))
        return
    for name in ("update", "delete", "replace"):
        connection.execute(sa.text(f"DROP TRIGGER journal_no_{name}"))
