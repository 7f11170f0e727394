"""The whole undo window begins when an approval is written, however long the database took to write it."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from deletion.domain import clock
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle import undo_window
from deletion.lifecycle.decisions import Decided
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.undo_window import COMMIT_WITHIN
from deletion.stores.preview_store import PreviewStore
from tests.deletion.lifecycle.party_world import POLICY, Bot
from tests.deletion.values import EnoughApprovers, person, preview

LATE = timedelta(seconds=90)


class StoppedClock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.time = clock.now()

    def now(self) -> datetime:
        return self.time

    def move(self, by: timedelta = LATE) -> None:
        self.time += by


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    stopped = StoppedClock()
    monkeypatch.setattr(clock._clock, "now", stopped.now)  # noqa: SLF001 - what every module's now() asks
    return stopped


@pytest.fixture
async def bot(database_url: str) -> AsyncIterator[Bot]:
    bot = Bot(database_url)
    yield bot
    await bot.engine.dispose()


def at_write(bot: Bot, act: Callable[[], None]) -> None:
    """Act when the database has granted the first write to a request, as if it had waited for a lock."""
    left = [act]

    def written(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if left and statement.startswith(("UPDATE requests", "INSERT INTO requests")):
            left.pop()()

    sa.event.listen(bot.engine.sync_engine, "after_cursor_execute", written)


def at_commit(bot: Bot, act: Callable[[], None]) -> None:
    """Act while the database commits the first write to a request, when it can no longer be rolled back."""
    written = []
    left = [act]

    def remember(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("UPDATE requests", "INSERT INTO requests")):
            written.append(statement)

    def committed(_connection: Any) -> None:
        if written and left:
            left.pop()()

    sa.event.listen(bot.engine.sync_engine, "after_cursor_execute", remember)
    sa.event.listen(bot.engine.sync_engine, "commit", committed)


async def approve(bot: Bot, asked: Request) -> Decided:
    permit = bot.slack.permit("U0CAROL", asked)
    assert isinstance(permit, Permit)
    decided = await bot.decisions.record(permit, surface="modal")
    assert decided
    return decided


async def asked_once(bot: Bot, at: datetime, **changes: Any) -> Request:
    until = at + timedelta(hours=1)
    return await bot.add("U0BOB", **{"state": State.AWAITING_APPROVAL, "expires_at": until, **changes})


def assert_whole_window(request: Request, at: datetime, policy: Policy = POLICY) -> None:
    assert request.state is State.APPROVED
    assert request.execute_after == at + policy.undo_window
    assert request.expires_at == at + policy.undo_window + policy.approval_ttl


@pytest.mark.parametrize(
    ("when", "events"),
    [(at_write, ["requested", "approved"]), (at_commit, ["requested", "approved", "undo window restarted"])],
)
async def test_late_approval_starts_whole_undo_window(
    bot: Bot, stopped: StoppedClock, when: Callable[[Bot, Callable[[], None]], None], events: list[str]
) -> None:
    asked = await asked_once(bot, stopped.time)
    when(bot, stopped.move)

    decided = await approve(bot, asked)

    assert decided.request == await bot.now(asked)
    assert_whole_window(decided.request, stopped.time)
    assert len(decided.request.approvals) == 2
    assert await bot.events(asked) == events


async def test_window_of_an_approval_that_was_committed_in_time_is_not_restarted(
    bot: Bot, stopped: StoppedClock
) -> None:
    asked, clicked_at = await asked_once(bot, stopped.time), stopped.time
    at_commit(bot, partial(stopped.move, undo_window.LATE))

    assert_whole_window((await approve(bot, asked)).request, clicked_at)

    assert await bot.events(asked) == ["requested", "approved"]


async def test_stop_counts_from_the_click_however_long_the_database_took(bot: Bot, stopped: StoppedClock) -> None:
    times = {"approved_at": stopped.time - LATE, "expires_at": stopped.time + LATE / 2}
    approved = await bot.add("U0BOB", "U0CAROL", **times)
    clicked_at = stopped.time
    at_write(bot, stopped.move)

    decided = await bot.decisions.record(Permit(Action.STOP, person("U0ALICE"), approved.id), surface="button")

    assert decided
    assert (decided.request.state, decided.request.changed_at) == (State.STOPPED, clicked_at)


async def test_approval_that_waited_for_slack_starts_whole_undo_window(
    bot: Bot, stopped: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await asked_once(bot, stopped.time)
    answer = bot.slack.authorise_again

    async def answer_late(permit: Permit, request: Request) -> Permit | Denial:
        stopped.move()
        return await answer(permit, request)

    monkeypatch.setattr(bot.slack, "authorise_again", answer_late)

    await bot.decisions.record(Permit(Action.APPROVE, person("U0CAROL"), asked.id), surface="modal")

    assert_whole_window(await bot.now(asked), stopped.time)


@pytest.mark.parametrize("late", [LATE, COMMIT_WITHIN / 2])
async def test_approval_is_not_written_after_deadline(bot: Bot, stopped: StoppedClock, late: timedelta) -> None:
    asked = await asked_once(bot, stopped.time, expires_at=stopped.time + late / 2)
    at_write(bot, partial(stopped.move, late))

    decided = await approve(bot, asked)

    assert decided.objection is Objection.EXPIRED
    after = await bot.now(asked)
    assert (after.state, len(after.approvals)) == (State.EXPIRED, 1)


@pytest.mark.parametrize("when", [at_write, at_commit])
async def test_late_request_without_approvals_starts_whole_undo_window(
    bot: Bot, stopped: StoppedClock, when: Callable[[Bot, Callable[[], None]], None]
) -> None:
    policy = Policy(approvals_required=0)
    intake = Intake(bot.store, PreviewStore(bot.engine), None, None, policy, approvers=EnoughApprovers())  # type: ignore[arg-type]  # recording asks Kore.ai nothing
    when(bot, stopped.move)

    made = await intake.record(preview(), Permit(Action.ASK, person("U0ALICE")), "Replaced")

    assert made == await bot.now(made)
    assert_whole_window(made, stopped.time, policy)


@pytest.mark.parametrize(("requests", "more_seconds"), [(1, 0), (2, 0.25), (20, 4.75)])
def test_each_further_request_of_a_list_has_more_time_to_be_written(requests: int, more_seconds: float) -> None:
    at = clock.now()
    latest = at + undo_window.COMMIT_WITHIN + timedelta(seconds=more_seconds)
    assert undo_window.commit_by(at, requests=requests) == latest
    assert undo_window.commit_by(at, at + timedelta(seconds=1), requests) - at == timedelta(seconds=1)
