"""Run the Alembic migrations."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

from deletion.domain.errors import DatabaseError


def upgrade(connection: sa.Connection, migrations: Path, revision: str) -> None:
    """Migrate to this revision, in the transaction of this connection, with the migrations in this folder.

    Raises DatabaseError for a schema that is newer than all of them.
    """
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise DatabaseError(
            "DATABASE_URL: this database was made by a newer version of the bot; start that version."
        ) from error
