"""Ask Slack who a user is and what a channel is. What Slack does not say is unknown, and the unknown is refused."""

import asyncio
import logging
from collections.abc import Collection, Iterable
from itertools import chain, zip_longest
from typing import Any, Self

from async_lru import alru_cache
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Person, RequestParties
from deletion.domain.models import Request
from deletion.domain.policy import is_group
from handlers.access.single_flight import SingleFlight
from handlers.access.slack_objects import (
    User,
    Workspace,
    channel_kind_of,
    email_of,
    identities,
    membership_of,
    team_of,
)
from slack_ui.parts.api_error import (
    MISSING_SCOPE,
    SLACK_ERRORS,
    TOKEN_ERRORS,
    domain_error,
    error_code,
    needed_scope,
)

NOT_IN_CHANNEL = frozenset({"channel_not_found", "not_in_channel"})
DIRECT_MESSAGES = "D"  # the first letter of the id of a conversation with one user
# docs.slack.dev/reference/methods/usergroups.users.list: the group has no members, which is not an unknown.
NO_GROUP = frozenset({"no_such_subteam", "plan_upgrade_required"})
CACHED_ENTRIES = 1024
# The lookup that failed when Slack did not say enough, and the denial where the scope for that is missing.
LOOKED_UP = {
    Denial.UNKNOWN_PERSON: ("user", Denial.NO_USER_SCOPE),
    Denial.UNKNOWN_REQUESTER: ("user", Denial.NO_USER_SCOPE),
    Denial.UNKNOWN_APPROVER: ("user", Denial.NO_USER_SCOPE),
    Denial.UNREAD_GROUP: ("group", Denial.NO_GROUP_SCOPE),
    Denial.CHANNEL_UNREADABLE: ("channel", Denial.NO_CHANNEL_SCOPE),
}
log = logging.getLogger(__name__)


