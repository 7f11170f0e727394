"""Where every listener asks first: who is this, from where, and may they? The only way to a permit."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

from prometheus_client import Counter

from deletion.domain.authorization import (
    CHANNEL_SENSITIVE_ACTIONS,
    DECIDING_ACTIONS,
    Action,
    ChannelKind,
    Denial,
    Permit,
    RequestParties,
    authorise,
)
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.stores.preview_store import PreviewStore
from handlers.access.slack_directory import SlackDirectory

Body = Mapping[str, Any]
ONCE = frozenset({"shortcut", "message_action"})
DENIED = Counter("campaign_delete_denied", "Somebody might not do what they tried", ["action", "denial"])
log = logging.getLogger(__name__)


class Gate:
    """Takes nothing from a payload but who sent it, and asks Slack for the rest. Every denial is logged and counted."""

    def __init__(self, directory: SlackDirectory, policy: Policy, payloads: PreviewStore) -> None:
        self._directory = directory
        self._policy = policy
        self._payloads = payloads

    async def admit(
        self, action: Action, body: Body, *, channel_id: str = "", request: Request | None = None
    ) -> Permit | Denial:
        """Whether the sender of ``body`` may do this in ``channel_id``; to judge a request, ``request`` is needed."""
        found = await self._ask(action, body, channel_id, request)
        if isinstance(found, Denial):
            DENIED.labels(action, found).inc()
            extra = {"user": sender(body)[1], "action": str(action), "denial": str(found)}
            log.warning("Somebody may not do that", extra=extra)
        return found

    async def _ask(self, action: Action, body: Body, channel_id: str, request: Request | None) -> Permit | Denial:
        team_id, user_id = sender(body)
        if team_id != self._directory.workspace.team_id:
            return Denial.OTHER_WORKSPACE
        if not user_id:
            return Denial.UNKNOWN_PERSON
        if _acts_once(body) and not await self._payloads.claim_once(_key(body)):
            return Denial.DUPLICATE_PAYLOAD
        person, place, case = await asyncio.gather(
            self._directory.person(user_id, self._policy.user_groups),
            self._channel_kind(action, channel_id),
            self._case(action, request),
        )
        return authorise(action, person, self._policy, place, case)

    async def _channel_kind(self, action: Action, channel_id: str) -> ChannelKind:
        needed = action in CHANNEL_SENSITIVE_ACTIONS and channel_id
        return await self._directory.channel_kind(channel_id) if needed else ChannelKind.UNKNOWN

    async def _case(self, action: Action, request: Request | None) -> RequestParties | None:
        """To judge a request, the humans behind it and those who have agreed are asked about too."""
        if request is None or action not in DECIDING_ACTIONS:
            return RequestParties(request) if request else None
        return await self._directory.parties_of(request)


def sender(body: Body) -> tuple[str, str]:
    """Workspace and person of a command, an interaction or an event; empty where the payload does not say."""
    if "command" in body:
        return str(body.get("team_id") or ""), str(body.get("user_id") or "")
    if body.get("type") == "event_callback":
        return str(body.get("team_id") or ""), str(_part(body, "event").get("user") or "")
    return str(_part(body, "team").get("id") or ""), str(_part(body, "user").get("id") or "")


def _part(body: Body, name: str) -> Body:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


def _acts_once(body: Body) -> bool:
    """Commands and shortcuts. What a button or a form does is made once by the row it changes."""
    return "command" in body or body.get("type") in ONCE


def _key(body: Body) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
