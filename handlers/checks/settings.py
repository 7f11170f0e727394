"""Check at start-up what the settings name in Slack: channels, users and user groups."""

import asyncio
import logging
from collections.abc import Awaitable, Iterable

from deletion.domain.check import CheckResult, Outcome, not_checked
from deletion.domain.errors import StartError
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from handlers.access.slack_directory import SlackDirectory
from handlers.checks.channels import check_channel, rooms
from handlers.checks.people import check_listed, listed

CHECKED_WITHIN_SECONDS = 10
log = logging.getLogger(__name__)


async def check_settings(directory: SlackDirectory, policies: Policies) -> None:
    """Raise StartError with a line for each channel and user group that cannot work, as Slack says now.

    Where Slack does not say, and for a user who has no rights, the bot starts and logs a warning: channels and people
    are looked up again whenever they are used.
    """
    named = [
        (f"{policy.application} {variable}".lstrip(), room)
        for policy in policies.all
        for variable, room in _rooms(policy)
    ]
    checks = [_within_time(variable, room, check_channel(directory, variable, room)) for variable, room in named]
    checks += [
        _within_time(variable, slack_id, check_listed(directory, variable, slack_id))
        for variable, ids in listed(policies.shared).items()
        for slack_id in ids
    ]
    results = await asyncio.gather(*checks)
    log_results(result for result in results if result.outcome is Outcome.WARNING)
    if wrong := [result.line for result in results if result.outcome is Outcome.FAILED]:
        raise StartError("\n".join(wrong))


def _rooms(policy: Policy) -> list[tuple[str, str]]:
    return [*(("channels", channel) for channel in policy.channels), *rooms(policy)]


def log_results(results: Iterable[CheckResult]) -> None:
    """Log each result that is not ok."""
    for result in results:
        if result.outcome is not Outcome.OK:
            found = {"check": result.name, "found": result.text, "cure": result.cure}
            log.warning("Check %s", result.outcome, extra={name: value for name, value in found.items() if value})


async def _within_time(name: str, slack_id: str, check: Awaitable[CheckResult]) -> CheckResult:
    try:
        async with asyncio.timeout(CHECKED_WITHIN_SECONDS):
            return await check
    except TimeoutError:
        return not_checked(name, f"Slack did not answer about {slack_id} in time")
