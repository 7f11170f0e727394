"""The database file that a command needs, and must not create."""

from pathlib import Path

from commands.errors import UnusableError


def require_file(file: Path) -> None:
    """Raise UnusableError if there is no such file, or the system does not say."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise UnusableError(f"DATABASE_URL: there is no file {file}.") from None
    except OSError as error:
        raise UnusableError(f"DATABASE_URL: {file} cannot be used ({error.strerror}).") from None
