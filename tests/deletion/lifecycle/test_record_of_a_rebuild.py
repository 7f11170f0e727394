"""The row and the journal keep each step of a rebuild whole, and nothing of the attempts before it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import ANY

import pytest

from deletion.db.freeze_and_hold_tables import freezes
from deletion.db.tables import archives
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.execution_check import THERE_AGAIN
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.lifecycle.executor import OTHER_CLIENT
from deletion.lifecycle.lease import LEASE, TOO_SLOW
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.rebuild_steps import changed, rebuild
from tests.deletion.lifecycle.record import attempted, become, journal
from tests.deletion.values import freeze
from tests.kore_api.samples import RATE_LIMIT, SEEDED_ID

pytestmark = pytest.mark.any_database

THROTTLED = "Kore.ai was not asked: the rate limit has been reached."
MISSED = Attempt(kind=AttemptKind.NOT_SENT, at=now(), explanation=THROTTLED, retry_after_seconds=20)


async def paused(world: World, since: datetime | None = None, **fields: Any) -> Request:
    """Return a rebuild whose create met the rate limit five minutes ago, and is due again."""
    since = since or now() - timedelta(minutes=5)
    return await changed(world, await rebuild(world, **fields), waiting_since=since, attempt=MISSED)


def there(world: World) -> list[dict[str, Any]]:
    """Return the campaigns that have the name of the deleted one."""
    named = world.kore.memory.campaigns[SEEDED_ID]["name"]
    return [raw for id_, raw in world.kore.memory.campaigns.items() if raw["name"] == named and id_ != SEEDED_ID]


async def test_rebuild(world: World) -> None:
    asked = await paused(world)

    await world.advance(asked.id)

    kept, (raw,) = await world.request(asked.id), there(world)
    assert kept.attempt
    sent = Attempt(
        kind=AttemptKind.CONFIRMED, at=kept.attempt.at, kore_message=f"Campaign {raw['name']} creation in progress"
    )
    seen = {"observation": Observation.PRESENT, "created_id": raw["_id"], "waiting_since": None}
    await become(world, asked, 3, state=State.REBUILT, attempt=sent, **seen)
    assert await journal(world, asked) == [
        ("rebuilding", {"attempt": "not sent"}),
        ("attempted", attempted(sent)),
        ("rebuilt", {**attempted(sent), "observation": "present", "created": raw["_id"]}),
    ]


@pytest.mark.parametrize(
    ("fields", "is_purged", "why"),
    [
        ({}, True, "the archive has no copy of it"),
        ({"contactLists": []}, False, "the archive lacks contactLists"),
    ],
)
async def test_rebuild_that_has_nothing_to_send(
    world: World, fields: dict[str, Any], why: str, *, is_purged: bool
) -> None:
    asked = await paused(world, **fields)
    if is_purged:
        async with world.database.begin() as connection:
            await connection.execute(archives.delete())

    await world.advance(asked.id)

    kept = await world.request(asked.id)
    assert kept.attempt
    unsent = Attempt(kind=AttemptKind.NOT_SENT, at=kept.attempt.at, explanation=f"It can't be rebuilt: {why}.")
    await become(world, asked, 1, state=State.FAILED, attempt=unsent)
    assert await journal(world, asked) == [("failed", attempted(unsent))]
    assert there(world) == []


async def test_rebuild_that_did_not_leave(world: World) -> None:
    asked = await paused(world)

    async def be_suspended() -> None:
        world.clock.moved_seconds += LEASE.total_seconds()

    world.limit.before_sending = be_suspended

    due = await world.advance(asked.id)

    kept = await world.request(asked.id)
    assert kept.attempt
    assert due
    assert timedelta(0) < due - kept.changed_at <= timedelta(seconds=20)
    unsent = Attempt(kind=AttemptKind.NOT_SENT, at=kept.attempt.at, explanation=TOO_SLOW)
    await become(world, asked, 2, attempt=unsent, execute_after=due)
    assert (await journal(world, asked))[1:] == [("not sent", attempted(unsent))]
    assert there(world) == []


async def test_rebuild_is_not_sent_to_another_account(world: World) -> None:
    asked = await changed(world, await rebuild(world), kore_account="https://another")

    await world.restarted(kore_account="https://another").advance(asked.id)

    kept = await world.request(asked.id)
    assert kept.attempt
    assert (kept.state, kept.attempt.explanation, there(world)) == (State.APPROVED, OTHER_CLIENT, [])


async def test_freeze_before_the_swap_keeps_a_rebuild_as_it_was(world: World) -> None:
    asked = await paused(world)

    async def freeze_all() -> None:
        async with world.database.begin() as connection:
            await connection.execute(freezes.insert().values(freeze().model_dump()))

    world.leases.before_swap = freeze_all

    await world.advance(asked.id)

    assert (await world.request(asked.id), await journal(world, asked)) == (asked, [])


@pytest.mark.parametrize(("minutes", "event"), [(0, "waiting for Kore.ai"), (59, "still waiting for Kore.ai")])
async def test_rebuild_that_gets_no_call(world: World, minutes: int, event: str) -> None:
    since = now() - timedelta(minutes=minutes) if minutes else None
    asked = await changed(world, await rebuild(world), waiting_since=since)
    world.limit.before_sending = partial(world.use_up, leaving=0)

    due = await world.advance(asked.id)

    kept = await world.request(asked.id)
    assert due
    assert kept.attempt
    assert (kept.attempt.kind, kept.attempt.explanation) == (AttemptKind.NOT_SENT, THROTTLED)
    since = asked.waiting_since or kept.waiting_since
    await become(world, asked, 2, attempt=kept.attempt, execute_after=due, waiting_since=since)
    told = (event, {**attempted(kept.attempt), "until": due.isoformat(timespec="seconds")})
    assert await journal(world, asked) == [("rebuilding", {}), told]
    assert since
    assert there(world) == []


async def test_rebuild_that_got_no_call_for_an_hour(world: World) -> None:
    asked = await paused(world, now() - timedelta(minutes=61))
    world.limit.before_sending = partial(world.use_up, leaving=0)

    await world.advance(asked.id)

    kept = await world.request(asked.id)
    assert kept.attempt
    assert kept.attempt.explanation == THROTTLED
    seen = {"observation": Observation.UNCLEAR, "waiting_since": None}
    await become(world, asked, 3, state=State.FAILED, attempt=kept.attempt, **seen)
    told = {**attempted(kept.attempt), "observation": "unclear", "created": ""}
    assert (await journal(world, asked))[1:] == [("attempted", attempted(kept.attempt)), ("failed", told)]


async def test_refused_rebuild(world: World) -> None:
    asked = await paused(world)
    world.faults.add(Fault("kore", "create", "rate_limit"))

    await world.advance(asked.id)

    kept = await world.request(asked.id)
    assert kept.attempt
    assert (kept.attempt.kind, kept.attempt.kore_message) == (AttemptKind.REFUSED, RATE_LIMIT)
    seen = {"observation": Observation.UNCLEAR, "waiting_since": None}
    await become(world, asked, 3, state=State.FAILED, attempt=kept.attempt, **seen)


async def test_campaign_that_is_shown_again_is_not_rebuilt(world: World) -> None:
    asked = await changed(world, await rebuild(world), waiting_since=now())
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = False

    async def begin() -> None:
        raise AssertionError

    world.leases.before_swap = begin

    await world.advance(asked.id)

    kept = await world.request(asked.id)
    assert kept.attempt
    unsent = Attempt(kind=AttemptKind.NOT_SENT, at=kept.attempt.at, explanation=THERE_AGAIN)
    await become(world, asked, 1, state=State.FAILED, attempt=unsent)
    assert await journal(world, asked) == [("failed", attempted(unsent))]
    assert there(world) == []


async def test_rebuild_whose_campaign_cannot_be_read(world: World) -> None:
    asked = await rebuild(world)
    world.faults.add(Fault("kore", "get", "error", error="Something went wrong", times=None))

    await world.advance(asked.id)

    kept = await world.request(asked.id)
    assert kept.attempt
    assert (kept.attempt.kind, kept.attempt.kore_message) == (AttemptKind.NOT_SENT, "Something went wrong")
    assert kept.attempt.explanation
    await become(world, asked, 1, state=State.FAILED, attempt=kept.attempt)
    assert await journal(world, asked) == [("failed", attempted(kept.attempt))]


async def test_create_leaves_with_nothing_of_the_attempt_before_it(world: World) -> None:
    """Another replica that takes over must not take the earlier attempt for this one's."""
    asked, seen = await paused(world), []

    async def look() -> None:
        seen.append(await become(world, asked, 1, state=State.REBUILDING, attempt=None, waiting_since=None, lease=ANY))

    world.limit.before_sending = look

    await world.advance(asked.id)

    (sending,) = seen
    assert sending.lease
    assert (sending.lease.version, sending.lease.sending_at) == (sending.version, None)


@pytest.mark.parametrize(("left", "creates"), [(1, 0), (2, 1)])
async def test_rebuild_begins_if_a_call_is_left_for_its_create(world: World, left: int, creates: int) -> None:
    asked = await changed(world, await rebuild(world), waiting_since=None)
    await world.use_up(leaving=left)

    assert await world.advance(asked.id)

    assert len(there(world)) == creates
