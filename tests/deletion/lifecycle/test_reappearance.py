"""A deleted campaign that is there again is journalled and told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from deletion.db.list_tables import request_lists
from deletion.db.tables import requests
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.outcome import is_due_for_recheck
from deletion.domain.records import Entry, MessageKind
from deletion.domain.states import WATCHED, State
from deletion.messages.projection import RequestView
from deletion.stores.message_store import MessageStore
from sandbox.faults import Fault
from slack_ui.messages import next_step, request_card, thread_line
from slack_ui.parts.text import date
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.reappearance_steps import OPS, come_back, open_deleted_world, reappearances, wait
from tests.deletion.values import campaign, request
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_deleted_world(database_url) as world:
        yield world


async def test_reappearance_is_journalled_and_told_anew_in_each_channel(world: World) -> None:
    told = {message.key for message in await MessageStore(world.database).messages(world.id)}
    await wait(world, timedelta(minutes=1))
    come_back(world)

    assert await reappearances(world).recheck_deleted() == [world.id]

    again = await world.request()
    assert (again.state, again.observation, again.recheck_at) == (State.UNKNOWN, Observation.PRESENT, None)
    assert again.reappeared_at
    (*_, entry) = await world.store.entries(world.id)
    assert (entry.event, entry.details["observation"]) == ("reappeared", "present")
    assert thread_line.line(entry, again, OPS).startswith("The campaign is there again")
    messages = {message.key: message for message in await MessageStore(world.database).messages(world.id)}
    assert {messages[key].kind for key in messages.keys() - told} == {MessageKind.ORIGIN, MessageKind.ROOM}
    text, _ = request_card.build(RequestView(again), next(iter(messages.values())), OPS)
    assert "is there again, although it was gone." in text
    assert "There again" in text
    assert await reappearances(world).recheck_deleted() == []


@pytest.mark.parametrize(
    ("rest", "told"), [(State.APPROVED, {"settled-U0ALICE"}), (State.DELETED, {"origin-C0", "room-C0OPS"})]
)
async def test_reappearance_in_an_open_list_is_told_to_the_requester_until_the_list_ends(
    world: World, rest: State, told: set[str]
) -> None:
    await wait(world, timedelta(minutes=1))
    following = CampaignFingerprint.of(campaign(_id=f"{SEEDED_ID[:-4]}0099"))
    other = request(campaign=following, state=rest, list_id=world.id, list_position=2)
    await world.store.add(other, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    async with world.database.begin() as connection:
        await connection.execute(request_lists.insert().values(id=world.id))
        first = requests.update().where(requests.c.id == world.id)
        await connection.execute(first.values(list_id=world.id, list_position=1))
    come_back(world)

    assert await reappearances(world).recheck_deleted() == [world.id]

    occasion = f"-1.{(await world.request()).version}"
    keys = [message.key for message in await MessageStore(world.database).messages(world.id)]
    assert {key.removesuffix(occasion) for key in keys if key.endswith(occasion) and "story" not in key} == told


async def test_two_replicas_tell_once_and_ask_each_source_once(world: World) -> None:
    await wait(world, timedelta(minutes=1))
    come_back(world)
    calls = world.kore.limit.most

    found = await asyncio.gather(*(reappearances(world).recheck_deleted() for _ in range(2)))

    assert sorted(found) == [[], [world.id]]
    assert (await world.events()).count("reappeared") == 1
    assert world.kore.limit.most == calls + 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault("kore", "status", "error", error="Campaign not found", times=None),
        Fault("kore", "status", "rate_limit", times=None),
    ],
)
async def test_campaign_that_get_alone_shows_again_is_not_told_and_looked_at_again(world: World, fault: Fault) -> None:
    await wait(world, timedelta(minutes=1))
    come_back(world)
    world.faults.add(fault)
    asked_at = now()

    assert await reappearances(world).recheck_deleted() == []

    retried = await world.request()
    assert retried.state is State.DELETED
    assert retried.recheck_at
    assert timedelta(0) < retried.recheck_at - asked_at - timedelta(minutes=1) <= now() - asked_at


@pytest.mark.parametrize(("error", "is_told"), [("Campaign not found", False), ("Something went wrong", True)])
async def test_campaign_that_get_alone_shows_for_an_hour_is_told_unless_denied(
    world: World, error: str, *, is_told: bool
) -> None:
    await wait(world, timedelta(minutes=61))
    come_back(world)
    world.faults.add(Fault("kore", "status", "error", error=error, times=None))

    assert await reappearances(world).recheck_deleted() == ([world.id] if is_told else [])

    assert (await world.request()).recheck_at is None


async def test_campaign_that_disappears_again_is_deleted_and_rechecked_again(world: World) -> None:
    await wait(world, timedelta(minutes=1))
    come_back(world)
    await reappearances(world).recheck_deleted()
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True
    await world.change(changed_at=now() - timedelta(hours=1))

    assert await world.execution.recheck_unknown() == [world.id]

    deleted = await world.request()
    assert deleted.state is State.DELETED
    assert deleted.recheck_at == deleted.changed_at + timedelta(minutes=1)


async def test_campaign_that_is_seen_again_after_days_is_watched_for_a_day(world: World) -> None:
    """The bot was down, practised, or did not have the application in its settings."""
    await world.change(attempt=Attempt(kind=AttemptKind.CONFIRMED, at=now() - 3 * WATCHED).model_dump(mode="json"))
    await wait(world, 3 * WATCHED)
    come_back(world)
    assert await reappearances(world).recheck_deleted() == [world.id]

    told = await world.request()

    assert is_due_for_recheck(told, told.changed_at + timedelta(minutes=1))
    assert not is_due_for_recheck(told, told.changed_at + WATCHED)
    assert date(told.changed_at + WATCHED) in next_step.text(RequestView(told), OPS)
