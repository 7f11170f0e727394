"""/campaign-delete help: list the subcommands."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Policy
from handlers.access.gate import Gate
from handlers.listeners.subcommand import matches
from handlers.replies.private_reply import reply_ephemeral
from slack_ui.parts import ids
from slack_ui.parts.application import named
from slack_ui.parts.request_form import help_text
from slack_ui.views import refusals


class HelpCommand:
    """Listens to one subcommand."""

    def __init__(self, gate: Gate, policy: Policy, freezing_in: Policy) -> None:
        self._gate = gate
        self._policy = policy
        self._freezing_in = freezing_in

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND, matchers=[matches("help")])(self.on_help)

    async def on_help(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        found = await self._gate.admit(Action.HELP, body)
        said = refusals.denial_text(found, self._policy) if isinstance(found, Denial) else self._said()
        await reply_ephemeral(client, respond, body, said)

    def _said(self) -> str:
        return f"{named(self._policy.application)}{help_text(self._policy, self._freezing_in)}"
