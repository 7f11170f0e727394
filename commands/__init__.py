"""The commands of ``python app.py``. Without one, the bot runs."""

import click

from commands.archive import archive
from commands.backup import backup
from commands.doctor import doctor
from commands.errors import ReportingGroup
from commands.freeze import freeze
from commands.journal import journal
from commands.manifest import manifest
from commands.report import report
from config import version


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"campaign-delete {version()}")
        ctx.exit()


@click.group(cls=ReportingGroup)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def run() -> None:
    """Without a command, run the bot."""


for command in (doctor, manifest, journal, report, archive, backup, freeze):
    run.add_command(command)
