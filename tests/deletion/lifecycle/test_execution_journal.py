"""The journal keeps every step of an execution with all that was known, and the row keeps nothing of an earlier one."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from deletion.domain.attempt import Attempt, AttemptKind, Lease, Observation
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle import delete_executor
from deletion.lifecycle.delete_executor import MAX_AGE_SECONDS
from deletion.lifecycle.execution import INTERRUPTED, INTERRUPTED_UNSENT
from deletion.lifecycle.executor import GAVE_UP_SLOW, MAX_FENCED
from deletion.lifecycle.lease import ATTEMPT, LEASE, READING_OUTDATED, TOO_SLOW
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import LASTS_LONGER, World
from tests.deletion.lifecycle.stop_steps import FIRST, after_the_undo_window, asked
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

ARCHIVED = {"archive": "a hash"}
CONFIRMED = {
    "attempt": "confirmed",
    "kore_message": "Campaign Interactive Support SMS Campaign deleted successfully",
    "why": "",
}
LIMITED = {
    "attempt": "refused",
    "kore_message": "You've exceeded the per-minute rate limit. Please wait for sometime before retrying.",
    "why": "Kore.ai was asked to delete the campaign and did not: too many calls in this minute.",
}
UNASKED = {"kore_message": "", "why": "Kore.ai was not asked: the rate limit has been reached."}
UNTIL = {"until": "a time"}
NEARLY = timedelta(seconds=1)  # the database's clock may be off by the way of an answer


async def journal(world: World) -> list[tuple[str, dict[str, str]]]:
    """Return what the journal keeps of each step besides the fingerprint. No person made any of them."""
    digest = (await world.request()).campaign.digest
    _, *entries = await world.store.entries(world.id)
    assert {(each.actor_id, each.actor_team_id, each.surface) for each in entries} == {("engine", "", "engine")}
    assert {each.details["fingerprint"] for each in entries} == {digest}
    masked = {"archive": "a hash", "until": "a time"}
    return [
        (each.event, {name: masked.get(name, said) for name, said in each.details.items() if name != "fingerprint"})
        for each in entries
    ]


def not_sent(why: str) -> dict[str, str]:
    return {"attempt": "not sent", "kore_message": "", "why": why}


def no_answer(why: str) -> dict[str, str]:
    return {"attempt": "no answer", "kore_message": "", "why": why}


async def calls(world: World) -> Counter[str]:
    return Counter(call["what"] for call in world.traffic.after())


async def test_journal_of_a_delete(world: World) -> None:
    await world.advance()

    assert await journal(world) == [
        ("attempting", ARCHIVED),
        ("attempted", {**CONFIRMED, **ARCHIVED}),
        ("deleted", {**CONFIRMED, "observation": "absent"}),
    ]


async def test_journal_of_a_delete_that_the_rate_limit_paused_before_it_and_after(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit", times=2))
    await world.use_up(leaving=0)
    for _ in range(3):
        await world.advance()
        await world.a_minute_later()
    await world.attempt()
    for left in (2, 0):
        await world.use_up(leaving=left)
        await world.advance()
        await world.a_minute_later()
    await world.advance()

    assert await journal(world) == [
        ("waiting for Kore.ai", {**UNASKED, **UNTIL}),
        ("attempting", ARCHIVED),
        ("still waiting for Kore.ai", {**LIMITED, **UNTIL}),
        ("attempting", {"attempt": "refused", **ARCHIVED}),
        ("still waiting for Kore.ai", {**LIMITED, **UNTIL}),
        ("attempting", {"attempt": "refused", **ARCHIVED}),
        ("attempted", {**CONFIRMED, **ARCHIVED}),
        ("waiting for Kore.ai", {"attempt": "confirmed", **UNASKED, **UNTIL}),
        ("still waiting for Kore.ai", {"attempt": "confirmed", **UNASKED, **UNTIL}),
        ("deleted", {**CONFIRMED, "observation": "absent"}),
    ]


@pytest.mark.parametrize("sent_ago", [None, timedelta(seconds=20)])
async def test_journal_of_a_delete_that_was_interrupted(world: World, sent_ago: timedelta | None) -> None:
    over = Lease(version=1, until=now() - ATTEMPT, sending_at=now() - sent_ago if sent_ago else None)
    await world.change(state=State.DELETING, lease=over.model_dump(mode="json"))

    await world.advance()

    unsent = [
        ("not sent", not_sent(INTERRUPTED_UNSENT)),
        ("attempting", {"attempt": "not sent", **ARCHIVED}),
        ("attempted", {**CONFIRMED, **ARCHIVED}),
        ("deleted", {**CONFIRMED, "observation": "absent"}),
    ]
    lost = [
        ("interrupted", no_answer(INTERRUPTED)),
        ("unknown", {**no_answer(INTERRUPTED), "observation": "present"}),
    ]
    assert await journal(world) == (lost if sent_ago else unsent)


async def test_journal_of_an_unknown_outcome_that_is_looked_at_again(world: World) -> None:
    sent_at = now() - timedelta(minutes=1)
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=sent_at, explanation=INTERRUPTED)
    await world.change(state=State.UNKNOWN, attempt=lost.model_dump(mode="json"), changed_at=sent_at)

    assert await world.execution.recheck_unknown() == [world.id]
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True
    await world.change(changed_at=sent_at)
    assert await world.execution.recheck_unknown() == [world.id]

    assert await journal(world) == [
        ("looked again", {"attempt": "no answer", "observation": "present"}),
        ("gone", {"attempt": "no answer", "observation": "absent"}),
    ]
    ended = await world.request()
    assert (ended.state, ended.observation, ended.attempt) == (State.GONE, Observation.ABSENT, lost)


async def fenced(world: World, seconds: float) -> None:
    """Attempt the DELETE once, and let so much time pass between the reading and the call."""

    async def be_slow() -> None:
        world.clock.moved_seconds += seconds

    world.limit.before_sending = be_slow
    await world.a_minute_later()
    await world.advance()


async def test_journal_of_a_delete_that_is_given_up_because_each_attempt_was_too_slow(world: World) -> None:
    await fenced(world, LEASE.total_seconds())
    for _ in range(MAX_FENCED - 1):
        await fenced(world, MAX_AGE_SECONDS + 0.1)

    begun = ("attempting", {"attempt": "not sent", **ARCHIVED})
    assert await journal(world) == [
        ("attempting", ARCHIVED),
        ("not sent", not_sent(TOO_SLOW)),
        *[begun, ("not sent", not_sent(READING_OUTDATED))] * (MAX_FENCED - 2),
        begun,
        ("failed", not_sent(GAVE_UP_SLOW)),
    ]
    assert world.deletes_sent() == 0


async def test_attempt_that_was_interrupted_ends_the_count_of_those_that_were_too_slow(world: World) -> None:
    for _ in range(MAX_FENCED - 1):
        await fenced(world, MAX_AGE_SECONDS + 0.1)
    over = Lease(version=(await world.request()).version, until=now() - ATTEMPT)
    await world.change(state=State.DELETING, attempt=None, lease=over.model_dump(mode="json"))
    await fenced(world, MAX_AGE_SECONDS + 0.1)
    before = now()
    await fenced(world, MAX_AGE_SECONDS + 0.1)

    kept, after = await world.request(), now()
    assert kept.state is State.APPROVED
    assert kept.execute_after
    assert before <= kept.execute_after - timedelta(seconds=20) <= after


async def test_swap_to_deleting_keeps_nothing_of_an_earlier_attempt(world: World) -> None:
    earlier = Attempt(kind=AttemptKind.NOT_SENT, at=now(), explanation=TOO_SLOW)
    await world.change(
        attempt=earlier.model_dump(mode="json"), observation=Observation.PRESENT, waiting_since=now(), version=7
    )
    before = await world.request()
    begun: list[Request] = []

    async def look() -> None:
        begun.append(await world.request())

    world.limit.before_sending = look
    began = now()
    await world.attempt()

    (deleting,) = begun
    assert deleting.lease
    granted_at = deleting.lease.until - LEASE - LASTS_LONGER
    assert began - NEARLY < granted_at < now() + NEARLY
    assert deleting == before.model_copy(
        update={
            "state": State.DELETING,
            "version": 8,
            "changed_at": deleting.changed_at,
            "attempt": None,
            "observation": None,
            "waiting_since": None,
            "lease": Lease(version=8, until=deleting.lease.until),
        }
    )


@pytest.mark.parametrize(("is_slow", "reads"), [(False, 1), (True, 2)])
async def test_sources_that_showed_the_campaign_just_now_are_not_asked_again_before_the_delete(
    world: World, *, is_slow: bool, reads: int
) -> None:
    async def be_slow() -> None:
        world.clock.moved_seconds += MAX_AGE_SECONDS + 0.1

    if is_slow:
        world.leases.before_swap = be_slow
    await world.attempt()

    assert await calls(world) == Counter({"get": reads, "delete": 1})


async def test_delete_does_not_wait_for_the_number_of_messages_that_the_campaign_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never_said(*_: object) -> int:
        await asyncio.Event().wait()
        raise AssertionError

    await asked(world, FIRST)
    await world.advance()
    stop = (await world.request()).stop
    monkeypatch.setattr(delete_executor, "COUNT_SECONDS", 0.0)
    monkeypatch.setattr(CampaignGateway, "messages_sent", never_said)

    async with asyncio.timeout(60):
        ended = await after_the_undo_window(world)

    assert (ended.state, ended.stop) == (State.DELETED, stop)
