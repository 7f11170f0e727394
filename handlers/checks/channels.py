"""Check the configured channels as far as Slack tells without a message."""

from typing import Any

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.check import CheckResult, failed, not_checked, passed, warned
from deletion.domain.policy import Policy
from handlers.access.slack_directory import NOT_IN_CHANNEL, SlackDirectory
from handlers.access.slack_objects import channel_kind_of
from slack_ui.parts.api_error import MISSING_SCOPE, SLACK_ERRORS, error_code, needed_scope
from slack_ui.strings import start

# docs.slack.dev/reference/objects/conversation-object: what a channel may restrict, and what then does not work.
RESTRICTIONS = {
    "is_frozen": "frozen",
    "is_read_only": "read-only: the bot may not be allowed to post",
    "is_thread_only": "for threads only: cards may be refused",
    "is_non_threadable": "without threads: a request's history may be refused",
}


def rooms(policy: Policy) -> list[tuple[str, str]]:
    """Return each configured channel with its setting."""
    approvals = [("APPROVALS_CHANNEL", policy.approvals_channel)] if policy.approvals_channel else []
    return approvals + [("OPS_ROOMS", room) for room in policy.ops_rooms]


async def check_channel(directory: SlackDirectory, variable: str, channel_id: str) -> CheckResult:
    """Return whether the channel exists, has the bot as a member, and accepts its messages."""
    try:
        channel = await directory.describe_channel(channel_id)
    except SLACK_ERRORS as error:
        code = error_code(error)
        if code in NOT_IN_CHANNEL:
            return failed(variable, *_wrong(channel_id, ChannelKind.WITHOUT_BOT))
        if code == MISSING_SCOPE:
            return not_checked(variable, f"{channel_id} needs the scope {needed_scope(error)}")
        return not_checked(variable, f"Slack did not say what {channel_id} is ({code})")
    return _judge(variable, channel_id, channel)


def _judge(variable: str, channel_id: str, channel: dict[str, Any]) -> CheckResult:
    named = f"#{channel['name']} ({channel_id})" if channel.get("name") else channel_id
    kind = channel_kind_of(channel)
    if kind in start.WRONG_CHANNEL:
        return failed(variable, *_wrong(named, kind))
    if kind is not ChannelKind.OURS:
        return not_checked(variable, f"Slack did not say what {named} is")
    restricted = [words for flag, words in RESTRICTIONS.items() if channel.get(flag) is True]
    if restricted:
        cure = "Allow everyone to post there, and try it: python app.py doctor --post"
        return warned(variable, f"{named} is {'; '.join(restricted)}", cure)
    count = channel.get("num_members")
    members = f", {count} member{'' if count == 1 else 's'}" if isinstance(count, int) else ""
    return passed(variable, f"{named}: the bot is in it, not shared{members}")


def _wrong(named: str, kind: ChannelKind) -> tuple[str, str]:
    text, cure = start.WRONG_CHANNEL[kind]
    return f"{named} {text}", cure
