"""Write a result of a command to standard output or to a file."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import IO, Any

import click

from commands.errors import UnusableError
from deletion.db.private_files import open_owner_only

EXCEL_CSV = "utf-8-sig"  # without a byte order mark, Excel shows accents wrongly
LONE_SURROGATES = "backslashreplace"  # as JSON writes them
Command = Callable[..., None]


def writes_output(command: Command) -> Command:
    """Add ``--output`` and ``--force``. The command gets ``output``, a file that it may write, or None."""

    @click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: standard output.")
    @click.option("--force", is_flag=True, help="Overwrite the file of --output.")
    @wraps(command)
    def checked(*args: Any, output: Path | None, force: bool, **kwargs: Any) -> None:
        if output and not output.name:
            raise UnusableError("--output: expected the name of a file.")
        # Path.exists raises for a name that is too long, for example: opening the file says so.
        if output and not force and os.path.exists(output):  # noqa: PTH110
            raise UnusableError(f"--output: {output} exists; give another name, or --force to overwrite it.")
        command(*args, output=output, **kwargs)

    return checked


def has_terminal() -> bool:
    """Return whether standard output is a terminal. Python has none if it is closed."""
    return sys.stdout is not None and sys.stdout.isatty()


@contextmanager
def opened(output: Path | None, form: str = "") -> Iterator[IO[str]]:
    """Open standard output, or a temporary file that replaces ``output`` when it is complete.

    A file whose ``form`` is CSV begins with a byte order mark; standard output, which programs read, does not.
    """
    if output is None and sys.stdout is None:
        raise UnusableError("The output cannot be written (standard output is closed); name a file with --output.")
    if output is None:
        with click.open_file("-", "w", "utf-8", LONE_SURROGATES) as stream:
            yield stream
            stream.flush()
        return
    encoding = EXCEL_CSV if form == "csv" else "utf-8"
    part = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with open(part, "x", encoding=encoding, errors=LONE_SURROGATES, newline="", opener=open_owner_only) as stream:
            yield stream
        part.replace(output)
    except OSError as error:
        raise UnusableError(f"--output: {output} cannot be written ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
