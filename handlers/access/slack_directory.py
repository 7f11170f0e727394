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

from deletion.domain.authorization import Case, Person, Place, Standing
from deletion.domain.models import Request
from handlers.access.single_flight import AskedTogether
from slack_ui.parts.api_error import error_code

NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "missing_scope"})
SILENT = (SlackApiError, aiohttp.ClientError, TimeoutError)
REMEMBERED = 1024
User = dict[str, Any]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Home:
    """The workspace that this bot serves, and its organisation if it has one."""

    team_id: str
    enterprise_id: str | None = None


class People:
    """Remembers nothing, so that rights that were taken away a second ago are gone, unless it is told to.

    ``remembering_seconds`` is for what is only shown: a dozen Homes that follow one request need not ask Slack a dozen
    times who is in a group, which it answers twenty times a minute (docs.slack.dev/apis/web-api/rate-limits).
    """

    def __init__(self, client: AsyncWebClient, home: Home, remembering_seconds: float = 0) -> None:
        self._client = client
        self.home = home
        remembering = alru_cache(maxsize=REMEMBERED, ttl=remembering_seconds) if remembering_seconds else None
        self._user = remembering(self._ask_user) if remembering else AskedTogether(self._ask_user)
        self._members = remembering(self._ask_members) if remembering else AskedTogether(self._ask_members)
        self.place = AskedTogether(self._ask_place)

    async def person(self, user_id: str, groups: Iterable[str] = ()) -> Person:
        """Somebody, and in which of these user groups they are now."""
        names = tuple(groups)
        user, members = await asyncio.gather(
            self._user(user_id), asyncio.gather(*(self._members(group) for group in names))
        )
        return Person(
            id=user_id,
            team_id=_team(user, self.home),
            standing=standing(user, self.home),
            groups=frozenset(group for group, users in zip(names, members, strict=True) if user_id in users),
            known_as=known_as(user),
        )

    async def behind(self, request: Request) -> Case:
        """A request with the humans who asked for it and who have agreed to it so far."""
        ids = (request.requester_id, *(approval.person_id for approval in request.approvals))
        requester, *agreed = await asyncio.gather(*(self.person(user_id) for user_id in ids))
        return Case(request, requester, agreed)

    async def _ask_place(self, channel_id: str) -> Place:
        try:
            answer = await self._client.conversations_info(channel=channel_id)
        except SILENT as error:
            return Place.WITHOUT_BOT if _code(error) in NOT_THERE else Place.UNKNOWN
        return place(answer.get("channel") or {})

    async def _ask_user(self, user_id: str) -> User:
        try:
            answer = await self._client.users_info(user=user_id)
        except SILENT as error:
            log.warning("Slack does not say who somebody is", extra={"user": user_id, "error": _code(error)})
            return {}
        user: User = answer.get("user") or {}
        return user if user.get("id") == user_id else {}

    async def _ask_members(self, group: str) -> list[str]:
        try:
            answer = await self._client.usergroups_users_list(usergroup=group)
        except SILENT as error:
            extra = {"group": group, "error": _code(error)}
            log.warning("A user group cannot be read, so nobody is in it", extra=extra)
            return []
        return list(answer.get("users") or [])


def standing(user: User, home: Home) -> Standing:
    """What this user object says somebody is. Slack leaves the roles out once somebody is deactivated."""
    if user.get("deleted") is True:
        return Standing.DEACTIVATED
    if user.get("is_bot") is True or user.get("is_workflow_bot") is True or user.get("id") == "USLACKBOT":
        return Standing.BOT
    if user and (_team(user, home) != home.team_id or user.get("is_stranger") is True):
        return Standing.STRANGER
    if user.get("is_restricted") is True or user.get("is_ultra_restricted") is True:
        return Standing.GUEST
    surely_not = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted")
    is_clear = all(user.get(flag) is False for flag in surely_not) and user.get("is_stranger") in (None, False)
    return Standing.MEMBER if is_clear else Standing.UNKNOWN


def known_as(user: User) -> frozenset[str]:
    """Ids and addresses that belong to one human: the organisation's id, and the address without its ``+`` part."""
    found = {str(user.get("id") or ""), str((user.get("enterprise_user") or {}).get("id") or "")}
    name, at, domain = str((user.get("profile") or {}).get("email") or "").casefold().rpartition("@")
    found.add(f"{name.partition('+')[0]}{at}{domain}" if name else "")
    return frozenset(found - {""})


def place(channel: dict[str, Any]) -> Place:
    if channel.get("is_member") is not True:
        return Place.WITHOUT_BOT
    shared = (channel.get("is_ext_shared"), channel.get("is_pending_ext_shared"))
    if True in shared or channel.get("pending_shared"):
        return Place.SHARED
    return Place.OURS if shared == (False, False) else Place.UNKNOWN


def _team(user: User, home: Home) -> str:
    """The workspace somebody belongs to: ours, if it is one of those that their organisation lists for them."""
    enterprise = user.get("enterprise_user") or {}
    is_ours = home.enterprise_id and enterprise.get("enterprise_id") == home.enterprise_id
    if is_ours and home.team_id in (enterprise.get("teams") or ()):
        return home.team_id
    return str(user.get("team_id") or "")


def _code(error: Exception) -> str:
    return error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
