"""The checks of each service, with what they need of the settings."""

import platform
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from commands.doctor.runner import bounded, together
from config import Settings, version
from deletion.db import checks as database_checks
from deletion.db.connection import open_engine
from deletion.db.database_name import sqlite_file
from deletion.domain.check import CheckResult, not_checked, passed
from deletion.domain.errors import DatabaseError
from deletion.journal import journal_store
from deletion.journal.check import NEWEST_ENTRIES, check_head
from deletion.kore import checks as kore_checks
from deletion.kore.health import KoreHealth
from deletion.kore.rate_limiter import RateLimiter
from deletion.lifecycle.archive_check import check_archive
from deletion.stores.archived import newest_sealed
from handlers.access import slack_client
from handlers.access.slack_directory import SlackDirectory, Workspace
from handlers.checks import channels, people, tokens
from handlers.checks.posting import check_post
from handlers.checks.request_url import check_request_url
from kore_api.account import KoreAccount
from kore_api.client import open_client
from kore_api.probe import Probe
from kore_api.rate_limit import RateLimit
from settings_checks import check_environment

PEOPLE_SECONDS = 60.0  # a call for each person, a few at a time
CACHE_SECONDS = 300.0  # of people and groups, for one run
Results = list[CheckResult]


def settings_results(settings: Settings, environ: Mapping[str, str]) -> Results:
    """Return the version, and what looks like a mistake in the settings."""
    running = f"campaign-delete {version()}, Python {platform.python_version()}"
    return [passed("Version", running), *check_environment(environ, settings)]


async def slack_results(settings: Settings, *, request_url: str, post: bool) -> Results:
    token = settings.SLACK_BOT_TOKEN.get_secret_value()
    async with slack_client.open_client(token, settings.SLACK_API_URL) as slack:
        answers: list[AsyncSlackResponse] = []
        found = await bounded("SLACK_BOT_TOKEN", _token(slack, settings, answers))
        reach = await bounded("Connection", _reach(slack, settings, request_url))
        if not answers:
            return [*found, *reach, not_checked("Channels and people", "first mend: SLACK_BOT_TOKEN")]
        workspace = Workspace(str(answers[0].get("team_id")), answers[0].get("enterprise_id"))
        directory = SlackDirectory(slack, workspace).caching(CACHE_SECONDS)
        rooms = channels.rooms(settings.policy())
        checks = [bounded(name, channels.check_channel(directory, name, room)) for name, room in rooms]
        if post:
            alone = slack_client.without_retries(slack)
            once = {room: name for name, room in reversed(rooms)}
            checks += [bounded(name, check_post(alone, name, room)) for room, name in once.items()]
        checks.append(bounded("Users and groups", people.check_all_listed(directory, settings.policy())))
        checks.append(bounded("Approvals", people.check_people(directory, settings.policy()), PEOPLE_SECONDS))
        return [*found, *reach, *await together(*checks)]


async def _token(slack: AsyncWebClient, settings: Settings, answers: list[AsyncSlackResponse]) -> Results:
    results, answer = await tokens.check_token(slack, settings.policy())
    answers += [answer] if answer else []
    return results


async def _reach(slack: AsyncWebClient, settings: Settings, request_url: str) -> Results:
    if settings.SLACK_APP_TOKEN:
        return await tokens.check_socket(slack, settings.SLACK_APP_TOKEN.get_secret_value())
    secret = settings.SLACK_SIGNING_SECRET.get_secret_value() if settings.SLACK_SIGNING_SECRET else ""
    return [await check_request_url(request_url, secret)]


async def kore_results(settings: Settings, database: AsyncEngine | None, *, is_counted: bool) -> Results:
    """The calls of the checks are counted in the database, if it can be used; ``is_counted``: if the bot's are."""
    account, allowed = settings.kore_account(), settings.KORE_CALLS_PER_MINUTE
    limit: RateLimit = RateLimiter(database, allowed, account.rate_limit_key) if database else Uncounted()
    async with open_client(account, settings.kore_auth()) as http:
        probe = Probe(account, http, limit)
        return [
            *await bounded("Host", kore_checks.check_host(probe)),
            *await bounded("API", kore_checks.check_access(probe)),
            *await bounded("Calls left", _calls_left(account, database, allowed, is_counted=is_counted)),
        ]


async def _calls_left(
    account: KoreAccount, database: AsyncEngine | None, allowed: int, *, is_counted: bool
) -> CheckResult:
    if database is None and is_counted:
        return not_checked("Calls left", "they are counted in the database")
    if database is None:
        return kore_checks.check_calls(0, allowed)
    return kore_checks.check_calls(
        (await KoreHealth(database, account.key, account.rate_limit_key).now()).calls, allowed
    )


class Uncounted:
    """Limits nothing, where there is no database to count in."""

    @asynccontextmanager
    async def acquire(self, reserve: int) -> AsyncIterator[None]:  # noqa: ARG002 - the protocol's
        yield

    async def report_limited(self, retry_after_seconds: float | None) -> float:
        return retry_after_seconds or 0.0


async def database_results(settings: Settings) -> tuple[Results, AsyncEngine | None]:
    """Return the results, and an engine for the caller to dispose of if the schema is this version's."""
    url = settings.DATABASE_URL.get_secret_value()
    file = sqlite_file(url)
    if file and not file.exists():
        return database_checks.check_missing_file(file), None
    usable: list[bool] = []
    results = await bounded("DATABASE_URL", _database(url, settings, usable))
    return results, open_engine(url) if usable else None


async def _database(url: str, settings: Settings, usable: list[bool]) -> Results:
    try:
        async with database_checks.looking_at(url) as connection:
            results = await database_checks.check_database(url, connection)
            if await database_checks.is_current(connection):
                usable.append(True)
                results += await _tables(connection, settings)
            else:
                results += await database_checks.without_tables(connection, "ARCHIVE_KEY", "Journal")
            return results
    except DatabaseError as error:
        return [database_checks.not_reached(error)]


async def _tables(connection: AsyncConnection, settings: Settings) -> Results:
    return [
        await database_checks.answered("ARCHIVE_KEY", _archive(connection, settings)),
        await database_checks.answered("Journal", connection.run_sync(_journal)),
    ]


async def _archive(connection: AsyncConnection, settings: Settings) -> CheckResult:
    return check_archive(await newest_sealed(connection), settings.ARCHIVE_KEY)


def _journal(connection: Connection) -> CheckResult:
    span = journal_store.span(connection)
    return check_head(journal_store.entries(connection, span[-NEWEST_ENTRIES:]), span)
