"""Rebuild, at a deleted campaign's card: a button that shows what can be rebuilt, and the form that requests it."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Preview, Purpose, Request
from deletion.domain.policy import Policy, Refusal
from deletion.domain.rebuildable import MAY_BE_REBUILT, is_there_again
from deletion.engine.workflows import Engine
from deletion.lifecycle.archive import Unopened
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import FrozenError, Refused, TooFewApproversError
from deletion.lifecycle.rebuild import Kept, Rebuilding
from deletion.stores.request_queries import RequestQueries
from deletion.stores.request_store import AlreadyRequestedError, RequestStore
from handlers.access.gate import Gate, sender
from handlers.replies.form_submission import Answer, respond
from handlers.replies.loading_modal import open_view
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.links import Links
from slack_ui.views import notice, rebuild_modal, refusals

Body = dict[str, Any]


class Rebuild:
    """Listens to a button and a view. A rebuild is a request like any other, with approvals and an undo window."""

    def __init__(  # noqa: PLR0913 - one part for each thing that a rebuild needs
        self,
        gate: Gate,
        requests: RequestStore,
        intake: Intake,
        rebuilding: Rebuilding,
        *,
        engine: Engine,
        policy: Policy,
        lookup: RequestQueries,
        links: Links,
    ) -> None:
        self._gate = gate
        self._requests = requests
        self._intake = intake
        self._rebuilding = rebuilding
        self._engine = engine
        self._policy = policy
        self._lookup = lookup
        self._links = links

    def register(self, app: AsyncApp) -> None:
        app.action(ids.REBUILD_BUTTON)(self.on_click)
        app.view(ids.REBUILD_VIEW)(self.on_submit)

    async def on_click(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        loading = notice.loading(strings.modals.LOADING_REQUEST, strings.rebuild.TITLE)
        await open_view(client, body, lambda _: self._look(body, action["value"]), loading)

    async def _look(self, body: Body, request_id: str) -> View:
        channel_id = (body.get("channel") or {}).get("id", "")
        permit = await self._gate.admit(Action.REBUILD, body, channel_id=channel_id)
        if isinstance(permit, Denial):
            return refusals.denial_view(permit, self._policy, Action.REBUILD)
        request = await self._requests.request(request_id)
        if request is None:
            return notice.error(*strings.modals.NO_SUCH_REQUEST)
        if request.state not in MAY_BE_REBUILT or request.purpose is Purpose.REBUILD:
            return rebuild_modal.not_now(request)
        found = await self._rebuilding.look(request, sender(body)[1], channel_id)
        if isinstance(found, Request) or found is Unopened.NOT_THERE:
            ts = str((body.get("container") or {}).get("message_ts"))
            await self._engine.show_again(request.id, channel_id, ts)  # its button is outdated
        return await self._shown(request, found, channel_id)

    async def _shown(self, request: Request, found: Kept | Unopened | Request | Freeze, channel_id: str) -> View:
        match found:
            case Request():
                return await self._already(found, channel_id)
            case Freeze():
                return notice.refused(Refused(Refusal.FROZEN, freeze=found), self._policy)
            case Unopened():
                return rebuild_modal.unopened(request, found)
            case Kept():
                return rebuild_modal.build(found, self._policy)

    async def _already(self, existing: Request, channel_id: str) -> View:
        messages = await self._lookup.messages_of(existing.id)
        return rebuild_modal.already(existing, self._links.to_current(messages, channel_id))

    async def on_submit(self, ack: AsyncAck, view: Body, body: Body, client: AsyncWebClient) -> None:
        go_on = partial(self._engine.request_changed, actor_id=sender(body)[1])
        await respond(ack, client, view, self._judge(view, body), go_on)

    async def _judge(self, view: Body, body: Body) -> Answer:
        form = rebuild_modal.parse(view)
        preview = await self._intake.preview(form.preview_id, *sender(body))
        channel_id = preview.channel_id if preview else ""
        permit = await self._gate.admit(Action.REBUILD, body, channel_id=channel_id)
        if preview is None or not preview.rebuilds:
            return notice.preview_lost()
        if isinstance(permit, Denial):
            return refusals.denial_view(permit, self._policy, Action.REBUILD)
        deleted = await self._requests.request(preview.rebuilds)
        if deleted and is_there_again(deleted):
            return rebuild_modal.not_now(deleted)
        if deleted and (later := await self._rebuilding.deleted_again(deleted)):
            return await self._already(later, channel_id)
        return rebuild_modal.errors(form, preview) or await self._record(preview, permit, form)

    async def _record(self, preview: Preview, permit: Permit, form: rebuild_modal.Form) -> Answer:
        try:
            return await self._intake.record(preview, permit, form.reason, form.flow_name, promise=form.promise)
        except AlreadyRequestedError as error:
            return await self._already(error.existing, preview.channel_id)
        except FrozenError as error:
            return rebuild_modal.frozen(error.freeze)
        except TooFewApproversError as error:
            return rebuild_modal.too_few_approvers(error.quorum)
