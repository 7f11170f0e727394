"""The buttons under a request: approve and reject open a modal, withdraw and stop act at once."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.approval import Objection, decide
from deletion.clock import now
from deletion.decisions import Decisions
from deletion.models import Decision, Request, State, Verdict
from deletion.policy import Policy
from deletion.workflow import Engine
from handlers.loading_modal import fill, open_loading
from handlers.private_answer import answer_privately
from handlers.who_may import is_approver
from slack_ui import approve_modal, ids, notice, objection, reject_modal, words

Body = dict[str, Any]


class ApprovalButtons:
    """Listens to four buttons. Who clicked comes from Slack, never from the button, and is asked about each time."""

    def __init__(self, decisions: Decisions, engine: Engine, policy: Policy) -> None:
        self._decisions = decisions
        self._engine = engine
        self._policy = policy

    def register(self, app: AsyncApp) -> None:
        app.action(ids.APPROVE_BUTTON)(self.on_approve)
        app.action(ids.REJECT_BUTTON)(self.on_reject)
        app.action(ids.CANCEL_BUTTON)(self.on_cancel)
        app.action(ids.STOP_BUTTON)(self.on_stop)

    async def on_approve(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._ask(client, body, self._approve_view(client, body["user"]["id"], action["value"]))

    async def on_reject(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._ask(client, body, self._reject_view(client, body["user"]["id"], action["value"]))

    async def on_cancel(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._decide(client, body, action["value"], Verdict.CANCELLED)

    async def on_stop(self, ack: AsyncAck, body: Body, action: Body, client: AsyncWebClient) -> None:
        await ack()
        await self._decide(client, body, action["value"], Verdict.STOPPED)

    async def _ask(self, client: AsyncWebClient, body: Body, look: Awaitable[View]) -> None:
        """Open a modal at once, and put into it what was found meanwhile."""
        opened, view = await asyncio.gather(open_loading(client, body["trigger_id"]), look)
        if opened is None:
            await answer_privately(client, body["channel"]["id"], body["user"]["id"], words.TOO_SLOW)
        else:
            await fill(client, opened, view)

    async def _approve_view(self, client: AsyncWebClient, person_id: str, request_id: str) -> View:
        request, refused = await self._check(client, person_id, request_id, Verdict.APPROVED)
        if refused or request is None:
            return refused or notice.told(*words.NO_SUCH_REQUEST)
        looked = await self._decisions.look_again(request)
        if looked is None:
            return notice.told(*words.CANNOT_LOOK)
        await self._engine.go_on(looked)
        match looked.state:
            case State.AWAITING_APPROVAL:
                return approve_modal.build(looked, self._policy.undo_window)
            case State.CHANGED:
                return notice.told(*words.DRIFTED)
            case State.GONE:
                return notice.told(*words.VANISHED)
            case _:
                why = objection.explain(Objection.ENDED, looked, Verdict.APPROVED)
                return notice.told(words.NOTHING_DONE, why)

    async def _reject_view(self, client: AsyncWebClient, person_id: str, request_id: str) -> View:
        request, refused = await self._check(client, person_id, request_id, Verdict.REJECTED)
        if refused or request is None:
            return refused or notice.told(*words.NO_SUCH_REQUEST)
        return reject_modal.build(request)

    async def _check(
        self, client: AsyncWebClient, person_id: str, request_id: str, verdict: Verdict
    ) -> tuple[Request | None, View | None]:
        """The request if this person could decide it now, else a modal that says why not."""
        request, approver = await asyncio.gather(
            self._decisions.request(request_id), is_approver(client, self._policy, person_id)
        )
        if request is None:
            return None, None
        wished = Decision(person_id=person_id, verdict=verdict, at=now())
        found = decide(request, wished, self._policy, is_approver=approver)
        if isinstance(found, Objection):
            return request, notice.told(words.NOTHING_DONE, objection.explain(found, request, verdict))
        return request, None

    async def _decide(self, client: AsyncWebClient, body: Body, request_id: str, verdict: Verdict) -> None:
        person_id, channel_id = body["user"]["id"], body["channel"]["id"]
        approver = await is_approver(client, self._policy, person_id)
        decision = Decision(person_id=person_id, verdict=verdict, at=now())
        decided = await self._decisions.take(request_id, decision, is_approver=approver, surface="button")
        if decided is None:
            await answer_privately(client, channel_id, person_id, words.NO_SUCH_REQUEST[1])
            return
        if decided.objection:
            why = objection.explain(decided.objection, decided.request, verdict)
            await answer_privately(client, channel_id, person_id, why)
        await self._engine.go_on(decided.request)
