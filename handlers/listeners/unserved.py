"""Answer what no Kore.ai application of the settings serves: other channels, and requests of former applications."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.stores.request_store import RequestStore
from handlers.access.application_scope import ID
from handlers.access.gate import Gate, sender
from handlers.replies.form_submission import Answer, respond
from handlers.replies.private_reply import reply_ephemeral, reply_to_click, send_private
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import notice, refusals

VIEWS = (
    ids.APPROVE_VIEW, ids.REJECT_VIEW, ids.PICKER_VIEW, ids.CONFIRM_VIEW, ids.REBUILD_VIEW, ids.LIST_PICKER_VIEW,
    ids.LIST_CONFIRM_VIEW, ids.LIST_APPROVE_VIEW, ids.LIST_REJECT_VIEW, ids.STOP_VIEW,
)  # fmt: skip
Body = dict[str, Any]


class Unserved:
    """Listens to everything that the listeners of an application do. Has no parts to act with."""

    def __init__(self, gate: Gate, requests: RequestStore, policies: Policies) -> None:
        self._gate = gate
        self._policy = policies.shared
        self._requests = requests
        self._where = "\n".join([strings.applications.NO_APPLICATION, *map(_channels, policies.all)])

    def register(self, app: AsyncApp) -> None:
        app.command(ids.COMMAND)(self.on_command)
        for button in (ids.SEARCH_BUTTON, ids.SEARCH_WORDS_BUTTON, ids.HOME_FIND_BUTTON):
            app.action(button)(self.on_find_button)
        app.shortcut(ids.FIND_SHORTCUT)(self.on_shortcut)
        app.options(ids.CAMPAIGN_SELECT)(self.on_keystroke)
        app.options(ids.CAMPAIGNS_SELECT)(self.on_keystroke)
        for button in ids.REQUEST_BUTTONS:
            app.action(button)(self.on_request_button)
        for view in VIEWS:
            app.view(view)(self.on_form)

    async def on_command(self, ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        await reply_ephemeral(client, respond, body, await self._said(body, self._where))

    async def on_find_button(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        await reply_to_click(client, body, await self._said(body, self._where))

    async def on_shortcut(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        user_id = sender(body)[1]
        await send_private(client, user_id, user_id, await self._said(body, self._where))

    async def on_keystroke(self, ack: AsyncAck) -> None:
        """The modal was opened for an application that has left the settings."""
        await ack(options=[])

    async def on_request_button(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        why = await self._why(str(action.get("value") or ""))
        await reply_to_click(client, body, await self._said(body, why[1]))

    async def on_form(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        await respond(ack, client, view["id"], self._judge(view, body))

    async def _judge(self, view: Body, body: Body) -> Answer:
        found = await self._gate.admit(Action.HELP, body)
        if isinstance(found, Denial):
            return refusals.denial_view(found, self._policy)
        return notice.error(*await self._why(str(view.get("private_metadata") or "")))

    async def _why(self, value: str) -> tuple[str, str]:
        """Return why nothing was done: in practice a real request waits."""
        found = ID.match(value)
        request = await self._requests.request(found[0]) if found and self._policy.practice else None
        is_real = request is not None and not request.is_practice
        return strings.practice.REAL_REQUEST if is_real else strings.applications.NOT_SERVED

    async def _said(self, body: Body, text: str) -> str:
        found = await self._gate.admit(Action.HELP, body)
        return refusals.denial_text(found, self._policy) if isinstance(found, Denial) else text


def _channels(policy: Policy) -> str:
    channels = ", ".join(f"<#{channel}>" for channel in policy.channels)
    return strings.applications.CHANNELS.format(application=policy.application, channels=channels)
