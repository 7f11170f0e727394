"""A sweep starts what is due before it waits for Kore.ai, and one failing recheck stops no other."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from dbos import DBOS
from pytest_mock import MockerFixture

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.engine import delivery, queues, workflows
from deletion.engine.sweep_timer import LOOKED_BACK, SweepTimer
from deletion.engine.workflows import Engine
from deletion.lifecycle.applications import Applications
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.messages.message_sync import MessageSync
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from handlers.listeners.home_publisher import HomePublisher
from tests.deletion.lifecycle.execution_world import World, open_world
from tests.deletion.values import request

PARTS: dict[str, type] = {
    "store": RequestStore, "applications": Applications, "announcement": MessageSync, "freezes": FreezeNoticeSync,
    "previews": PreviewStore, "homes": HomePublisher,
}  # fmt: skip
EMPTY = ("applications.keep_deadlines", "applications.recheck_unknown", "applications.recheck_deleted", "store.due_now",
         "store.unfinished", "announcement.overdue", "announcement.posted", "freezes.overdue",
         "homes.overdue")  # fmt: skip


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url) as world:
        yield world


@pytest.fixture
def parts(mocker: MockerFixture) -> dict[str, Any]:
    """The parts of an engine that find nothing to do. DBOS is not started."""
    mocker.patch.object(DBOS, "workflow", return_value=lambda function: function)
    for name in ("resume_orphaned", "purge_finished"):
        mocker.patch.object(queues, name, autospec=True)
    parts = {name: mocker.create_autospec(part, instance=True) for name, part in PARTS.items()}
    parts["store"].current_freeze.return_value = (None, 0)
    parts["store"].any_is_open.return_value = True
    for path in EMPTY:
        part, method = path.split(".")
        getattr(parts[part], method).return_value = []
    return parts


async def test_sweep_starts_what_is_due_before_it_waits_for_kore_ai(parts: dict[str, Any]) -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    async def recheck() -> list[str]:
        asked.set()
        await answered.wait()
        return []

    parts["applications"].recheck_unknown.side_effect = recheck
    engine = Engine(**parts)
    first = asyncio.create_task(engine._sweep(None))  # noqa: SLF001 - the timer calls it
    await asked.wait()

    parts["store"].due_now.assert_awaited()
    parts["announcement"].overdue.assert_awaited()
    await engine._sweep(None)  # noqa: SLF001 - the next one, which does not wait for the first
    parts["applications"].recheck_unknown.assert_awaited_once()
    answered.set()
    await first
    await engine._sweep(None)  # noqa: SLF001 - asks again
    assert parts["applications"].recheck_unknown.await_count == 2


async def test_sweep_looks_for_nothing_due_while_no_request_is_open(parts: dict[str, Any]) -> None:
    parts["store"].any_is_open.return_value = False
    engine = Engine(**parts)
    await engine._sweep(None)  # noqa: SLF001 - the timer calls it
    parts["applications"].keep_deadlines.assert_not_awaited()
    parts["store"].unfinished.assert_not_awaited()
    parts["announcement"].overdue.assert_awaited()

    parts["store"].any_is_open.return_value = True
    await engine._sweep(None)  # noqa: SLF001 - the next one
    parts["applications"].keep_deadlines.assert_awaited_once()
    parts["store"].unfinished.assert_awaited_once()


async def test_sweep_purges_once_a_minute_and_again_at_once_after_a_failure(
    parts: dict[str, Any], mocker: MockerFixture
) -> None:
    clock = mocker.patch.object(workflows, "monotonic", autospec=True, return_value=5.0)
    purge = parts["previews"].purge
    purge.side_effect = [ConnectionError, None, None]
    engine = Engine(**parts)
    with pytest.raises(ConnectionError):
        await engine._sweep(None)  # noqa: SLF001 - the timer calls it
    for at, purges in ((6.0, 2), (65.9, 2), (66.0, 3)):
        clock.return_value = at
        await engine._sweep(None)  # noqa: SLF001 - the timer calls it
        assert purge.await_count == purges


async def test_stop_waits_neither_for_a_database_that_hangs_nor_for_one_that_fails(
    parts: dict[str, Any], mocker: MockerFixture, caplog: pytest.LogCaptureFixture
) -> None:
    mocker.patch.object(queues, "stop", autospec=True)
    mocker.patch.object(delivery, "MARKED_WITHIN_SECONDS", 0.0)
    never = asyncio.Event()
    parts["announcement"].stopped.side_effect = never.wait
    await Engine(**parts).stop(0)

    mocker.patch.object(delivery, "MARKED_WITHIN_SECONDS", None)
    parts["announcement"].stopped.side_effect = ConnectionError
    await Engine(**parts).stop(0)

    never.set()
    said = [(line.message, getattr(line, "error", "")) for line in caplog.records]
    text = "Messages not left to the other replicas"
    assert said == [(text, "TimeoutError"), (text, "ConnectionError")]


async def test_messages_of_an_outcome_do_not_wait_for_the_cached_list(
    parts: dict[str, Any], mocker: MockerFixture
) -> None:
    order: list[str] = []

    async def run(_result: object, function: Any, *args: Any, **_: object) -> Any:
        return await function(*args)

    mocker.patch.object(queues, "run_step", side_effect=run)
    mocker.patch.object(queues, "enqueue", autospec=True)
    parts["applications"].advance.return_value = None

    async def pending(_request_id: str) -> list[object]:
        order.append("messages")
        return []

    parts["announcement"].pending.side_effect = pending
    parts["applications"].update_list.side_effect = lambda _: order.append("list")

    await Engine(**parts)._execute("a request")  # noqa: SLF001 - the workflow calls it

    assert order == ["messages", "list"]


async def test_failing_recheck_of_unknown_outcome_stops_no_other(world: World, mocker: MockerFixture) -> None:
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now() - timedelta(minutes=5))
    await world.change(state=State.UNKNOWN, attempt=lost.model_dump(mode="json"))
    failing = request(state=State.UNKNOWN, attempt=lost)
    unknown = [failing, await world.request()]
    mocker.patch.object(world.store, "unknown", autospec=True, return_value=unknown)
    real, asked = world.deletes.recheck, []

    async def recheck(found: Request) -> bool:
        asked.append(found.id)
        if found is failing:
            raise ConnectionError
        return await real(found)

    mocker.patch.object(world.deletes, "recheck", autospec=True, side_effect=recheck)

    await world.execution.recheck_unknown()

    assert asked == [failing.id, world.id]


async def test_sweep_after_one_of_all_that_failed_is_of_all_again() -> None:
    covered: list[timedelta | None] = []
    failing = [ConnectionError()]

    async def sweep(within: timedelta | None) -> None:
        covered.append(within)
        if failing:
            raise failing.pop()

    timer = SweepTimer(sweep)
    timer.start()
    for _ in range(3):
        await asyncio.gather(*timer._sweeps, return_exceptions=True)  # noqa: SLF001 - the clock is not waited for
        await asyncio.sleep(0)  # its end is noted
        timer.sweep_now()
    timer.stop()

    assert covered == [None, None, LOOKED_BACK]
