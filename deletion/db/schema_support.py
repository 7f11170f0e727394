"""Find the revision of a schema, and decide whether this version works on one that a newer version migrated."""

import sqlalchemy as sa

from deletion.db.tables import schema_support


def schema_revision(connection: sa.Connection) -> str | None:
    """Return the revision of the schema, or None before the first migration."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def serves_newer(connection: sa.Connection, found: str | None, known: str) -> bool:
    """Return whether the schema is newer than revision ``known``, and a bot of that revision still works on it.

    A migration only adds. Before one removes what revision N used, it raises ``oldest_revision`` above N.
    """
    if found is None or found <= known or not sa.inspect(connection).has_table(schema_support.name):
        return False
    oldest: str | None = connection.execute(sa.select(schema_support.c.oldest_revision)).scalar()
    return oldest is not None and oldest <= known
