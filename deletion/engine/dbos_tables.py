"""Migrate the tables of DBOS on PostgreSQL."""

from dbos._migration import ensure_dbos_schema, run_dbos_migrations, should_migrate

from deletion.db.engine_tables import SCHEMA, migrating

USES_LISTEN_NOTIFY = False  # only for DBOS's messages, events and streams, of which the bot has none


def migrate(database_url: str) -> None:
    """Do what DBOS would do at its launch, but under this bot's lock, which ends with a transaction.

    DBOS's own lock is one of the session. PgBouncer in transaction mode would give each statement another session, so
    the lock would stay locked, or protect nothing.
    """
    with migrating(database_url) as engine:
        if should_migrate(engine, SCHEMA, USES_LISTEN_NOTIFY):
            ensure_dbos_schema(engine, SCHEMA)
            run_dbos_migrations(engine, SCHEMA, USES_LISTEN_NOTIFY)
