"""The schema brought from one revision to another. The only place that knows Alembic, but for the migrations."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

from deletion.domain.errors import DatabaseError


def upgrade(connection: sa.Connection, migrations: Path, revision: str) -> None:
    """In the transaction of this connection, by the migrations in this folder.

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
