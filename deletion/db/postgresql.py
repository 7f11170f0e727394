"""Connect to PostgreSQL, directly or through PgBouncer: the same options for every engine, DBOS's too."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

MIGRATION_LOCK = 7_011_001  # any number, the same in every replica: the advisory lock for the schema
JOURNAL_LOCK = 7_011_002  # likewise, for the journal's next entry
COUNT_LOCK = 7_011_003  # likewise, for the count of calls to Kore.ai
# Whatever the server's default: a statement after a lock must see what the lock's last holder has committed.
ISOLATION = "READ COMMITTED"
IDLE_LIMIT = "10s"  # then PostgreSQL ends the session of a replica that hangs in a transaction, and its locks
UNLIMITED = "0"
ASK_EVERY_SECONDS = 0.1
IDLE_TIMEOUT = "idle_in_transaction_session_timeout"
CONNECT_OPTIONS: dict[str, Any] = {
    # PgBouncer in transaction mode gives each transaction another server connection, which has not the statements
    # that an earlier one prepared, or has another replica's under their names.
    "prepare_threshold": None,
    "connect_timeout": 5,  # seconds; psycopg's own is 130
    # A server that vanished without closing its connections: noticed after half a minute, not after hours.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
    "application_name": "campaign-delete",
}


def address_of(url: str) -> sa.URL:
    """Return the URL with the driver."""
    return make_url(url).set(drivername="postgresql+psycopg")


def connect_options(url: str) -> dict[str, Any]:
    """Return the options for a connection, without those that the URL states itself. SQLite has none."""
    address = make_url(url)
    if address.get_backend_name() != "postgresql":
        return {}
    return {name: value for name, value in CONNECT_OPTIONS.items() if name not in address.query}


def limit_idle_transactions(engine: sa.Engine) -> None:
    """Limit how long a session of this engine may be idle in a transaction.

    A ``SET``, because PgBouncer refuses the start-up parameter ``options``. In its transaction mode the setting stays
    with the server connection; so a transaction that takes an advisory lock sets it again (``advisory_lock``).
    """

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET {IDLE_TIMEOUT} = '{IDLE_LIMIT}'")
        cursor.close()
        connection.commit()


def advisory_lock(key: int) -> sa.TextClause:
    """Return the statement that takes a lock until the transaction ends, and limits how long it may be idle."""
    return _locking("pg_advisory_xact_lock", key, IDLE_LIMIT)


@contextmanager
def schema_lock(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Begin a transaction that holds the lock for the schema and may be idle, and yield its connection.

    DBOS migrates in other sessions with ``CREATE INDEX CONCURRENTLY``, which waits for every snapshot. So another
    replica asks again and again: waiting inside PostgreSQL, it would have a snapshot, and both would wait for ever.
    """
    while True:
        with engine.begin() as connection:
            if connection.execute(_locking("pg_try_advisory_xact_lock", MIGRATION_LOCK, UNLIMITED)).scalar():
                yield connection
                return
        time.sleep(ASK_EVERY_SECONDS)


def _locking(function: str, key: int, idle_limit: str) -> sa.TextClause:
    """Return the statement. Without parameters, psycopg sends it by the simple protocol, which leaves no snapshot."""
    limited = f"set_config('{IDLE_TIMEOUT}', '{idle_limit}', true)"
    return sa.text(f"SELECT {function}({key}) FROM {limited}")  # noqa: S608 - constants
