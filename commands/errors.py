"""Errors of commands: one line on standard error, with the exit code of its kind."""

from typing import Any

import click

from deletion.domain.errors import DatabaseError
from deletion.journal.hash_chain import BrokenChainError
from env_parsing import SettingsError


class UnusableError(click.ClickException):
    """The command has no result; one line on standard error says why."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file, err=True)


class BrokenError(UnusableError):
    """The journal is broken."""

    exit_code = 1


class ReportingGroup(click.Group):
    """Report an error of settings, database or journal as one line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenChainError as error:
            raise BrokenError(f"Broken. {error}") from error
        except (SettingsError, DatabaseError) as error:
            raise UnusableError(str(error)) from error
