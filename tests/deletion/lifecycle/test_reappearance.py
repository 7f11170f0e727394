"""A deleted campaign is looked at again three times, and is told of when it is there again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from deletion.db.list_tables import request_lists
from deletion.db.tables import requests
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Purpose, Request
from deletion.domain.outcome import is_due_for_recheck
from deletion.domain.reappearance import first_recheck, next_recheck
from deletion.domain.records import Entry, MessageKind
from deletion.domain.states import WATCHED, State
from deletion.lifecycle.reappearance import Reappearances
from deletion.lifecycle.transitions import Transitions
from deletion.messages.projection import RequestView
from deletion.stores.message_store import MessageStore
from deletion.stores.recheck_store import RecheckStore
from sandbox.faults import Fault
from slack_ui.messages import next_step, request_card, thread_line
from slack_ui.parts.text import date
from tests.deletion.lifecycle.execution_world import POLICY, World, open_world
from tests.deletion.values import NOON, campaign, request
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

OPS = POLICY.model_copy(update={"ops_rooms": ("C0OPS",)})


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url, OPS) as world:
        await world.advance()
        assert (await world.request()).state is State.DELETED
        yield world


def reappearances(world: World, **settings: Any) -> Reappearances:
    policy = OPS.model_copy(update=settings)
    return Reappearances(RecheckStore(world.database), Transitions(world.store, policy), world.gateway, policy)


async def wait(world: World, waited: timedelta) -> Request:
    """Let the request have ended that long ago, with its next look due and the whole rate limit free."""
    await world.a_minute_later()
    await world.change(changed_at=now() - waited, recheck_at=now() - timedelta(seconds=1))
    return await world.request()


def come_back(world: World) -> None:
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = False


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


async def test_campaign_of_another_account_is_not_looked_at(world: World) -> None:
    await world.change(kore_account="https://platform.kore.ai st-1 6777")
    await wait(world, timedelta(minutes=1))
    come_back(world)
    calls = world.kore.limit.most

    assert await reappearances(world, kore_account="https://platform.kore.ai st-2 6777").recheck_deleted() == []

    assert world.kore.limit.most == calls
    assert (await world.request()).state is State.DELETED


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


async def test_only_the_requests_of_one_application_are_due(world: World) -> None:
    asked = await wait(world, timedelta(minutes=1))
    rechecks = RecheckStore(world.database)
    assert [each.id for each in await rechecks.due(now(), asked.application)] == [asked.id]
    assert await rechecks.due(now(), "another") == []


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
