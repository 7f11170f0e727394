"""Nothing is deleted without a reading of the campaign, and only its own sources show that it is gone."""

from datetime import timedelta

import pytest

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.states import State
from deletion.domain.witnesses import Source, Witnesses
from deletion.lifecycle.transitions import Transitions
from deletion.lifecycle.unread_campaign import unsent_attempt
from kore_api.errors import KoreRateLimitError, KoreUncountedError
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

NOT_FOUND = Fault("kore", "get", "error", error="Campaign not found", times=None)
UNREADABLE = Fault("kore", "get", "status", status=503, times=None)
BOTH, GET_ALONE = (Source.GET, Source.STATUS), (Source.GET,)


def shown_by(*sources: Source) -> dict[str, object]:
    return {"witnesses": Witnesses(sources=sources, at=now()).model_dump(mode="json")}


@pytest.mark.parametrize(
    ("fault", "sources", "is_gone", "state", "seen"),
    [
        (None, BOTH, True, State.GONE, Observation.ABSENT),
        (None, GET_ALONE, True, State.FAILED, Observation.UNCLEAR),
        (NOT_FOUND, BOTH, False, State.FAILED, Observation.UNCLEAR),
        (UNREADABLE, BOTH, False, State.FAILED, Observation.UNCLEAR),
    ],
)
async def test_campaign_that_cannot_be_read_is_not_deleted(
    world: World, fault: Fault | None, sources: tuple[Source, ...], *, is_gone: bool, state: State, seen: Observation
) -> None:
    await world.change(**shown_by(*sources))
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = is_gone
    if fault:
        world.faults.add(fault)

    await world.advance()

    ended = await world.request()
    assert (ended.state, ended.observation, world.deletes_sent()) == (state, seen, 0)
    assert ended.attempt
    assert ended.attempt.kind is AttemptKind.NOT_SENT
    assert ended.attempt.explanation not in {"", "None"}
    assert ended.attempt.kore_message
    if fault is not UNREADABLE:
        assert await world.kore_reads() == 2


async def test_reading_that_could_not_be_counted_is_tried_again_later(world: World) -> None:
    since = now() - timedelta(minutes=1)
    await world.change(waiting_since=since)
    error = KoreUncountedError("My database failed")

    found = await unsent_attempt(world.gateway, Transitions(world.store, POLICY), await world.request(), error)

    kept = await world.request()
    assert (found, kept.state, kept.waiting_since) == (None, State.APPROVED, since)
    assert kept.execute_after
    assert kept.execute_after > now()
    assert kept.attempt
    assert (kept.attempt.kind, kept.attempt.explanation) == (AttemptKind.NOT_SENT, str(error))


async def test_rate_limit_without_an_end_makes_the_request_due_at_once(world: World) -> None:
    """The rate limiter holds the next call as long as it must."""
    asked, error = await world.request(), KoreRateLimitError("Too many calls")

    assert await unsent_attempt(world.gateway, Transitions(world.store, POLICY), asked, error) is None

    kept = await world.request()
    assert kept.waiting_since
    assert kept.execute_after
    assert kept.waiting_since <= kept.execute_after <= kept.changed_at


@pytest.mark.parametrize(
    ("sources", "state", "seen", "event"),
    [
        (GET_ALONE, State.UNKNOWN, Observation.UNCLEAR, "looked again"),
        (BOTH, State.GONE, Observation.ABSENT, "gone"),
    ],
)
async def test_unanswered_delete_is_settled_only_by_both_sources_of_its_campaign(
    world: World, sources: tuple[Source, ...], state: State, seen: Observation, event: str
) -> None:
    sent_at = now() - timedelta(minutes=2)
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=sent_at).model_dump(mode="json")
    await world.change(state=State.UNKNOWN, attempt=lost, changed_at=sent_at, **shown_by(*sources))
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True

    assert await world.execution.recheck_unknown() == [world.id]

    ended = await world.request()
    assert (ended.state, ended.observation) == (state, seen)
    *_, entry = await world.store.entries(world.id)
    assert (entry.event, entry.details["observation"]) == (event, str(seen))
    assert await world.kore_reads() == 1
