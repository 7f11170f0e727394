"""/campaign-delete whoami: what the sender may do here, why, and what is missing."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Policy
from handlers.access.gate import Gate
from handlers.listeners.subcommand import matches
from handlers.replies.private_reply import reply_ephemeral
from slack_ui.messages import whoami
from slack_ui.parts import ids
from slack_ui.parts.application import named
from slack_ui.views import refusals


class WhoamiCommand:
    """Listens to one subcommand. Only the sender sees the reply."""

    def __init__(self, gate: Gate, policy: Policy) -> None:
        self._gate = gate
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches("whoami")])(self.on_whoami)

    async def on_whoami(
        self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        await ack()
        permit = await self._gate.admit(Action.WHOAMI, body)
        if isinstance(permit, Denial):
            said = refusals.denial_text(permit, self._policy)
        else:
            kind = await self._gate.channel_kind(str(body["channel_id"]), body)
            said = named(self._policy.application) + whoami.text(
                permit.person, self._policy, kind, self._gate.why_unread()
            )
        await reply_ephemeral(client, respond, body, said)
