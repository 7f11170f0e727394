"""Write a result of a command to standard output or to a file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from commands.errors import UnusableError
from deletion.db.private_files import open_owner_only

LONE_SURROGATES = "backslashreplace"  # as JSON writes them


@contextmanager
def opened(output: Path | None) -> Iterator[IO[str]]:
    """Open standard output, or a temporary file that replaces ``output`` when it is complete."""
    if output is None:
        with click.open_file("-", "w", "utf-8", LONE_SURROGATES) as stream:
            yield stream
            stream.flush()
        return
    part = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with open(part, "x", encoding="utf-8", errors=LONE_SURROGATES, newline="", opener=open_owner_only) as stream:
            yield stream
        part.replace(output)
    except OSError as error:
        raise UnusableError(f"--output: {output} cannot be written ({error.strerror}).") from error
    finally:
        part.unlink(missing_ok=True)
