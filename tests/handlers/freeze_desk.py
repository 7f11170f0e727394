"""The freeze command over a real database."""

from typing import Any

from pytest_mock import MockerFixture
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.engine.workflows import Engine
from deletion.lifecycle.freezing import Freezing
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate
from handlers.listeners.freeze_command import FreezeCommand
from slack_ui.parts import ids
from tests.deletion.values import person, request

BODY = {
    "command": ids.COMMAND, "text": "freeze The wrong list was loaded", "team_id": "T0", "user_id": "U0BOB",
    "channel_id": "C0",
}  # fmt: skip


class Desk:
    """The command over a real database; Slack and the engine are mocks."""

    def __init__(self, engine: AsyncEngine, mocker: MockerFixture) -> None:
        self.store = RequestStore(engine)
        self.freezing = Freezing(self.store, FreezeStore(engine), Policy())
        self.engine = mocker.create_autospec(Engine, instance=True)
        self.gate = mocker.create_autospec(Gate, instance=True)
        self.gate.admit.return_value = Permit(Action.FREEZE, person("U0BOB"))
        self.ack = mocker.AsyncMock(spec=AsyncAck)
        self.client = mocker.AsyncMock(spec=AsyncWebClient)

    async def add(self, **changes: Any) -> Request:
        kept, entry = request(), Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
        await self.store.add(kept, entry, ())
        changed = kept.model_copy(update=changes)
        assert await self.store.swap(kept, changed, entry)
        return changed

    async def freeze(self, text: str = BODY["text"]) -> str:
        """Return the last reply."""
        command = FreezeCommand(self.gate, self.freezing, self.engine, Policy())
        nowhere = AsyncRespond(response_url=None)
        await command.on_freeze(self.ack, {**BODY, "text": text}, nowhere, self.client)
        return str(self.client.chat_postEphemeral.await_args.kwargs["text"])

    async def current(self) -> Freeze:
        freeze = await self.store.current_freeze()
        assert freeze[0]
        return freeze[0]
