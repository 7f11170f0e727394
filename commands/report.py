"""Report what became of the requests of a period."""

import asyncio
import os
from datetime import datetime
from pathlib import Path

import click

from commands.moment import Moment, check_period
from commands.output import opened, writes_output
from commands.report_formats import FORMATS
from deletion.db.connection import opened_engine, reading
from deletion.domain.clock import now
from deletion.domain.report import Report
from deletion.stores.report_reads import Reports
from settings.commands import database_url


@click.command()
@click.option("--since", type=Moment(), default="30d", show_default=True, help="2026-01-01 (UTC), or 30d.")
@click.option("--until", type=Moment(), help="Default: now.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="md", show_default=True)
@writes_output
def report(since: datetime, until: datetime | None, form: str, output: Path | None) -> None:
    """Report requests, outcomes, waiting times, who approved for whom, and failures by cause.

    The HTML is one file without external resources. People are Slack ids. Needs only DATABASE_URL.
    """
    until = until or now()
    check_period(since, until)
    url = database_url(os.environ)
    with reading(url):  # reports why a database cannot be used
        found = asyncio.run(_read(url, since, until))
    with opened(output, form) as stream:
        stream.write(FORMATS[form](found))
    if output:
        click.echo(f"Report on {found.requests:,} request{'' if found.requests == 1 else 's'} in {output}.")


async def _read(url: str, since: datetime, until: datetime) -> Report:
    async with opened_engine(url) as engine:
        return await Reports(engine).of(since, until)
