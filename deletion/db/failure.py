"""Say in one line, with the database's own reason and without the password, why the database cannot be used."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from deletion.db.database_name import database_name, sqlite_file
from deletion.domain.errors import DatabaseError

CANNOT_OPEN = "SQLITE_CANTOPEN"


@contextmanager
def reported(url: str) -> Iterator[None]:
    """Raise DatabaseError for an error of the database in the block."""
    try:
        yield
    except SQLAlchemyError as error:
        raise unusable(url, reason(error, url)) from error


def unusable(url: str, why: str) -> DatabaseError:
    return DatabaseError(
        f"DATABASE_URL: {database_name(url)} cannot be used ({why}). "
        "Check that it exists, is reachable and may be written."
    )


def reason(error: SQLAlchemyError, url: str) -> str:
    """Return the database's own words, of one line."""
    said = first_line(error)
    is_about_file = getattr(getattr(error, "orig", None), "sqlite_errorname", "").startswith(CANNOT_OPEN)
    if is_about_file and (file := sqlite_file(url)) and (why := _why_not_opened(file)):
        return f"{said}: {why}"  # SQLite does not say it
    return said


def is_of_database(error: BaseException) -> bool:
    """Return whether the code of the error says enough, so that a log line needs no traceback."""
    return isinstance(error, SQLAlchemyError)


def first_line(error: SQLAlchemyError) -> str:
    """Return the first line of the driver's text, which has no statement and no value."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return str(error.orig).strip().partition("\n")[0]
    return type(error).__name__


def _why_not_opened(file: Path) -> str:
    """Return the system's reason. Nothing is created: a reader must not leave an empty database behind."""
    try:
        if not file.exists() and os.access(file.parent, os.W_OK | os.X_OK):
            return os.strerror(errno.ENOENT)
        os.close(os.open(file if file.exists() else file.parent, os.O_RDWR if file.exists() else os.O_RDONLY))
    except OSError as error:
        return str(error.strerror)
    return "" if file.exists() else os.strerror(errno.EACCES)
