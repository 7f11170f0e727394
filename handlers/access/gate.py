"""Authorise the sender of a payload. Listeners get their permits here and nowhere else."""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Mapping
from typing import Any

from prometheus_client import Counter

from deletion.domain import log_context
from deletion.domain.approvals.authorization import (
    CHANNEL_SENSITIVE_ACTIONS,
    DECIDING_ACTIONS,
    Action,
    ChannelKind,
    Permit,
    authorise,
)
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Person, RequestParties
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.stores.preview_store import PreviewStore
from handlers.access.slack_directory import SlackDirectory, party_ids

Body = Mapping[str, Any]
ONCE = frozenset({"shortcut", "message_action"})
# The name of a group direct message, whose id looks like a channel's (docs.slack.dev/reference/objects/mpim-object).
GROUP_MESSAGE = "mpdm-"
# Slack hides a group direct message from an app that is not in it, and adds no app to an existing one.
HIDDEN = frozenset({ChannelKind.WITHOUT_BOT, ChannelKind.WITHOUT_SCOPE})
TRUSTED_SECONDS = 60.0
DENIED = Counter("campaign_delete_denied", "Actions that were denied", ["action", "denial"])
log = logging.getLogger(__name__)


class Gate:
    """Takes only the sender from a payload, and asks Slack for everything else. Logs and counts each denial."""

    def __init__(self, directory: SlackDirectory, policy: Policy, payloads: PreviewStore) -> None:
        self._directory = directory
        self._policy = policy
        self._payloads = payloads
        self._admitted_until: dict[tuple[Action, str, str], float] = {}

    async def admit(
        self, action: Action, body: Body, *, channel_id: str = "", request: Request | None = None
    ) -> Permit | Denial:
        """Return whether the sender of ``body`` may do this in ``channel_id``. A decision needs its ``request``."""
        user_id = sender(body)[1]
        if request:
            log_context.begin(request)
        if refused := await self._refuse_payload(body):
            return _counted(action, user_id, refused, self._policy)
        found = await self._judge(action, user_id, channel_id, request, body)
        if isinstance(found, Denial):
            self._admitted_until.pop((action, *sender(body)), None)
        else:
            self._admitted_until[action, *sender(body)] = time.monotonic() + TRUSTED_SECONDS
        return _counted(action, user_id, found, self._policy)

    def was_admitted(self, action: Action, body: Body) -> bool:
        """Return whether the sender was admitted to this action within ``TRUSTED_SECONDS`` and not denied since.

        It is no permit: it only lets work begin that a permit must follow before the sender sees any of it.
        """
        return self._admitted_until.get((action, *sender(body)), 0) > time.monotonic()

    async def authorise_again(self, permit: Permit, request: Request) -> Permit | Denial:
        """Judge the permit's person anew, for this version of the request, in the channel of the approval cards."""
        user_id, channel_id = permit.person.id, self._policy.approvals_channel or ""
        found = await self._judge(permit.action, user_id, channel_id, request)
        return _counted(permit.action, user_id, found, self._policy)

    async def channel_kind(self, channel_id: str, body: Body) -> ChannelKind:
        """Return how the channel relates to the bot. ``body`` names it, which matters only where Slack hides it."""
        kind = await self._directory.channel_kind(channel_id)
        is_group_message = str(body.get("channel_name") or "").startswith(GROUP_MESSAGE)
        return ChannelKind.DIRECT if kind in HIDDEN and is_group_message else kind

    def why_unread(self) -> Denial:
        """Return why user groups cannot be read: ``UNREAD_GROUP``, unless only the operator can change that."""
        return self._directory.cause_of(Denial.UNREAD_GROUP)

    async def person(self, user_id: str) -> Person:
        """Return an account as Slack describes it now."""
        return (await self._directory.people([user_id]))[0]

    async def parties_of(self, request: Request) -> RequestParties:
        """Return a request with its requester and its approvers so far."""
        return await self._directory.parties_of(request, self._policy.groups_for(request))

    async def _refuse_payload(self, body: Body) -> Denial | None:
        team_id, user_id = sender(body)
        if team_id != self._directory.workspace.team_id:
            return Denial.OTHER_WORKSPACE
        if not user_id:
            return Denial.UNKNOWN_PERSON
        is_repeated = _acts_once(body) and not await self._payloads.claim_once(_key(body))
        return Denial.DUPLICATE_PAYLOAD if is_repeated else None

    async def _judge(
        self, action: Action, user_id: str, channel_id: str, request: Request | None, body: Body | None = None
    ) -> Permit | Denial:
        parties = party_ids(request) if request and _depends_on_parties(action, request, self._policy) else ()
        (person, *others), channel = await asyncio.gather(
            self._directory.people((user_id, *parties), self._policy.groups_for(request)),
            self._channel_kind(action, channel_id, body or {}),
        )
        known = RequestParties(request, next(iter(others), None), others[1:]) if request else None
        found = authorise(action, person, self._policy, channel, known)
        if action is Action.REMIND and isinstance(found, Permit) and not self._policy.approvals_channel:
            found = Denial.NO_APPROVALS_CHANNEL
        return self._directory.cause_of(found) if isinstance(found, Denial) else found

    async def _channel_kind(self, action: Action, channel_id: str, body: Body) -> ChannelKind:
        channels = self._policy.channels
        if action is Action.ASK and channels and channel_id and channel_id not in channels:
            return ChannelKind.OTHER_APPLICATION
        if action is Action.APPROVE and not channel_id:  # a request of the time when the settings named one
            return ChannelKind.NONE
        needed = action in CHANNEL_SENSITIVE_ACTIONS and channel_id
        return await self.channel_kind(channel_id, body) if needed else ChannelKind.UNKNOWN


def _counted(action: Action, user_id: str, found: Permit | Denial, policy: Policy) -> Permit | Denial:
    if isinstance(found, Denial):
        DENIED.labels(action, found).inc()
        fields = {"user": user_id, "action": str(action), "denial": str(found)}
        log.warning("Permission denied", extra={**fields, **policy.named})
    return found


def _depends_on_parties(action: Action, request: Request, policy: Policy) -> bool:
    """Approving and rejecting depend on who asked and who has approved, and what is missing on the approvers."""
    quotas = (*request.approval_quotas, *policy.approval_quotas)
    return action in DECIDING_ACTIONS or (bool(quotas) and action is Action.WITHDRAW_APPROVAL)


def sender(body: Body) -> tuple[str, str]:
    """Return team id and user id of a command, an interaction or an event; empty where the payload names none."""
    if "command" in body:
        return str(body.get("team_id") or ""), str(body.get("user_id") or "")
    if body.get("type") == "event_callback":
        return str(body.get("team_id") or ""), str(_part(body, "event").get("user") or "")
    return str(_part(body, "team").get("id") or ""), str(_part(body, "user").get("id") or "")


def _part(body: Body, name: str) -> Body:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


def _acts_once(body: Body) -> bool:
    """Commands and shortcuts are deduplicated here; buttons and forms by the row that they change."""
    return "command" in body or body.get("type") in ONCE


def _key(body: Body) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
