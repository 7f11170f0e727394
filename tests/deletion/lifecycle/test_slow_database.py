"""A DELETE that a slow database fences is retried less and less often, and given up in the end."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from pytest_mock import MockerFixture

from deletion.db.tables import archives
from deletion.domain import clock
from deletion.domain.attempt import AttemptKind
from deletion.domain.clock import now
from deletion.domain.states import State
from deletion.lifecycle import delete_executor
from deletion.lifecycle.executor import GAVE_UP_SLOW, MAX_FENCED
from deletion.lifecycle.lease import READING_OUTDATED
from tests.deletion.lifecycle.execution_world import World
from tests.kore_api.samples import SEEDED_ID


async def archived(world: World) -> int:
    async with world.database.connect() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(archives)) or 0


async def test_fenced_delete_backs_off_and_is_given_up(world: World, mocker: MockerFixture) -> None:
    mocker.patch.object(clock._clock, "now", return_value=now())  # noqa: SLF001 - what every module's now() asks
    waits = []
    for _ in range(MAX_FENCED - 1):
        await world.advance_slowly()
        request = await world.request()
        assert request.state is State.APPROVED
        assert request.execute_after
        waits.append((request.execute_after - request.changed_at).total_seconds())
    await world.advance_slowly()

    ended = await world.request()
    assert [round(wait) for wait in waits] == [10, 20, 40, 80, 160, 300, 300, 300, 300]
    assert ended.state is State.FAILED
    assert ended.attempt
    assert (ended.attempt.kind, ended.attempt.explanation) == (AttemptKind.NOT_SENT, GAVE_UP_SLOW)
    assert world.deletes_sent() == 0


async def test_given_up_delete_does_not_blame_the_database_for_slow_reads_of_kore(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delete_executor, "MAX_READ_SECONDS", -1.0)
    for _ in range(MAX_FENCED):
        await world.a_minute_later()
        await world.advance()

    ended = await world.request()
    assert ended.state is State.FAILED
    assert ended.attempt
    assert "Kore.ai" in ended.attempt.explanation


async def test_no_delete_is_sent_if_the_read_ended_long_after_its_answer_arrived(world: World) -> None:
    """Counting the end of a call takes as long as the database: two seconds and more."""
    world.clock.call_ended_after_seconds = 3

    await world.advance()

    assert (await world.request()).state is State.APPROVED
    assert "not sent" in await world.events()
    assert world.deletes_sent() == 0


async def test_fenced_delete_archives_the_same_campaign_once(world: World) -> None:
    await world.advance_slowly()
    await world.advance_slowly()
    assert await archived(world) == 1
    assert (await world.events()).count("attempting") == 2


async def test_fenced_delete_keeps_the_start_of_its_rate_limit_pause(world: World) -> None:
    since = now() - timedelta(minutes=30)
    await world.change(waiting_since=since)

    await world.advance_slowly()

    assert (await world.request()).waiting_since == since


async def test_campaign_that_changed_during_a_slow_swap_is_read_again_at_once(world: World) -> None:
    since = now() - timedelta(minutes=30)
    await world.change(waiting_since=since)

    async def be_slow() -> None:
        world.clock.moved_seconds += delete_executor.MAX_AGE_SECONDS + 0.1
        world.kore.memory.put(SEEDED_ID, {"name": "KEEP - legal hold"})

    world.leases.before_swap = be_slow

    await world.attempt()

    sent_back = await world.request()
    assert sent_back.attempt
    assert sent_back.attempt.explanation == READING_OUTDATED
    assert sent_back.execute_after
    assert sent_back.execute_after <= sent_back.changed_at
    assert (sent_back.state, sent_back.waiting_since, world.deletes_sent()) == (State.APPROVED, since, 0)