class SlackDirectory:
    """Asks Slack each time, so that a right that was taken away a second ago is gone. Concurrent lookups share a call.

    ``cache_seconds`` is only for what is displayed: a dozen Homes that follow one request need not ask a dozen times
    who is in a group, which Slack answers twenty times a minute (docs.slack.dev/apis/web-api/rate-limits).
    """

    def __init__(self, client: AsyncWebClient, workspace: Workspace, cache_seconds: float = 0) -> None:
        self._client = client
        self.workspace = workspace
        cache = alru_cache(maxsize=CACHED_ENTRIES, ttl=cache_seconds) if cache_seconds else None
        self._user = cache(self._fetch_user) if cache else SingleFlight(self._fetch_user)
        self._members = cache(self._fetch_members) if cache else SingleFlight(self._fetch_members)
        self.channel_kind = SingleFlight(self._fetch_channel)
        self.describe_group = SingleFlight(self._fetch_group)
        self._errors: dict[str, str] = {}  # of failed lookups, until one succeeds

    def caching(self, seconds: float) -> Self:
        """Return a directory for what is displayed, which knows why lookups of this one failed."""
        copy = type(self)(self._client, self.workspace, seconds)
        copy._errors = self._errors  # noqa: SLF001 - of the same class
        return copy

    async def person(self, user_id: str, groups: Iterable[str] = ()) -> Person:
        """Return a user, and which of these user groups they are in now."""
        names = tuple(groups)
        user, members = await asyncio.gather(
            self._user(user_id), asyncio.gather(*(self._members(group) for group in names))
        )
        users_of = dict(zip(names, members, strict=True))
        return Person(
            id=user_id,
            team_id=team_of(user, self.workspace),
            membership=membership_of(user, self.workspace),
            groups=frozenset(group for group, users in users_of.items() if users and user_id in users),
            unread_groups=frozenset(group for group, users in users_of.items() if users is None),
            identities=identities(user),
            has_verified_email=bool(email_of(user)) and user.get("is_email_confirmed") is not False,
        )

    async def parties_of(self, request: Request, groups: Iterable[str] = ()) -> RequestParties:
        """Return a request with its requester and its approvers so far, and which of these groups they are in."""
        requester, *approvers = await self.people(party_ids(request), groups)
        return RequestParties(request, requester, approvers)

    async def people(self, user_ids: Iterable[str], groups: Iterable[str] = ()) -> list[Person]:
        """Return these users. Their lookups start together, so they share one call for each group."""
        names = tuple(groups)
        return await asyncio.gather(*(self.person(user_id, names) for user_id in user_ids))

    async def members_of(self, group: str) -> Collection[str] | None:
        """Return the user ids in a group; None if Slack does not say."""
        return await self._members(group)

    async def listed(self, names: Iterable[str]) -> tuple[list[str], bool]:
        """Return the users whom these ids and user groups name, and whether every group could be read."""
        listed = tuple(names)
        users = [name for name in listed if not is_group(name)]
        members = await asyncio.gather(*(self._members(name) for name in listed if is_group(name)))
        in_turn = chain.from_iterable(zip_longest(users, *(group or () for group in members)))  # a few of each group
        return list(dict.fromkeys(user_id for user_id in in_turn if user_id)), None not in members

    async def account(self, user_id: str) -> User:
        """Return Slack's user object, empty where Slack does not say."""
        return await self._user(user_id)

    async def describe_channel(self, channel_id: str) -> dict[str, Any]:
        """Return Slack's channel object with its number of members. Raises one of SLACK_ERRORS."""
        answer = await self._client.conversations_info(channel=channel_id, include_num_members=True)
        return dict(answer.get("channel") or {})

    async def describe_groups(self) -> dict[str, dict[str, Any]]:
        """Return Slack's user group objects by id, disabled ones too; nothing where Slack does not say."""
        try:
            answer = await self._client.usergroups_list(include_disabled=True)
        except SLACK_ERRORS:
            return {}
        return {str(group.get("id")): group for group in answer.get("usergroups") or ()}

    def cause_of(self, denial: Denial) -> Denial:
        """Return why Slack did not say enough, where only the operator can change that; else the same denial."""
        looked_up, without_scope = LOOKED_UP.get(denial, ("", denial))
        code = self._errors.get(looked_up)
        if code in TOKEN_ERRORS:
            return Denial.BOT_REJECTED
        return without_scope if code == MISSING_SCOPE else denial

    async def _fetch_channel(self, channel_id: str) -> ChannelKind:
        if channel_id.startswith(DIRECT_MESSAGES):
            return ChannelKind.DIRECT
        try:
            answer = await self._client.conversations_info(channel=channel_id)
        except SLACK_ERRORS as error:
            if error_code(error) in NOT_IN_CHANNEL:
                return ChannelKind.WITHOUT_BOT
            code = self._note("channel", channel_id, error)
            return ChannelKind.WITHOUT_SCOPE if code == MISSING_SCOPE else ChannelKind.UNKNOWN
        self._errors.pop("channel", None)
        return channel_kind_of(answer.get("channel") or {})

    async def kind_of_channel(self, channel_id: str) -> ChannelKind:
        """Return what a channel is. Raises UnreachableError or SlackBusyError with the code of Slack's refusal."""
        try:
            answer = await self._client.conversations_info(channel=channel_id)
        except SLACK_ERRORS as error:
            raise domain_error(error) from None
        return channel_kind_of(answer.get("channel") or {})

    async def _fetch_user(self, user_id: str) -> User:
        """Return Slack's user object, empty where Slack does not answer with the one that was asked for."""
        try:
            answer = await self._client.users_info(user=user_id)
        except SLACK_ERRORS as error:
            self._note("user", user_id, error)
            return {}
        self._errors.pop("user", None)
        user: User = answer.get("user") or {}
        return user if user.get("id") == user_id else {}

    async def _fetch_group(self, group: str) -> list[str] | None:
        """Return the user ids in a group; None if Slack does not say. Raises one of SLACK_ERRORS."""
        users = (await self._client.usergroups_users_list(usergroup=group)).get("users")
        return users if isinstance(users, list) else None

    async def _fetch_members(self, group: str) -> list[str] | None:
        """Return the user ids in a group; None if Slack does not say."""
        try:
            users = await self._fetch_group(group)
        except SLACK_ERRORS as error:
            return [] if self._note("group", group, error) in NO_GROUP else None
        self._errors.pop("group", None)
        return users

    def _note(self, looked_up: str, slack_id: str, error: Exception) -> str:
        """Log and remember why a lookup failed, and return Slack's code for it."""
        code = self._errors[looked_up] = error_code(error)
        scope = {"scope": needed_scope(error)} if code == MISSING_SCOPE else {}
        log.warning("Slack lookup failed", extra={looked_up: slack_id, "error": code, **scope})
        return code


def party_ids(request: Request) -> tuple[str, ...]:
    """Return the user ids of the requester and of the approvers so far."""
    return request.requester_id, *(approval.person_id for approval in request.approvals)
