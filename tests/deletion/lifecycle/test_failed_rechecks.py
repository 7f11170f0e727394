"""A recheck that fails is logged with its request, changes nothing, and is left to the next sweep."""

import logging
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

import pytest
from pytest_mock import MockerFixture

from deletion.domain import log_context
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.states import State
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle.reappearance import Reappearances
from deletion.lifecycle.transitions import Transitions
from deletion.stores.recheck_store import RecheckStore
from tests.deletion.lifecycle.execution_world import POLICY, World

pytestmark = pytest.mark.any_database


class Tasks:
    """A tracer that keeps the names of the spans, with the request of each."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str]] = []

    def begin(self, request_id: str) -> None:
        raise AssertionError(request_id)

    def span(self, request_id: str, task: str) -> AbstractContextManager[object]:
        self.begun.append((request_id, task))
        return nullcontext()


class Ids(logging.Filter):
    """Keep the ids that complete each line."""

    def __init__(self) -> None:
        super().__init__()
        self.added: list[log_context.Fields] = []

    def filter(self, record: logging.LogRecord) -> bool:
        self.added.append(log_context.fields(vars(record)))
        return True


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> Tasks:
    tasks = Tasks()
    monkeypatch.setattr(log_context, "_tracer", tasks)
    return tasks


async def recheck(world: World) -> list[str]:
    parts = RecheckStore(world.database), Transitions(world.store, POLICY), world.gateway, POLICY
    return [*await world.execution.recheck_unknown(), *await Reappearances(*parts).recheck_deleted()]


@pytest.mark.parametrize(
    ("state", "kind", "look"),
    [(State.UNKNOWN, AttemptKind.NO_ANSWER, "observe"), (State.DELETED, AttemptKind.CONFIRMED, "read")],
)
async def test_failed_recheck_is_logged_and_changes_nothing(  # noqa: PLR0917 - fixtures
    world: World,
    state: State,
    kind: AttemptKind,
    look: str,
    tasks: Tasks,
    mocker: MockerFixture,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ago = now() - timedelta(minutes=2)
    ended = {"state": state, "attempt": Attempt(kind=kind, at=ago).model_dump(mode="json")}
    await world.change(**ended, changed_at=ago, recheck_at=ago if state is State.DELETED else None)
    error = RuntimeError("A bug")
    mocker.patch.object(CampaignGateway, look, side_effect=error)
    ids, before = Ids(), await world.request()

    with caplog.filtering(ids):
        assert await recheck(world) == []

    (line,) = caplog.records
    assert (line.getMessage(), line.levelno) == ("Recheck failed", logging.ERROR)
    assert line.exc_info
    assert line.exc_info[1] is error
    assert ids.added == [{"request_id": world.id, "campaign_id": before.campaign.campaign_id}]
    assert tasks.begun == [(world.id, "recheck")]
    assert (await world.request()).version == before.version


async def test_steps_of_an_execution_are_one_task_each(world: World, tasks: Tasks) -> None:
    await world.advance()
    assert tasks.begun == [(world.id, "execute")] * 2
