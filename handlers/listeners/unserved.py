"""Answer what no Kore.ai application serves: other channels, and requests that are of none or not in the database."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from handlers.access.application_scope import ID
from handlers.access.gate import Gate, sender
from handlers.replies.form_submission import Answer, respond
from handlers.replies.private_reply import reply_ephemeral, reply_to_click, send_private
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import notice, refusals

FORMS = frozenset({ids.CONFIRM_VIEW, ids.REBUILD_VIEW, ids.LIST_CONFIRM_VIEW, ids.STOP_VIEW})  # of previews
VIEWS = (
    *FORMS, ids.APPROVE_VIEW, ids.REJECT_VIEW, ids.PICKER_VIEW, ids.LIST_PICKER_VIEW, ids.LIST_APPROVE_VIEW,
    ids.LIST_REJECT_VIEW,
)  # fmt: skip
Body = dict[str, Any]


class Unserved:
    """Listens to everything that the listeners of an application do. Has no parts to act with."""

    def __init__(self, gate: Gate, requests: RequestStore, previews: PreviewStore, policies: Policies) -> None:
        self._gate = gate
        self._policy = policies.shared
        self._requests = requests
        self._previews = previews
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
        app.action(ids.ONLY_STOP_BUTTON)(self.on_only_stop)
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

    async def on_only_stop(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        why = await self._why(str(action.get("value") or ""), is_form=True)
        await reply_to_click(client, body, await self._said(body, ". ".join(why)))

    async def on_form(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        await respond(ack, client, view, self._judge(view, body))

    async def _judge(self, view: Body, body: Body) -> Answer:
        found = await self._gate.admit(Action.HELP, body)
        if isinstance(found, Denial):
            return refusals.denial_view(found, self._policy)
        is_form = view.get("callback_id") in FORMS
        return notice.error(*await self._why(str(view.get("private_metadata") or ""), is_form=is_form))

    async def _why(self, value: str, *, is_form: bool = False) -> tuple[str, str]:
        """Return why nothing was done: in practice a real request waits, and a preview is kept for a day."""
        if not (found := ID.match(value)):
            return strings.applications.NOT_SERVED
        request = await self._requests.request(found[0])
        if request is None and not (is_form and await self._previews.preview(found[0])):
            return strings.modals.PREVIEW_LOST if is_form else strings.modals.NO_SUCH_REQUEST
        is_real = request is not None and self._policy.practice and not request.is_practice
        return strings.practice.REAL_REQUEST if is_real else strings.applications.NOT_SERVED

    async def _said(self, body: Body, text: str) -> str:
        found = await self._gate.admit(Action.HELP, body)
        return refusals.denial_text(found, self._policy) if isinstance(found, Denial) else text


def _channels(policy: Policy) -> str:
    channels = ", ".join(f"<#{channel}>" for channel in policy.channels)
    return strings.applications.CHANNELS.format(application=policy.application, channels=channels)
