"""Back up a SQLite database while the bot uses it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from deletion.db.private_files import open_owner_only


def back_up(database: Path, target: Path) -> None:
    """Copy the database as it is at one moment to a new file that only its owner can read.

    The copy is one file, without a WAL. Raises FileExistsError, OSError or sqlite3.Error, and leaves no part of it.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(open_owner_only(str(part), os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        source = sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        os.link(part, target)  # fails if the target exists
    finally:
        part.unlink(missing_ok=True)
