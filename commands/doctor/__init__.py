"""Check the installation: settings, Slack, Kore.ai, database."""

import asyncio
import logging
import os
import platform
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import click

from commands.doctor import report
from commands.doctor.database import database_results
from commands.doctor.kore import kore_results
from commands.doctor.partial_settings import read_settings, wrong_of
from commands.doctor.report import InForce
from commands.doctor.runner import Results
from commands.doctor.slack import slack_results
from commands.output import has_terminal
from config import version
from deletion.domain.check import Outcome, failed, not_checked, passed
from deletion.domain.errors import StartError
from deletion.domain.text.application_name import real_name
from logs import SECRET
from settings.applications import PER_APPLICATION, ApplicationSettings, check_applications, remarks
from settings.certificates import check_certificates
from settings.checks import given_names, in_force
from settings.environment import SettingsError
from settings.proxies import Proxies, check_proxies
from settings.traces import import_tracing, is_traced

PROXY_CURE = "Use an HTTP proxy, or list the host in NO_PROXY."


@click.command()
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object, with all settings in force.")
@click.option(
    "--post", is_flag=True, help="Also post one test message to the approvals channel and each ops room, and delete it."
)
@click.option("--request-url", default="", metavar="URL", help="In HTTP mode, the app's request URL, to check it too.")
def doctor(*, is_json: bool, post: bool, request_url: str) -> None:
    """Check settings, Slack, Kore.ai and database, and say what to do about what is wrong.

    It reads only, except with --post, and can run beside the bot. Exit code 0: all is well. 1: warnings. 2: failures.
    """
    logging.getLogger().addHandler(logging.NullHandler())  # the results say what went wrong
    found = asyncio.run(diagnose(os.environ, request_url=request_url, post=post))
    shown = report.as_json(found) if is_json else report.as_text(found, is_coloured=has_terminal())
    click.echo(SECRET.sub(_masked, shown))
    raise SystemExit(report.exit_code(found))


def _masked(found: re.Match[str]) -> str:
    """Return what stands for a secret. A password that is masked already leaves its user readable."""
    return found[0] if found[0].endswith(":***") else "[secret]"


async def diagnose(environ: Mapping[str, str], *, request_url: str = "", post: bool = False) -> report.Report:
    """Run all checks. A service with a wrong setting is not asked."""
    applications, wrong = read_settings(environ)
    if not applications:
        return report.Report({"Settings": wrong})
    wrong += _failure(partial(check_certificates, environ), "Name one that this process may read, or unset it.")
    proxies = Proxies(environ)
    unusable = _failure(partial(check_proxies, proxies, applications, request_url), PROXY_CURE)
    untraced = _failure(partial(import_tracing, environ)) if is_traced(environ) else []
    running = passed("Version", f"campaign-delete {version()}, Python {platform.python_version()}")
    found = {"Settings": [*wrong, *unusable, *untraced, running, *check_applications(environ, applications)]}
    found["Settings"] += remarks(applications)
    proxies = Proxies({}) if unusable else proxies
    found |= await _services(applications, wrong, proxies, request_url=request_url, post=post)
    return report.Report(found, _in_force(environ, applications, wrong))


def _failure(check: Callable[[], object], cure: str = "") -> Results:
    """Return a failure if the check raises a line that begins with the name of a variable."""
    try:
        check()
    except (SettingsError, StartError) as error:
        name, _, text = str(error).partition(": ")
        return [failed(name, text, cure)]
    return []


async def _services(
    applications: Sequence[ApplicationSettings], wrong: Results, proxies: Proxies, *, request_url: str, post: bool
) -> dict[str, Results]:
    without_slack, without_kore = (wrong_of(wrong, prefix, "SSL_") for prefix in ("SLACK_", "KORE_"))
    keys = {real_name(application.name): application.settings.ARCHIVE_KEY for application in applications}
    database, engine = _skipped(wrong_of(wrong, "DATABASE_")), None
    if not database:
        shared = applications[0].settings
        url, connections = shared.DATABASE_URL.get_secret_value(), shared.DATABASE_CONNECTIONS
        database, engine = await database_results(url, connections, keys)
    is_counted = engine is not None or any(result.outcome is not Outcome.OK for result in database)
    try:
        slack, kore = await asyncio.gather(
            _unless(
                without_slack,
                "Slack",
                partial(slack_results, applications, proxies, request_url=request_url, post=post),
            ),
            _unless(
                without_kore, "Kore.ai", partial(kore_results, applications, proxies, engine, is_counted=is_counted)
            ),
        )
    finally:
        if engine:
            await engine.dispose()
    return {**slack, **kore, "Database": database}


async def _unless(wrong: str, title: str, check: Callable[[], Awaitable[dict[str, Results]]]) -> dict[str, Results]:
    return {title: _skipped(wrong)} if wrong else await check()


def _skipped(wrong: str) -> Results:
    return [not_checked("All checks", f"first correct {wrong}")] if wrong else []


def _in_force(
    environ: Mapping[str, str], applications: Sequence[ApplicationSettings], wrong: Results
) -> dict[str, InForce]:
    """Return the settings that all applications share, and those of each one with a name."""
    shared = in_force(applications[0].settings, environ)
    if applications[0].name:
        shared = {name: value for name, value in shared.items() if name not in PER_APPLICATION}
    usable = {name: value for name, value in shared.items() if not wrong_of(wrong, name)}
    found = {"": InForce(usable, tuple(name for name in given_names(environ) if name in usable))}
    for application in applications:
        if application.name:
            own = {name: value for name, value in in_force(application.settings, {}).items() if name in PER_APPLICATION}
            found[application.name] = InForce(own, tuple(own))
    return found
