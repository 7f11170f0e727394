"""Alembic's entry: it migrates on the connection that deletion.db.connection hands it, in its transaction."""

from alembic import context

from deletion.db.catalogue_tables import listed_campaigns

context.configure(connection=context.config.attributes["connection"], target_metadata=listed_campaigns.metadata)
context.run_migrations()
