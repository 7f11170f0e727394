"""Errors of commands: one line on standard error, with the exit code of its kind."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO, TextIOWrapper
from typing import Any

import click

from deletion.domain.errors import DatabaseError
from deletion.journal.hash_chain import BrokenChainError
from settings.environment import SettingsError


class UnusableError(click.ClickException):
    """The command has no result; one line on standard error says why."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file, err=True)


class BrokenError(UnusableError):
    """The journal is broken."""

    exit_code = 1


class ReportingGroup(click.Group):
    """Report an error of settings, database, journal or standard output as one line."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        _replace_closed_streams()
        _escape_what_the_terminal_lacks()
        try:
            return _flushed(super().main, *args, **kwargs)
        except OSError as error:
            if error.filename is not None:  # a file that could not be opened
                raise
            _discard_output()
            if not isinstance(error, BrokenPipeError):  # a reader such as ``head`` wants no more
                click.echo(f"The output cannot be written ({error.strerror}).", err=True)
            raise SystemExit(UnusableError.exit_code) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenChainError as error:
            raise BrokenError(f"Broken. {error}") from error
        except (SettingsError, DatabaseError) as error:
            raise UnusableError(str(error)) from error


def _replace_closed_streams() -> None:
    """Read nothing from a closed standard input, and write nowhere for a closed standard error. Python has None."""
    sys.stdin = sys.stdin or TextIOWrapper(BytesIO())
    sys.stderr = sys.stderr or TextIOWrapper(BytesIO())


def _escape_what_the_terminal_lacks() -> None:
    """Show a letter that the encoding of standard output does not have as its code, as standard error does."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _flushed(main: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call ``main``, and write what it has left in the buffer while an error can still be reported."""
    try:
        return main(*args, **kwargs)
    finally:
        if sys.stdout:
            sys.stdout.flush()


def _discard_output() -> None:
    """Let Python flush what is left at its exit to nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
