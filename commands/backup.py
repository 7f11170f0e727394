"""Back up a SQLite database while the bot runs."""

import os
import sqlite3
from pathlib import Path

import click
import sqlalchemy as sa

from commands.database_file import require_file
from commands.errors import UnusableError
from deletion.db.backup import back_up
from deletion.db.connection import reading
from deletion.db.database_name import sqlite_file
from deletion.db.tables import journal
from settings.commands import database_url


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the SQLite database to FILE, which must not exist. For PostgreSQL, use pg_dump.

    The bot may run. Needs only DATABASE_URL. Exit code 0: copied, and the journal's head is printed. 2: not copied.
    """
    source = sqlite_file(database_url(os.environ))
    if source is None:
        raise UnusableError("DATABASE_URL: this is a PostgreSQL database; back it up with pg_dump.")
    if not file.name:
        raise UnusableError("FILE: expected the name of a file.")
    require_file(source)
    with reading(f"sqlite:///{source}"):  # only a database of this bot is worth a backup
        pass
    try:
        back_up(source, file)
    except FileExistsError:
        raise UnusableError(f"{file} exists; name a new file.") from None
    except (OSError, sqlite3.Error) as error:
        raise UnusableError(f"{source} could not be copied to {file} ({error}).") from error
    click.echo(f"Copied {source} to {file}.")
    newest = sa.select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
    with reading(f"sqlite:///{file}") as connection:
        for row in connection.execute(newest):
            click.echo(f"Head: {row.seq}:{row.hash}")
            click.echo("Keep the head elsewhere, and verify a restored database with it:")
            click.echo(f"  python app.py journal verify --head {row.seq}:{row.hash}")
