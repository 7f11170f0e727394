"""Answer buttons and forms of older versions, which no other listener handles. Registered last."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Policy
from handlers.access.gate import Gate
from handlers.replies.form_submission import Answer, respond
from handlers.replies.private_reply import reply_to_click
from slack_ui import strings
from slack_ui.views import notice, refusals

ANY = re.compile("")
Body = dict[str, Any]


class UnknownInteraction:
    """Without it, Bolt answers 404 and the user sees a warning sign without an explanation."""

    def __init__(self, gate: Gate, policy: Policy) -> None:
        self._gate = gate
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.action(ANY)(self.on_click)
        app.shortcut(ANY)(self.on_click)
        app.view(ANY)(self.on_form)

    async def on_click(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        found = await self._gate.admit(Action.HELP, body)
        said = (
            refusals.denial_text(found, self._policy)
            if isinstance(found, Denial)
            else " ".join(strings.modals.UNKNOWN_INTERACTION)
        )
        await reply_to_click(client, body, said)

    async def on_form(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        await respond(ack, client, view, self._judge(body))

    async def _judge(self, body: Body) -> Answer:
        found = await self._gate.admit(Action.HELP, body)
        return (
            refusals.denial_view(found, self._policy)
            if isinstance(found, Denial)
            else notice.error(*strings.modals.UNKNOWN_INTERACTION)
        )
