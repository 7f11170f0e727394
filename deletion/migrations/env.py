"""Alembic's entry: it migrates on the connection that deletion.db.connection hands it, in its transaction."""

from alembic import context

from deletion.db.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
