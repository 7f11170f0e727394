"""Log once that the bot is ready and what it serves. Then it is so: it can receive and record."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from slack_bolt.authorization import AuthorizeResult

from deletion.domain.check import CheckResult, Outcome
from deletion.domain.policy import Policy
from handlers.access.slack_directory import SlackDirectory
from handlers.checks.channels import rooms
from handlers.checks.people import count_listed
from handlers.checks.settings import log_results
from handlers.connection.health import Health

LOOK_AGAIN_SECONDS = 0.5
KORE_WITHIN_SECONDS = 5.0  # then the line comes without Kore.ai's answer
NOT_YET = "no answer yet"
log = logging.getLogger("campaign_delete")


@asynccontextmanager
async def announced(
    health: Health,
    served: Callable[[], Awaitable[Mapping[str, Any]]],
    check_kore: Callable[[], Awaitable[Sequence[CheckResult]]],
) -> AsyncIterator[None]:
    """Announce the bot as soon as it is ready, while the block runs. Kore.ai may be unusable: the line says so."""
    announcing = asyncio.create_task(_announce(health, served, check_kore))
    try:
        yield
    finally:
        announcing.cancel()
        with suppress(asyncio.CancelledError):
            await announcing


async def _announce(
    health: Health,
    served: Callable[[], Awaitable[Mapping[str, Any]]],
    check_kore: Callable[[], Awaitable[Sequence[CheckResult]]],
) -> None:
    try:
        async with asyncio.TaskGroup() as tasks:
            checking = tasks.create_task(_logged(check_kore))
            fields = await served()
            while await health.why_not_ready():  # noqa: ASYNC110 - many parts become ready, without an event
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            await asyncio.wait({checking}, timeout=KORE_WITHIN_SECONDS)
            log.info("Ready", extra={**fields, "kore": checking.result() if checking.done() else NOT_YET})
    except Exception:  # the bot serves all the same
        log.exception("Checks at the start failed")


async def _logged(check_kore: Callable[[], Awaitable[Sequence[CheckResult]]]) -> str:
    """Log what is wrong and return it, each with its application's name if there are several."""
    results = await check_kore()
    log_results(results)
    wrong = [result for result in results if result.outcome is not Outcome.OK]
    return "; ".join(result.text if len(results) == 1 else f"{result.name}: {result.text}" for result in wrong) or "ok"


async def served_by(directory: SlackDirectory, policy: Policy, identity: AuthorizeResult) -> dict[str, Any]:
    """Return the bot, its workspace, its channels, and how many people may ask and approve, as far as Slack says."""
    requesters, approvers = await asyncio.gather(
        count_listed(directory, policy.requesters), count_listed(directory, policy.approvers)
    )
    fields = {
        "bot": f"@{identity.user}",
        "workspace": f"{identity.team} ({identity.team_id})",
        "channels": ",".join(dict.fromkeys(channel for _, channel in rooms(policy))),
        "requesters": requesters,
        "approvers": approvers,
    }
    return {name: value for name, value in fields.items() if value not in (None, "")}
