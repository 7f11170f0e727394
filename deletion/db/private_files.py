"""Create files that only the bot's own user can read and write, under any umask."""

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o600
FOR_OTHERS = 0o077
BESIDE = ("-wal", "-shm", "-journal")  # SQLite creates them with the mode of the database file
log = logging.getLogger(__name__)


def open_owner_only(path: str, flags: int) -> int:
    """Open a file that is created with mode 0600: the ``opener`` of Python's ``open``."""
    return os.open(path, flags, OWNER_ONLY)


def keep_private(database: Path) -> None:
    """Create the database file if it is missing, and take from other users what they may do with it.

    Log a warning where the mode was wider, or could not be changed. SQLite itself reports a file that cannot be opened.
    """
    with suppress(OSError):
        os.close(open_owner_only(str(database), os.O_RDWR | os.O_CREAT))
    for file in (database, *(database.with_name(database.name + suffix) for suffix in BESIDE)):
        if (mode := _mode_of(file)) & FOR_OTHERS:
            _narrow(file, mode)


def _mode_of(file: Path) -> int:
    """Return the mode of a regular file; 0 for anything else, and where the system does not say."""
    try:
        mode = file.stat().st_mode
    except OSError:
        return 0
    return mode if stat.S_ISREG(mode) else 0


def _narrow(file: Path, mode: int) -> None:
    found = {"file": str(file), "mode": f"{mode & 0o777:04o}"}
    try:
        file.chmod(mode & ~FOR_OTHERS)
    except OSError:
        log.warning("Database file is accessible to other users", extra=found)
    else:
        log.warning("Database file was accessible to other users; access removed", extra=found)
