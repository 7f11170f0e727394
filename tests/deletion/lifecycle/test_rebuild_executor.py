"""A rebuild whose response was lost is settled by the campaign that it made, and by no other."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from deletion.db.tables import requests
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.states import State
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.rebuild_steps import made, rebuild

pytestmark = pytest.mark.any_database

LONG_NAME = "Interactive Support SMS Campaign for every customer of the north"


async def lose_response(world: World, asked: Request, at: datetime) -> None:
    """Let the response to the create be lost at that time, with the outcome unverified."""
    attempt = Attempt(kind=AttemptKind.NO_ANSWER, at=at).model_dump(mode="json")
    changes = {"state": State.REBUILDING, "attempt": attempt, "changed_at": at}
    async with world.database.begin() as connection:
        await connection.execute(requests.update().where(requests.c.id == asked.id).values(**changes))


async def test_interrupted_create_is_searched_from_the_time_of_the_swap(world: World) -> None:
    asked = await rebuild(world)
    swapped_at = now() - timedelta(minutes=4)
    async with world.database.begin() as connection:
        changes = {"state": State.REBUILDING, "changed_at": swapped_at}
        await connection.execute(requests.update().where(requests.c.id == asked.id).values(**changes))
    created = made(world, swapped_at + timedelta(seconds=1))

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert (ended.state, ended.created_id) == (State.REBUILT, created)


async def test_created_campaign_is_found_by_the_name_that_was_sent(world: World) -> None:
    asked = await rebuild(world, name=LONG_NAME)
    world.faults.add(Fault("kore", "create", "lost_answer"))

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert ended.state is State.REBUILT
    assert world.kore.memory.campaigns[ended.created_id]["name"] == LONG_NAME[:48]


@pytest.mark.parametrize(
    "other",
    [
        {"status": "Active"},
        {"status": "Stopped", "campaignInstanceId": "cid-1"},
        {"campaignInstanceId": "cid-1"},
        {"schedule": {"isSchedulingEnabled": True}},
        {"contactLists": ["VIP customers"]},
        {"description": "Another one"},
        {"priority": "1"},
        {"dialingStrategy": {"callerId": {"phoneNumber": "+4930123456"}}},
        {"dialingMode": "Preview"},
        {"format": "simple", "message": {"message": "QnVy"}, "experienceFlow": None},
    ],
)
async def test_campaign_of_the_same_name_that_is_not_the_one_sent_is_not_announced(
    world: World, other: dict[str, Any]
) -> None:
    asked = await rebuild(world)
    at = now()
    made(world, at - timedelta(minutes=1), **other)
    await lose_response(world, asked, at)

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert (ended.state, ended.observation, ended.created_id) == (State.UNKNOWN, Observation.UNCLEAR, "")


async def test_created_campaign_is_told_from_a_running_one_of_the_same_name(world: World) -> None:
    asked = await rebuild(world)
    at = now()
    made(world, at - timedelta(minutes=1), status="Active")
    created = made(world, at + timedelta(seconds=1), status="Preparing")
    await lose_response(world, asked, at)

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert (ended.state, ended.created_id) == (State.REBUILT, created)


async def test_two_campaigns_like_the_one_sent_settle_nothing(world: World) -> None:
    asked = await rebuild(world)
    at = now()
    made(world, at)
    made(world, at + timedelta(seconds=1))
    await lose_response(world, asked, at)

    await world.advance(asked.id)

    assert (await world.request(asked.id)).state is State.UNKNOWN


async def test_campaign_without_creation_date_is_no_proof_of_absence(world: World) -> None:
    asked = await rebuild(world)
    at = now() - timedelta(minutes=11)
    raw = world.kore.memory.campaigns[made(world, at, status="Active")]
    del raw["createdAt"]
    await lose_response(world, asked, at)

    await world.advance(asked.id)

    assert (await world.request(asked.id)).state is State.UNKNOWN


LISTS_THAT_PROVE_NOTHING: dict[str, dict[str, Any]] = {
    "without a total": {"totalResults": None},
    "without hasMore": {"hasMore": None},
    "ends before its total": {"results": [], "hasMore": False},
    "goes on after its total": {"results": [], "hasMore": True, "totalResults": 0},
    "shows no known campaign": {"results": [], "hasMore": False, "totalResults": 0},
}


@pytest.mark.parametrize("changed", LISTS_THAT_PROVE_NOTHING.values(), ids=LISTS_THAT_PROVE_NOTHING)
async def test_list_without_positive_control_is_no_proof_of_absence(
    world: World, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    asked = await rebuild(world)
    await lose_response(world, asked, now() - timedelta(minutes=11))
    page = world.kore.memory.page
    monkeypatch.setattr(world.kore.memory, "page", lambda wanted: page(wanted) | changed)

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert (ended.state, ended.observation) == (State.UNKNOWN, Observation.UNCLEAR)


async def test_list_whose_older_campaigns_get_does_not_show_is_no_proof_of_absence(world: World) -> None:
    asked = await rebuild(world)
    await lose_response(world, asked, now() - timedelta(minutes=11))
    world.faults.add(Fault("kore", "get", "error", error="Campaign not found", times=None))

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert (ended.state, ended.observation) == (State.UNKNOWN, Observation.UNCLEAR)


async def test_created_campaign_is_found_though_the_clock_of_kore_is_five_minutes_behind(world: World) -> None:
    asked = await rebuild(world)
    at = now() - timedelta(minutes=11)
    created = made(world, at - timedelta(minutes=5))
    await lose_response(world, asked, at)

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert (ended.state, ended.created_id) == (State.REBUILT, created)


@pytest.mark.parametrize(("status", "state"), [("Ready", State.UNKNOWN), ("Active", State.FAILED)])
async def test_create_is_not_denied_because_the_clock_of_kore_is_further_behind(
    world: World, status: str, state: State
) -> None:
    """A campaign of the same name that was started is another one, so it settles nothing."""
    asked = await rebuild(world)
    at = now() - timedelta(minutes=11)
    made(world, at - timedelta(minutes=20), status=status)
    await lose_response(world, asked, at)

    await world.advance(asked.id)

    assert (await world.request(asked.id)).state is state


async def test_large_account_is_read_only_to_the_campaigns_older_than_the_create(world: World) -> None:
    asked = await rebuild(world)
    world.kore.memory.fill(6_000)
    await lose_response(world, asked, now() - timedelta(minutes=11))
    calls = world.kore.limit.most

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert (ended.state, ended.observation) == (State.FAILED, Observation.ABSENT)
    assert world.kore.limit.most <= calls + 2


async def test_unknown_rebuild_is_settled_by_one_look_once_its_campaign_shows(world: World) -> None:
    asked = await rebuild(world)
    at = now() - timedelta(minutes=2)
    created = made(world, at)
    confirmed = Attempt(kind=AttemptKind.CONFIRMED, at=at).model_dump(mode="json")
    async with world.database.begin() as connection:
        changes = {"state": State.UNKNOWN, "attempt": confirmed, "created_id": created, "changed_at": at}
        await connection.execute(requests.update().where(requests.c.id == asked.id).values(**changes))
    world.kore.memory.campaigns[created]["deleted"] = True
    reads = await world.kore_reads()

    assert await world.execution.recheck_unknown() == [asked.id]

    assert (await world.request(asked.id)).state is State.UNKNOWN
    assert await world.kore_reads() == reads + 1
    world.kore.memory.campaigns[created]["deleted"] = False
    async with world.database.begin() as connection:
        await connection.execute(requests.update().where(requests.c.id == asked.id).values(changed_at=at))
    assert await world.execution.recheck_unknown() == [asked.id]
    assert (await world.request(asked.id)).state is State.REBUILT


async def test_watch_over_an_unknown_rebuild_leaves_room_for_deletes_and_people(world: World) -> None:
    asked = await rebuild(world)
    at = now() - timedelta(minutes=2)
    await lose_response(world, asked, at)
    async with world.database.begin() as connection:
        await connection.execute(requests.update().where(requests.c.id == asked.id).values(state=State.UNKNOWN))
    await world.use_up(leaving=8)

    assert await world.execution.recheck_unknown() == []

    assert (await world.request(asked.id)).version == asked.version
