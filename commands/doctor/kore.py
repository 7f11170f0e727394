"""Check Kore.ai for each application: the way there, credentials, scope, generations of the API, calls left."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.doctor.runner import Results, bounded, sections
from config import Settings
from deletion.domain.check import CheckResult, not_checked
from deletion.kore import checks
from deletion.kore.health import KoreHealth
from deletion.kore.rate_limiter import RateLimiter
from kore_api.account import KoreAccount
from kore_api.client import open_client
from kore_api.probe import Probe
from kore_api.rate_limit import RateLimit
from settings.applications import ApplicationSettings
from settings.proxies import Proxies

TITLE = "Kore.ai"


async def kore_results(
    applications: Sequence[ApplicationSettings], proxies: Proxies, database: AsyncEngine | None, *, is_counted: bool
) -> dict[str, Results]:
    """Check each application. ``is_counted``: the bot's calls are counted, in this database or in one that failed."""
    checking = [_application(application.settings, proxies, database, is_counted) for application in applications]
    return sections(TITLE, applications, await asyncio.gather(*checking), [])


async def _application(settings: Settings, proxies: Proxies, database: AsyncEngine | None, is_counted: bool) -> Results:
    account, allowed = settings.kore_account(), settings.KORE_CALLS_PER_MINUTE
    limit: RateLimit = RateLimiter(database, allowed, account.rate_limit_key) if database else Uncounted()
    async with open_client(account, settings.kore_auth(), proxy=proxies.of(account.base_url)) as http:
        probe = Probe(account, http, limit)
        found = await bounded("Host", checks.check_host(probe)) + await bounded("API", checks.check_access(probe))
    if database is None and is_counted:
        return [*found, not_checked("Calls left", "they are counted in the database")]
    return found + await bounded("Calls left", _calls_left(account, database, allowed))


async def _calls_left(account: KoreAccount, database: AsyncEngine | None, allowed: int) -> CheckResult:
    health = KoreHealth(database, account.key, account.rate_limit_key) if database else None
    return checks.check_calls((await health.now()).calls if health else 0, allowed)


class Uncounted:
    """Limits nothing, where there is no database to count in."""

    @asynccontextmanager
    async def acquire(self, reserve: int) -> AsyncIterator[None]:  # noqa: ARG002 - the protocol's
        yield

    async def report_limited(self, retry_after_seconds: float | None) -> float:
        return retry_after_seconds or 0.0
