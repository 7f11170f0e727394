"""Where databases of tests are: in memory if there is such a folder, because on a disk each commit waits for it."""

from pathlib import Path

MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 - private files in a new folder
