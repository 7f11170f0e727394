"""The row and the journal keep each step of a stop whole, and nothing of the attempts before it."""

from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest

from deletion.db.freeze_and_hold_tables import freezes, holds
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.execution_check import ON_HOLD, REFUSALS
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Purpose
from deletion.domain.policy import Refusal
from deletion.domain.states import State
from deletion.kore import campaign_gateway
from deletion.kore.stop_reading import StopReading, look_for_stop
from deletion.lifecycle.executor import OTHER_CLIENT
from deletion.lifecycle.lease import LEASE, TOO_SLOW
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.lifecycle.record import attempted, become, journal
from tests.deletion.lifecycle.stop_steps import BOTH, FIRST, ONLY, begun, campaign_now, paused, stops_sent, the_stop
from tests.deletion.values import freeze, hold
from tests.kore_api.samples import RATE_LIMIT, SEEDED_ID

pytestmark = pytest.mark.any_database

CONFIRMED = {"attempt": "confirmed", "kore_message": "Campaign Stopped", "why": ""}


async def test_stop_alone(world: World) -> None:
    asked = await paused(world, ONLY)

    await world.advance()

    kept = await world.request()
    assert kept.attempt
    attempt = Attempt(kind=AttemptKind.CONFIRMED, at=kept.attempt.at, kore_message="Campaign Stopped")
    stop = await the_stop(world, asked, attempt)
    seen = {"observation": Observation.STOPPED, "stop": stop, "waiting_since": None}
    await become(world, asked, 3, state=State.CAMPAIGN_STOPPED, attempt=attempt, **seen)
    assert await journal(world, asked) == [
        ("stopping", {"attempt": "refused"}),
        ("attempted", CONFIRMED),
        ("campaign stopped", {**CONFIRMED, "status": "Stopped", "observation": "stopped"}),
    ]


async def test_stop_before_a_delete(world: World) -> None:
    asked = await paused(world, FIRST)

    await world.advance()

    kept = await world.request()
    assert kept.stop
    assert kept.stop.attempt
    attempt = Attempt(kind=AttemptKind.CONFIRMED, at=kept.stop.attempt.at, kore_message="Campaign Stopped")
    due, campaign = kept.changed_at + POLICY.undo_window, CampaignFingerprint.of(campaign_now(world))
    assert kept.execute_after
    assert abs(kept.execute_after - due) < timedelta(seconds=10)
    times = {"execute_after": kept.execute_after, "expires_at": kept.execute_after + POLICY.approval_ttl}
    nothing = {"attempt": None, "observation": None, "waiting_since": None}
    stop = await the_stop(world, asked, attempt)
    await become(world, asked, 3, campaign=campaign, stop=stop, **times, **nothing)
    seen = {"status": "Stopped", "fingerprint_to_delete": campaign.digest}
    assert (await journal(world, asked))[1:] == [("attempted", CONFIRMED), ("stop verified", {**CONFIRMED, **seen})]


@pytest.mark.parametrize(("status", "event"), [("Completed", "no stop needed"), ("Stopped", "stop verified")])
async def test_delete_whose_campaign_needs_no_stop_any_more(world: World, status: str, event: str) -> None:
    asked = await paused(world, FIRST)
    world.kore.memory.put(SEEDED_ID, {"status": status})

    await world.advance()

    kept, campaign = await world.request(), CampaignFingerprint.of(campaign_now(world))
    assert kept.execute_after
    times = {"execute_after": kept.execute_after, "expires_at": kept.execute_after + POLICY.approval_ttl}
    nothing = {"attempt": None, "observation": None, "waiting_since": None}
    refused = asked.attempt if status == "Stopped" else None
    stop = await the_stop(world, asked, refused)
    await become(world, asked, 1, campaign=campaign, stop=stop, **times, **nothing)
    seen = {"status": status, "fingerprint_to_delete": campaign.digest}
    told = attempted(refused) if refused else {"attempt": "refused"}
    assert await journal(world, asked) == [(event, {**told, **seen})]


async def test_stop_alone_of_a_campaign_that_is_stopped_already(world: World) -> None:
    asked = await paused(world, ONLY)
    world.kore.memory.stop(SEEDED_ID)

    await world.advance()

    assert asked.attempt
    seen = {"observation": Observation.STOPPED, "waiting_since": None}
    stop = await the_stop(world, asked, asked.attempt)
    await become(world, asked, 1, state=State.CAMPAIGN_STOPPED, stop=stop, **seen)
    told = {**attempted(asked.attempt), "status": "Stopped", "observation": "stopped"}
    assert await journal(world, asked) == [("campaign stopped", told)]


async def test_content_that_changed_during_the_stop(world: World) -> None:
    asked = await begun(world, FIRST, AttemptKind.CONFIRMED, waiting_since=now())
    world.kore.memory.stop(SEEDED_ID)
    world.kore.memory.put(SEEDED_ID, {"description": "Another one", "contactLists": ["VIP customers"]})

    await world.advance()

    kept, nothing = await world.request(), {"attempt": None, "observation": None, "waiting_since": None}
    assert [each.field for each in kept.differences] == ["contact_lists", "description"]
    read = {
        "campaign": asked.campaign.model_copy(update={"status": "Stopped"}),
        "stop": await the_stop(world, asked, asked.attempt),
    }
    await become(world, asked, 1, state=State.CHANGED, differences=kept.differences, **read, **nothing)
    told = {"changed": "contact_lists, description", "stop": "confirmed", "attempt": "not sent"}
    assert await journal(world, asked) == [("changed", told)]


