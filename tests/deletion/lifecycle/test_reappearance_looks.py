"""A deleted campaign is looked at three times: what is due, what a look costs, and what proves nothing."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.models import Purpose, Request
from deletion.domain.reappearance import first_recheck, next_recheck
from deletion.domain.states import State
from deletion.stores.recheck_store import RecheckStore
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.reappearance_steps import come_back, open_deleted_world, reappearances, wait
from tests.deletion.values import NOON, request

pytestmark = pytest.mark.any_database


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_deleted_world(database_url) as world:
        yield world


@pytest.mark.parametrize(
    ("waited", "following"),
    [
        (timedelta(0), timedelta(minutes=1)),
        (timedelta(minutes=1, seconds=7), timedelta(minutes=5)),
        (timedelta(minutes=5, seconds=7), timedelta(minutes=30)),
        (timedelta(minutes=30, seconds=7), None),
        (timedelta(hours=3), None),
    ],
)
def test_looks_come_after_one_five_and_thirty_minutes(waited: timedelta, following: timedelta | None) -> None:
    assert next_recheck(NOON, NOON + waited) == (NOON + following if following else None)


@pytest.mark.parametrize(
    ("state", "attempt", "is_rechecked"),
    [
        (State.DELETED, AttemptKind.CONFIRMED, True),
        (State.GONE, AttemptKind.NO_ANSWER, True),
        (State.GONE, AttemptKind.REFUSED, False),
        (State.GONE, AttemptKind.NOT_SENT, False),
        (State.GONE, None, False),
        (State.UNKNOWN, AttemptKind.CONFIRMED, False),
        (State.FAILED, AttemptKind.REFUSED, False),
    ],
)
def test_only_what_this_bot_deleted_is_rechecked(state: State, attempt: AttemptKind | None, is_rechecked: bool) -> None:
    ended = request(state=state, attempt=Attempt(kind=attempt, at=now()) if attempt else None)
    assert (first_recheck(ended) is not None) == is_rechecked
    assert first_recheck(ended.model_copy(update={"rebuilds": "1", "purpose": Purpose.REBUILD})) is None


async def test_absent_campaign_costs_one_read_a_look_and_changes_nothing_that_is_told(world: World) -> None:
    ended = await world.request()
    assert ended.recheck_at == ended.changed_at + timedelta(minutes=1)
    assert await reappearances(world).recheck_deleted() == []
    for waited, following in ((1, 5), (5, 30), (30, None)):
        before = await wait(world, timedelta(minutes=waited, seconds=1))
        calls = world.kore.limit.most

        assert await reappearances(world).recheck_deleted() == []

        after = await world.request()
        assert world.kore.limit.most == calls + 1
        assert after.recheck_at == (before.changed_at + timedelta(minutes=following) if following else None)
        assert after == before.model_copy(update={"recheck_at": after.recheck_at})
    assert "deleted" in await world.events()


async def test_look_that_another_replica_claims_in_between_asks_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await wait(world, timedelta(minutes=1))
    come_back(world)
    calls, due = world.kore.limit.most, RecheckStore.due

    async def overtaken(self: RecheckStore, at: datetime, application: str) -> list[Request]:
        found = await due(self, at, application)
        for each in found:
            assert await self.postpone(each, at + timedelta(minutes=1))
        return found

    monkeypatch.setattr(RecheckStore, "due", overtaken)

    assert await reappearances(world).recheck_deleted() == []

    assert (world.kore.limit.most, (await world.request()).state) == (calls, State.DELETED)


async def test_look_leaves_room_for_deletes_and_people(world: World) -> None:
    await wait(world, timedelta(minutes=1))
    await world.use_up(leaving=8)
    calls = world.kore.limit.most

    assert await reappearances(world).recheck_deleted() == []

    assert world.kore.limit.most == calls
    assert (await world.request()).recheck_at


async def test_unclear_answer_is_no_absence_and_is_retried_for_an_hour(world: World) -> None:
    world.faults.add(Fault("kore", "get", "status", status=503, times=None))
    await wait(world, timedelta(minutes=30, seconds=1))
    asked_at = now()
    assert await reappearances(world).recheck_deleted() == []
    retried = await world.request()
    assert retried.state is State.DELETED
    assert retried.recheck_at
    assert timedelta(0) < retried.recheck_at - asked_at - timedelta(minutes=1) <= now() - asked_at

    await wait(world, timedelta(minutes=61))
    assert await reappearances(world).recheck_deleted() == []
    assert (await world.request()).recheck_at is None


async def test_refusal_in_other_words_counts_as_still_absent(world: World) -> None:
    before = await wait(world, timedelta(minutes=1, seconds=1))
    world.faults.add(Fault("kore", "get", "error", error="Kampagne unbekannt", times=None))

    assert await reappearances(world).recheck_deleted() == []

    assert (await world.request()).recheck_at == before.changed_at + timedelta(minutes=5)


async def test_campaign_of_another_account_is_not_looked_at(world: World) -> None:
    await world.change(kore_account="https://platform.kore.ai st-1 6777")
    await wait(world, timedelta(minutes=1))
    come_back(world)
    calls = world.kore.limit.most

    assert await reappearances(world, kore_account="https://platform.kore.ai st-2 6777").recheck_deleted() == []

    assert world.kore.limit.most == calls
    assert (await world.request()).state is State.DELETED


async def test_only_the_requests_of_one_application_are_due(world: World) -> None:
    asked = await wait(world, timedelta(minutes=1))
    rechecks = RecheckStore(world.database)
    assert [each.id for each in await rechecks.due(now(), asked.application)] == [asked.id]
    assert await rechecks.due(now(), "another") == []
