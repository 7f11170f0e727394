"""The campaign is read again for an approver, and its request ends if it may not be deleted as it is now."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from deletion.domain.attempt import Observation
from deletion.domain.clock import now
from deletion.domain.execution_check import DELETED_AGAIN, THERE_AGAIN
from deletion.domain.models import Purpose
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.domain.witnesses import Source, Witnesses
from deletion.lifecycle.decisions import Decisions, Rechecked
from deletion.lifecycle.transitions import Transitions
from kore_api.errors import CampaignNotFoundError, KoreError, KoreRateLimitError
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.lifecycle.stop_steps import BOTH, FIRST, asked
from tests.deletion.values import all_parties_stand, request
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

ELSEWHERE = "https://platform.kore.ai st-9 6777"


@pytest.fixture
async def world(world: World) -> World:
    await world.change(state=State.AWAITING_APPROVAL)
    return world


async def never_waits(_until: datetime) -> bool:
    return False


def decisions(world: World) -> Decisions:
    transitions = Transitions(world.store, POLICY)
    return Decisions(world.store, transitions, world.gateway, all_parties_stand(world.store, POLICY), POLICY)


async def recheck(world: World, request_id: str | None = None) -> Rechecked:
    found = await decisions(world).recheck_campaign(await world.request(request_id), never_waits)
    assert isinstance(found, Rechecked)
    assert found.request == await world.request(request_id)
    return found


async def unread(world: World) -> KoreError:
    """Recheck a campaign that cannot be read, which changes nothing."""
    before = await world.request()
    found = await decisions(world).recheck_campaign(before, never_waits)
    assert isinstance(found, KoreError)
    assert await world.request() == before
    return found


def disappear(world: World) -> None:
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True


async def test_unchanged_campaign_is_returned_and_its_request_stays(world: World) -> None:
    before = await world.request()

    found = await recheck(world)

    assert found.request == before
    assert found.campaign
    assert found.campaign.id == SEEDED_ID


async def test_changed_campaign_ends_the_request_and_is_returned_as_it_is_now(world: World) -> None:
    world.kore.memory.put(SEEDED_ID, {"name": "Another sale"})

    found = await recheck(world)

    assert found.request.state is State.CHANGED
    assert found.campaign
    assert found.campaign.name == "Another sale"


async def test_campaign_that_was_started_since_is_not_deleted(world: World) -> None:
    world.kore.memory.send(SEEDED_ID, per_minute=600)
    assert (await recheck(world)).request.state is State.CHANGED


@BOTH
async def test_running_campaign_of_a_stop_stays_approvable(world: World, stops: Purpose) -> None:
    await asked(world, stops, state=State.AWAITING_APPROVAL)
    assert (await recheck(world)).request.state is State.AWAITING_APPROVAL


async def test_changed_content_of_a_campaign_to_stop_and_delete_ends_the_request(world: World) -> None:
    await asked(world, FIRST, state=State.AWAITING_APPROVAL)
    world.kore.memory.put(SEEDED_ID, {"name": "Another sale"})
    assert (await recheck(world)).request.state is State.CHANGED


async def test_campaign_that_no_source_shows_ends_the_request_as_gone(world: World) -> None:
    disappear(world)

    found = await recheck(world)

    assert (found.request.state, found.request.observation) == (State.GONE, Observation.ABSENT)
    assert found.campaign is None
    assert (await world.events())[-1] == "gone"


@pytest.mark.parametrize(
    ("sources", "fault"),
    [
        ((Source.GET, Source.STATUS), Fault("kore", "status", "status", status=503, times=None)),
        ((Source.GET, Source.STATUS), Fault("kore", "status", "rate_limit", times=None)),
        ((Source.GET,), None),
    ],
)
async def test_campaign_that_get_alone_misses_ends_nothing(
    world: World, sources: tuple[Source, ...], fault: Fault | None
) -> None:
    await world.change(witnesses=Witnesses(sources=sources, at=now()).model_dump(mode="json"))
    disappear(world)
    if fault:
        world.faults.add(fault)

    assert isinstance(await unread(world), CampaignNotFoundError)


async def test_campaign_that_another_source_still_shows_ends_nothing_after_one_more_look(world: World) -> None:
    world.faults.add(Fault("kore", "get", "error", error="Campaign not found", times=None))

    assert isinstance(await unread(world), CampaignNotFoundError)

    assert await world.kore_reads() == 2


async def test_campaign_that_kore_does_not_show_ends_nothing(world: World) -> None:
    world.faults.add(Fault("kore", "get", "status", status=503, times=None))
    assert not isinstance(await unread(world), CampaignNotFoundError)


async def test_approver_is_told_until_when_the_rate_limit_lasts(world: World) -> None:
    world.faults.add(Fault("kore", "get", "rate_limit", retry_after_seconds=20))
    told = []

    async def tell(until: datetime) -> bool:
        told.append(until)
        return False

    before = now()
    found = await decisions(world).recheck_campaign(await world.request(), tell)

    assert isinstance(found, KoreRateLimitError)
    (until,) = told
    assert timedelta(seconds=20) <= until - before


@pytest.mark.parametrize(
    ("deleted", "ended"), [(State.DELETED, None), (State.GONE, None), (State.UNKNOWN, THERE_AGAIN)]
)
async def test_rebuild_of_a_campaign_that_is_there_again_ends(world: World, deleted: State, ended: str | None) -> None:
    await world.change(state=deleted)
    kept = request(rebuilds=world.id, state=State.AWAITING_APPROVAL)
    await world.store.add(kept, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])

    found = await recheck(world, kept.id)

    assert found.request.state is (State.FAILED if ended else State.AWAITING_APPROVAL)
    assert (found.request.attempt and found.request.attempt.explanation) == ended
    assert await world.kore_reads() == 0


async def test_rebuild_of_an_older_copy_ends_at_the_approvers_click(world: World) -> None:
    await world.change(state=State.APPROVED)
    await world.advance()  # deletes the campaign, and archives it
    asked = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
    first = request(
        state=State.DELETED, campaign=(await world.request()).campaign, requested_at=now() - timedelta(days=1)
    )
    kept = request(rebuilds=first.id, campaign=first.campaign, state=State.AWAITING_APPROVAL)
    for each in (first, kept):
        await world.store.add(each, asked, [])

    found = await recheck(world, kept.id)

    assert found.request.state is State.FAILED
    assert found.request.attempt
    assert found.request.attempt.explanation == DELETED_AGAIN


@pytest.mark.parametrize("shown", ["unchanged", "changed", "gone", "of another account"])
async def test_request_that_was_cancelled_during_the_recheck_is_returned_as_it_is(world: World, shown: str) -> None:
    changes: dict[str, dict[str, Any]] = {"changed": {"name": "Another sale"}, "gone": {"deleted": True}}
    world.kore.memory.campaigns[SEEDED_ID].update(changes.get(shown, {}))
    if shown == "of another account":
        await world.change(kore_account=ELSEWHERE)
    before = await world.request()
    cancelled = await Transitions(world.store, POLICY).move(before, State.CANCELLED, "cancelled")

    found = await decisions(world).recheck_campaign(before, never_waits)

    assert isinstance(found, Rechecked)
    assert found.request == cancelled