async def test_content_that_changed_while_a_stopped_campaign_was_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, look = await paused(world, FIRST), look_for_stop
    world.kore.memory.stop(SEEDED_ID)

    async def edit_and_look(*of: Any, **how: Any) -> StopReading:
        world.kore.memory.put(SEEDED_ID, {"description": "Another one"})
        return await look(*of, **how)

    monkeypatch.setattr(campaign_gateway, "look_for_stop", edit_and_look)

    await world.advance()

    told = {"changed": "description", "stop": "refused", "attempt": "not sent"}
    assert await journal(world, asked) == [("changed", told)]
    assert (await world.request()).state is State.CHANGED


async def test_stop_that_did_not_leave(world: World) -> None:
    asked = await paused(world, FIRST)

    async def be_suspended() -> None:
        world.clock.moved_seconds += LEASE.total_seconds()

    world.limit.before_sending = be_suspended

    due = await world.advance()

    kept = await world.request()
    assert kept.attempt
    assert due
    assert timedelta(0) < due - kept.changed_at <= timedelta(seconds=20)
    unsent = Attempt(kind=AttemptKind.NOT_SENT, at=kept.attempt.at, explanation=TOO_SLOW)
    await become(world, asked, 2, attempt=unsent, execute_after=due)
    told = {"attempt": "not sent", "kore_message": "", "why": TOO_SLOW}
    assert await journal(world, asked) == [("stopping", {"attempt": "refused"}), ("not sent", told)]
    assert stops_sent(world) == 0


async def test_stop_is_not_sent_to_another_account(world: World) -> None:
    asked = await paused(world, ONLY, kore_account="https://another")
    world = world.restarted(kore_account="https://another")

    await world.advance()

    kept = await world.request()
    assert kept.attempt
    assert (kept.state, kept.attempt.explanation, stops_sent(world)) == (State.APPROVED, OTHER_CLIENT, 0)
    assert kept.waiting_since == asked.waiting_since


async def test_freeze_before_the_swap_keeps_a_request_as_it_was(world: World) -> None:
    asked = await paused(world, FIRST)

    async def freeze_deletes() -> None:
        async with world.database.begin() as connection:
            await connection.execute(freezes.insert().values(freeze().model_dump()))

    world.leases.before_swap = freeze_deletes

    await world.advance()

    assert (await world.request(), await journal(world, asked)) == (asked, [])


async def test_stop_that_the_settings_do_not_allow_any_more(world: World) -> None:
    asked = await paused(world, ONLY)
    world.kore.memory.put(SEEDED_ID, {"status": "Hibernating"})

    await world.advance()

    assert asked.attempt
    why = REFUSALS[Refusal.NOT_STOPPABLE]
    attempt = asked.attempt.model_copy(update={"explanation": why})
    await become(world, asked, 1, state=State.FAILED, attempt=attempt, observation=Observation.PRESENT)
    told = {"attempt": "refused", "kore_message": RATE_LIMIT, "why": why, "observation": "present"}
    assert await journal(world, asked) == [("failed", told)]


@BOTH
async def test_stop_leaves_with_nothing_of_the_attempt_before_it(world: World, stops: Purpose) -> None:
    """Another replica that takes over must not take the earlier attempt for this one's."""
    asked, seen = await paused(world, stops, observation=Observation.UNCLEAR), []
    nothing = {"attempt": None, "observation": None, "waiting_since": None}

    async def look() -> None:
        seen.append(await become(world, asked, 1, state=State.STOPPING, lease=ANY, **nothing))

    world.limit.before_sending = look

    await world.advance()

    (sending,) = seen
    assert sending.lease
    assert (sending.lease.version, sending.lease.sending_at) == (sending.version, None)


@pytest.mark.parametrize(("left", "stops"), [(4, 0), (5, 1)])
async def test_stop_begins_if_the_calls_that_verify_it_are_left(world: World, left: int, stops: int) -> None:
    await paused(world, ONLY)
    await world.use_up(leaving=left)

    await world.advance()

    assert stops_sent(world) == stops


async def test_request_on_hold_whose_stop_met_the_rate_limit_before(world: World) -> None:
    """At the rate limit nothing happened, so the request has failed, and its outcome is not unknown."""
    asked = await paused(world, FIRST)
    async with world.database.begin() as connection:
        await connection.execute(holds.insert().values(hold().model_dump()))

    await world.advance()

    assert asked.attempt
    attempt = asked.attempt.model_copy(update={"explanation": ON_HOLD})
    await become(world, asked, 1, state=State.FAILED, attempt=attempt)
    told = {"attempt": "refused", "kore_message": RATE_LIMIT, "why": ON_HOLD}
    assert await journal(world, asked) == [("failed", told)]
