"""Verify and export the journal. The commands only read the database, and need only DATABASE_URL."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click

from commands.errors import UnusableError
from commands.moment import Moment, check_period
from commands.output import has_terminal, opened, writes_output
from deletion.db.connection import reading
from deletion.db.database_name import database_name
from deletion.journal import export_file, journal_store
from deletion.journal.hash_chain import START, BrokenChainError, Head, Recorded, Verified
from deletion.journal.hash_chain import verify as verify_chain
from settings.commands import DatabaseSettings, database_url

WRITERS: dict[str, Callable[[Iterable[Recorded], IO[str]], None]] = {
    "jsonl": export_file.write_jsonl,
    "csv": export_file.write_csv,
}
ENTRIES_PER_UPDATE = 1000  # of the progress bar


class _Head(click.ParamType[Head]):
    name = "seq:hash"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        if not (found := re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", value)):
            self.fail("expected a number, a colon and 64 hex digits, as verify prints them.", param, ctx)
        return Head(int(found[1]), found[2])


@click.group()
def journal() -> None:
    """Verify or export the journal: who did what to which campaign. Needs only DATABASE_URL."""


@journal.command()
@click.argument("file", type=click.File("r", encoding="utf-8-sig"), required=False)
@click.option("--head", "noted", type=_Head(), help="A head from an earlier run, which the journal must still contain.")
def verify(file: IO[str] | None, noted: Head | None) -> None:
    """Verify the journal in the database, or an exported FILE (- for standard input).

    Exit code 0: intact. 1: broken; the first broken entry is named. 2: could not be verified, or has no entries.
    """
    if file:
        _report_file(verify_chain(_with_progress(export_file.read(file)), noted=noted), noted)
        return
    url = database_url(os.environ)
    with _naming(url), reading(url) as connection:
        span = journal_store.span(connection)
        entries = _with_progress(journal_store.entries(connection, span), len(span))
        found = verify_chain(entries, START, noted) or Verified(START, START)
        if noted and noted.seq > found.head.seq:
            raise BrokenChainError(
                f"Entry {found.head.seq + 1} is missing: the journal ends before the noted entry {noted.seq}."
            )
    if not found.count:
        raise UnusableError(f"The journal has no entries, so there is nothing to verify. Database: {_name(url)}")
    _report_intact(found, noted)
    click.echo(f"Database: {_name(url)}")
    click.echo(
        "Not proven: that no later entries were cut off. Keep the head elsewhere and pass it as --head next time."
    )


@journal.command()
@click.option(
    "--since",
    type=Moment(),
    help="Start with the first entry at or after this time: 2026-01-01 (UTC), or 7d for seven days ago.",
)
@click.option("--until", type=Moment(), help="End with the last entry before this time.")
@click.option("--format", "form", type=click.Choice(list(WRITERS)), default="jsonl", show_default=True)
@writes_output
def export(since: datetime | None, until: datetime | None, form: str, output: Path | None) -> None:
    """Write the entries, one per line. The export can be verified anywhere, without the database."""
    check_period(since, until)
    with reading(database_url(os.environ)) as connection:
        span = journal_store.span(connection, since, until)
        shares_terminal = output is None and has_terminal()
        entries = _with_progress(journal_store.entries(connection, span), len(span), hidden=shares_terminal)
        with opened(output, form) as stream:
            WRITERS[form](entries, stream)
    if output:
        click.echo(f"{_counted(len(span))} in {output}.")


def _report_file(found: Verified | None, noted: Head | None) -> None:
    if found is None:
        raise UnusableError("The file has no entries, so there is nothing to verify.")
    if noted and not found.after.seq <= noted.seq <= found.head.seq:
        raise UnusableError(f"--head: entry {noted.seq} is not in this file, so the file cannot be checked against it.")
    _report_intact(found, noted)
    click.echo("Not proven: that these entries are from your journal, or that it has no others. Check its head there:")
    click.echo(f"  python app.py journal verify --head {found.head}")


def _report_intact(found: Verified, noted: Head | None) -> None:
    click.echo(f"Intact: {_counted(found.count)}, {found.after.seq + 1} to {found.head.seq}.")
    click.echo(f"Head: {found.head}")
    if noted:
        click.echo(f"Entry {noted.seq} matches the noted head.")


def _counted(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _with_progress(
    entries: Iterator[Recorded], count: int | None = None, *, hidden: bool = False
) -> Iterator[Recorded]:
    """Pass the entries through, with a progress bar on standard error if that is a terminal."""
    with click.progressbar(
        entries,
        length=count,
        show_pos=True,
        update_min_steps=ENTRIES_PER_UPDATE,
        hidden=hidden or not sys.stderr.isatty(),
        file=sys.stderr,
    ) as bar:
        yield from bar


@contextmanager
def _naming(url: str) -> Iterator[None]:
    """Add the database's name to what is found broken in it."""
    try:
        yield
    except BrokenChainError as error:
        raise BrokenChainError(f"{error} Database: {_name(url)}") from error


def _name(url: str) -> str:
    is_default = DatabaseSettings.model_fields["DATABASE_URL"].default.get_secret_value() == url
    return f"{database_name(url)} (the default of DATABASE_URL)" if is_default else database_name(url)
