"""Who may ask for a deletion, and where. Asks Slack each time; whatever cannot be told is refused."""

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from deletion.intake import Asker
from deletion.policy import Policy, Refusal

NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "missing_scope"})
log = logging.getLogger(__name__)


async def refuse_asker(client: AsyncWebClient, policy: Policy, asker: Asker) -> Refusal | None:
    """The reason why this person may not ask here, or None."""
    is_requester, place = await asyncio.gather(
        _is_one_of(client, policy.requesters, asker.user_id), _refuse_place(client, asker.channel_id)
    )
    return place if is_requester else Refusal.NOT_A_REQUESTER


async def is_approver(client: AsyncWebClient, policy: Policy, user_id: str) -> bool:
    """Whether this person is an approver now."""
    return await _is_one_of(client, policy.approvers, user_id)


async def _is_one_of(client: AsyncWebClient, people: tuple[str, ...], user_id: str) -> bool:
    """Named by id, or a member now of a user group that is named; a group that cannot be read has no members."""
    if user_id in people:
        return True
    groups = [group for group in people if group.startswith("S")]
    members = await asyncio.gather(*(_members(client, group) for group in groups))
    return any(user_id in users for users in members)


async def _members(client: AsyncWebClient, group: str) -> list[str]:
    try:
        answer = await client.usergroups_users_list(usergroup=group)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("A user group cannot be read, so nobody is in it", extra={"group": group, "error": _code(error)})
        return []
    return list(answer.get("users") or [])


async def _refuse_place(client: AsyncWebClient, channel_id: str) -> Refusal | None:
    try:
        answer = await client.conversations_info(channel=channel_id)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        return Refusal.BOT_NOT_IN_CHANNEL if _code(error) in NOT_THERE else Refusal.CHANNEL_UNREADABLE
    channel = answer.get("channel") or {}
    return None if channel.get("is_member") is True else Refusal.BOT_NOT_IN_CHANNEL


def _code(error: Exception) -> str:
    return str(error.response.get("error", "")) if isinstance(error, SlackApiError) else type(error).__name__
