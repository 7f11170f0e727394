"""Check at start-up what the settings name in Slack: channels and user groups."""

import asyncio
import logging
from collections.abc import Iterable

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.errors import StartError
from deletion.domain.policy import Policy, is_group
from handlers.access.slack_directory import SlackDirectory
from slack_ui import strings

CHECKED_WITHIN_SECONDS = 10
log = logging.getLogger(__name__)


async def check_settings(directory: SlackDirectory, policy: Policy) -> None:
    """Raise StartError with a line for each channel and user group that cannot work, as Slack says now.

    Where Slack does not say, the bot starts: channels and groups are looked up again whenever they are used.
    """
    approvals = [policy.approvals_channel] if policy.approvals_channel else []
    channels = {"APPROVALS_CHANNEL": approvals, "OPS_ROOMS": policy.ops_rooms}
    groups = {
        "REQUESTERS": policy.requesters,
        "APPROVERS": policy.approvers,
        "APPROVERS_TO_NOTIFY": policy.approvers_to_notify or (),
        "ESCALATION_APPROVERS": policy.escalation_approvers,
    }
    checks = [_check_channel(directory, *each) for each in _pairs(channels.items())]
    checks += [_check_group(directory, *each) for each in _pairs(groups.items()) if is_group(each[1])]
    if wrong := [line for line in await asyncio.gather(*checks) if line]:
        raise StartError("\n".join(wrong))


def _pairs(named: Iterable[tuple[str, Iterable[str]]]) -> list[tuple[str, str]]:
    return [(variable, slack_id) for variable, ids in named for slack_id in ids]


async def _check_channel(directory: SlackDirectory, variable: str, channel_id: str) -> str:
    try:
        async with asyncio.timeout(CHECKED_WITHIN_SECONDS):
            kind = await directory.channel_kind(channel_id)
    except TimeoutError:
        kind = ChannelKind.UNKNOWN
    if kind in (ChannelKind.UNKNOWN, ChannelKind.WITHOUT_SCOPE):
        _log_unchecked(variable, channel_id)
    wrong = strings.start.WRONG_CHANNEL.get(kind)
    return f"{variable}: {channel_id} {wrong}" if wrong else ""


async def _check_group(directory: SlackDirectory, variable: str, group: str) -> str:
    try:
        async with asyncio.timeout(CHECKED_WITHIN_SECONDS):
            exists = await directory.group_exists(group)
    except TimeoutError:
        exists = None
    if exists is None:
        _log_unchecked(variable, group)
    return f"{variable}: {group} {strings.start.NO_SUCH_GROUP}" if exists is False else ""


def _log_unchecked(variable: str, slack_id: str) -> None:
    log.warning("Setting not checked: Slack did not say", extra={"variable": variable, "id": slack_id})
