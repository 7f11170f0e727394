"""Run checks, each within its time, so that one that hangs or fails hides no other."""

import asyncio
from collections.abc import Awaitable, Sequence

from deletion.domain.check import CheckResult, failed
from settings.applications import ApplicationSettings

SECONDS = 20.0
Check = Awaitable[CheckResult | Sequence[CheckResult]]
Results = list[CheckResult]


async def bounded(name: str, check: Check, seconds: float = SECONDS) -> Results:
    """Return the results of a check, or one failure if it ends with an error or not in time."""
    try:
        async with asyncio.timeout(seconds):
            found = await check
    except TimeoutError:
        return [failed(name, f"no answer within {seconds:g} s", "Check the network and the load there.")]
    except Exception as error:  # noqa: BLE001 - the other checks go on
        return [failed(name, f"the check itself failed ({type(error).__name__})")]
    return [found] if isinstance(found, CheckResult) else list(found)


async def together(*checks: Awaitable[Results]) -> Results:
    """Run checks at the same time, and return their results in the given order."""
    return [result for results in await asyncio.gather(*checks) for result in results]


def sections(
    title: str, applications: Sequence[ApplicationSettings], each: Sequence[Results], common: Results
) -> dict[str, Results]:
    """Return the results under the service's title, and those of each application that has a name under its own."""
    found = {title: common} if common else {}
    for application, results in zip(applications, each, strict=True):
        own = f"{title} {application.name}".rstrip()
        found[own] = [*found.get(own, []), *results]
    return found
