"""The tables of DBOS: in the bot's own file on SQLite, in a schema of their own on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from deletion.db.connection import open_sync_engine
from deletion.db.postgresql import schema_lock

SCHEMA = "dbos"  # on PostgreSQL
PAYLOADS = ("workflow_input", "workflow_output", "operation_outputs")  # no foreign key deletes them


@contextmanager
def migrating(database_url: str) -> Iterator[sa.Engine]:
    """Hold the lock for the schema, and yield an engine for the migration."""
    engine = open_sync_engine(database_url)
    try:
        with schema_lock(engine):
            yield engine
    finally:
        engine.dispose()


def remove_workflows_not_stored_as(serialization: str, database_url: str, application: str) -> int:
    """Delete the application's workflows of any other serialization, and all its schedules; return how many rows.

    Deleted and not cancelled: a cancelled workflow keeps its id, and the same id could not be enqueued again.
    """
    engine = open_sync_engine(database_url)
    schema = None if engine.dialect.name == "sqlite" else SCHEMA

    def table(name: str, *columns: str) -> sa.TableClause:
        return sa.table(name, *(sa.column(column) for column in columns), schema=schema)

    def is_ours(owned: sa.TableClause) -> sa.ColumnElement[bool]:
        return sa.func.coalesce(owned.c.application_name, application) == application

    workflows = table("workflow_status", "workflow_uuid", "serialization", "application_name")
    schedules = table("workflow_schedules", "application_name")
    is_foreign = sa.and_(sa.func.coalesce(workflows.c.serialization, "") != serialization, is_ours(workflows))
    foreign_ids = sa.select(workflows.c.workflow_uuid).where(is_foreign)
    try:
        with engine.begin() as connection:
            if not sa.inspect(connection).has_table(workflows.name, schema=schema):
                return 0  # a new database
            for payload in (table(name, "workflow_uuid") for name in PAYLOADS):
                connection.execute(payload.delete().where(payload.c.workflow_uuid.in_(foreign_ids)))
            removed = connection.execute(workflows.delete().where(is_foreign)).rowcount
            return removed + connection.execute(schedules.delete().where(is_ours(schedules))).rowcount
    finally:
        engine.dispose()
