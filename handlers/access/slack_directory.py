"""Who somebody is and what a channel is, asked of Slack each time. The only place that reads Slack's flags.

docs.slack.dev/reference/objects/user-object and conversation-object. A field that is missing or strange counts as
unknown, and what is unknown is refused.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp
from async_lru import alru_cache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.authorization import ChannelKind, Membership, Person, RequestParties
from deletion.domain.models import Request
from handlers.access.single_flight import SingleFlight
from slack_ui.parts.api_error import error_code

NOT_IN_CHANNEL = frozenset({"channel_not_found", "not_in_channel", "missing_scope"})
SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError)
CACHED_ENTRIES = 1024
User = dict[str, Any]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workspace:
    """The workspace that this bot serves, and its organisation if it has one."""

    team_id: str
    enterprise_id: str | None = None


class SlackDirectory:
    """Remembers nothing, so that rights that were taken away a second ago are gone, unless it is told to.

    ``cache_seconds`` is for what is only shown: a dozen Homes that follow one request need not ask Slack a dozen
    times who is in a group, which it answers twenty times a minute (docs.slack.dev/apis/web-api/rate-limits).
    """

    def __init__(self, client: AsyncWebClient, workspace: Workspace, cache_seconds: float = 0) -> None:
        self._client = client
        self.workspace = workspace
        cache = alru_cache(maxsize=CACHED_ENTRIES, ttl=cache_seconds) if cache_seconds else None
        self._user = cache(self._ask_user) if cache else SingleFlight(self._ask_user)
        self._members = cache(self._ask_members) if cache else SingleFlight(self._ask_members)
        self.channel_kind = SingleFlight(self._ask_channel)

    async def person(self, user_id: str, groups: Iterable[str] = ()) -> Person:
        """Somebody, and in which of these user groups they are now."""
        names = tuple(groups)
        user, members = await asyncio.gather(
            self._user(user_id), asyncio.gather(*(self._members(group) for group in names))
        )
        return Person(
            id=user_id,
            team_id=_team(user, self.workspace),
            membership=membership_of(user, self.workspace),
            groups=frozenset(group for group, users in zip(names, members, strict=True) if user_id in users),
            identities=identities(user),
        )

    async def parties_of(self, request: Request) -> RequestParties:
        """A request with the humans who asked for it and who have agreed to it so far."""
        ids = (request.requester_id, *(approval.person_id for approval in request.approvals))
        requester, *agreed = await asyncio.gather(*(self.person(user_id) for user_id in ids))
        return RequestParties(request, requester, agreed)

    async def _ask_channel(self, channel_id: str) -> ChannelKind:
        try:
            answer = await self._client.conversations_info(channel=channel_id)
        except SLACK_ERRORS as error:
            return ChannelKind.WITHOUT_BOT if _code(error) in NOT_IN_CHANNEL else ChannelKind.UNKNOWN
        return channel_kind_of(answer.get("channel") or {})

    async def _ask_user(self, user_id: str) -> User:
        try:
            answer = await self._client.users_info(user=user_id)
        except SLACK_ERRORS as error:
            log.warning("Slack does not say who somebody is", extra={"user": user_id, "error": _code(error)})
            return {}
        user: User = answer.get("user") or {}
        return user if user.get("id") == user_id else {}

    async def _ask_members(self, group: str) -> list[str]:
        try:
            answer = await self._client.usergroups_users_list(usergroup=group)
        except SLACK_ERRORS as error:
            extra = {"group": group, "error": _code(error)}
            log.warning("A user group cannot be read, so nobody is in it", extra=extra)
            return []
        return list(answer.get("users") or [])


def membership_of(user: User, workspace: Workspace) -> Membership:
    """What this user object says somebody is. Slack leaves the roles out once somebody is deactivated."""
    if user.get("deleted") is True:
        return Membership.DEACTIVATED
    if user.get("is_bot") is True or user.get("is_workflow_bot") is True or user.get("id") == "USLACKBOT":
        return Membership.BOT
    if user and (_team(user, workspace) != workspace.team_id or user.get("is_stranger") is True):
        return Membership.STRANGER
    if user.get("is_restricted") is True or user.get("is_ultra_restricted") is True:
        return Membership.GUEST
    surely_not = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted")
    is_clear = all(user.get(flag) is False for flag in surely_not) and user.get("is_stranger") in (None, False)
    return Membership.MEMBER if is_clear else Membership.UNKNOWN


def identities(user: User) -> frozenset[str]:
    """Ids and addresses that belong to one human: the organisation's id, and the address without its ``+`` part."""
    found = {str(user.get("id") or ""), str((user.get("enterprise_user") or {}).get("id") or "")}
    name, at, domain = str((user.get("profile") or {}).get("email") or "").casefold().rpartition("@")
    found.add(f"{name.partition('+')[0]}{at}{domain}" if name else "")
    return frozenset(found - {""})


def channel_kind_of(channel: dict[str, Any]) -> ChannelKind:
    if channel.get("is_member") is not True:
        return ChannelKind.WITHOUT_BOT
    shared = (channel.get("is_ext_shared"), channel.get("is_pending_ext_shared"))
    if True in shared or channel.get("pending_shared"):
        return ChannelKind.SHARED
    return ChannelKind.OURS if shared == (False, False) else ChannelKind.UNKNOWN


def _team(user: User, workspace: Workspace) -> str:
    """The workspace somebody belongs to: ours, if it is one of those that their organisation lists for them."""
    enterprise = user.get("enterprise_user") or {}
    is_ours = workspace.enterprise_id and enterprise.get("enterprise_id") == workspace.enterprise_id
    if is_ours and workspace.team_id in (enterprise.get("teams") or ()):
        return workspace.team_id
    return str(user.get("team_id") or "")


def _code(error: Exception) -> str:
    return error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
