"""The last reply to /campaign-delete freeze says only what holds when it is sent."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import open_engine
from deletion.domain.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Attempt, AttemptKind, Lease, Request, State
from deletion.domain.outcome import LATE_DELETES
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.engine.workflows import Engine
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.lease import ATTEMPT
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate
from handlers.listeners.freeze_command import FreezeCommand
from slack_ui import strings
from slack_ui.parts import ids
from tests.deletion.values import person, request

BODY = {
    "command": ids.COMMAND, "text": "freeze The wrong list was loaded", "team_id": "T0", "user_id": "U0BOB",
    "channel_id": "C0",
}  # fmt: skip
NAME, IDLE = "Spring Sale", "nothing is in progress"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()


class Desk:
    """The command over a real database; Slack and the engine are mocks."""

    def __init__(self, database: AsyncEngine, mocker: MockerFixture) -> None:
        self.store = RequestStore(database)
        self.freezing = Freezing(self.store, FreezeStore(database), Policy())
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

    async def freeze(self) -> str:
        """Return the last reply."""
        command = FreezeCommand(self.gate, self.freezing, self.engine)
        nowhere = AsyncRespond(response_url=None)
        await command.on_freeze(self.ack, BODY, nowhere, self.client)
        return str(self.client.chat_postEphemeral.await_args.kwargs["text"])


@pytest.fixture
def desk(database: AsyncEngine, mocker: MockerFixture) -> Desk:
    return Desk(database, mocker)


def unanswered(age: timedelta) -> Attempt:
    return Attempt(kind=AttemptKind.NO_ANSWER, at=now() - age)


def lease(**changes: Any) -> Lease:
    return Lease(**{"version": 1, "until": now() - ATTEMPT, "sending_at": now() - timedelta(minutes=1), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.UNKNOWN, "attempt": unanswered(timedelta(minutes=1))},
        {"state": State.DELETING, "attempt": unanswered(timedelta(minutes=1))},
        {"state": State.DELETING, "lease": lease()},
    ],
    ids=["unknown", "not verified yet", "sender died"],
)
async def test_freeze_reply_names_unanswered_attempt_that_may_still_take_effect(
    desk: Desk, changes: dict[str, Any]
) -> None:
    await desk.add(changed_at=now(), **changes)

    said = await desk.freeze()

    assert IDLE not in said
    assert NAME in said
    assert "they may still take effect" in said


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.UNKNOWN, "attempt": unanswered(LATE_DELETES + timedelta(minutes=1))},
        {"state": State.UNKNOWN, "attempt": Attempt(kind=AttemptKind.CONFIRMED, at=now())},
        {"state": State.DELETING, "lease": lease(sending_at=None)},
    ],
    ids=["too late to land", "answered", "nothing was sent"],
)
async def test_freeze_reply_says_idle_when_no_attempt_can_take_effect(desk: Desk, changes: dict[str, Any]) -> None:
    await desk.add(changed_at=now(), **changes)

    assert await desk.freeze() == strings.freeze.FROZEN


async def test_freeze_reply_says_that_another_approver_unfroze_meanwhile(desk: Desk) -> None:
    async def unfreeze(_: Freeze) -> None:
        assert await desk.freezing.unfreeze(Permit(Action.UNFREEZE, person("U0CAROL")), "C0", "")

    desk.engine.freeze_changed.side_effect = unfreeze

    said = await desk.freeze()

    assert said != strings.freeze.FROZEN
    assert "<@U0CAROL> unfroze" in said


async def test_freeze_command_stops_waiting_when_unfrozen(desk: Desk) -> None:
    await desk.add(state=State.DELETING, changed_at=now(), lease=lease(until=now() + timedelta(hours=1)))

    async def unfreeze(_: Freeze) -> None:
        assert await desk.freezing.unfreeze(Permit(Action.UNFREEZE, person("U0CAROL")), "C0", "")

    desk.engine.freeze_changed.side_effect = unfreeze

    assert "<@U0CAROL> unfroze" in await desk.freeze()
