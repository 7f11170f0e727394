"""Check the installation: settings, Slack, Kore.ai, database."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import click

from commands.doctor import report
from commands.doctor.partial_settings import read_settings, wrong_of
from commands.doctor.services import Results, database_results, kore_results, settings_results, slack_results
from config import Settings
from deletion.domain.check import Outcome, not_checked
from logs import SECRET
from settings_checks import given_names, in_force


@click.command()
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object, with all settings in force.")
@click.option("--post", is_flag=True, help="Also post one test message to each channel, and delete it.")
@click.option("--request-url", default="", metavar="URL", help="In HTTP mode, the app's request URL, to check it too.")
def doctor(*, is_json: bool, post: bool, request_url: str) -> None:
    """Check settings, Slack, Kore.ai and database, and say what to do about what is wrong.

    It reads only, except with --post, and can run beside the bot. Exit code 0: all is well. 1: warnings. 2: failures.
    """
    logging.getLogger().addHandler(logging.NullHandler())  # the results say what went wrong
    found = asyncio.run(diagnose(os.environ, request_url=request_url, post=post))
    shown = report.as_json(found) if is_json else report.as_text(found, is_coloured=sys.stdout.isatty())
    click.echo(SECRET.sub("[secret]", shown))
    raise SystemExit(report.exit_code(found))


async def diagnose(environ: Mapping[str, str], *, request_url: str = "", post: bool = False) -> report.Report:
    """Run all checks. A service with a wrong setting is not asked."""
    settings, wrong = read_settings(environ)
    if settings is None:
        return report.Report({"Settings": wrong})
    found = {"Settings": [*wrong, *settings_results(settings, environ)]}
    found |= await _services(settings, wrong, request_url=request_url, post=post)
    usable = {name: value for name, value in in_force(settings, environ).items() if not wrong_of(wrong, name)}
    return report.Report(found, usable, [name for name in given_names(environ) if name in usable])


async def _services(settings: Settings, wrong: Results, *, request_url: str, post: bool) -> dict[str, Results]:
    first = {prefix: wrong_of(wrong, prefix) for prefix in ("SLACK_", "KORE_", "DATABASE_")}
    database, engine = _skipped(first["DATABASE_"]), None
    if not database:
        database, engine = await database_results(settings)
    is_counted = engine is not None or any(result.outcome is not Outcome.OK for result in database)
    try:
        slack, kore = await asyncio.gather(
            _unless(first["SLACK_"], partial(slack_results, settings, request_url=request_url, post=post)),
            _unless(first["KORE_"], partial(kore_results, settings, engine, is_counted=is_counted)),
        )
    finally:
        if engine:
            await engine.dispose()
    return {"Slack": slack, "Kore.ai": kore, "Database": database}


async def _unless(wrong: str, check: Callable[[], Awaitable[Results]]) -> Results:
    return _skipped(wrong) or await check()


def _skipped(wrong: str) -> Results:
    return [not_checked("All checks", f"first correct {wrong}")] if wrong else []
