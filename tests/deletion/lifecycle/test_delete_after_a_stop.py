"""A delete follows a verified stop, after an undo window of its own, unless something has changed."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.db.freeze_and_hold_tables import freezes, holds
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.execution_check import ON_HOLD
from deletion.domain.models import Purpose
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.kore.stop_reading import StopReading
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.stop_steps import FIRST, ONLY, after_the_undo_window, asked, status, stops_sent
from tests.deletion.values import campaign, freeze, hold
from tests.kore_api.samples import SEEDED_ID
from tests.slack_ui.surfaces import card

pytestmark = pytest.mark.any_database

MOST_CALLS = 8 + 5  # of a stop and its delete


async def test_delete_follows_the_verified_stop_after_an_undo_window_of_its_own(world: World) -> None:
    await asked(world, FIRST)
    before = now()

    due = await world.advance()

    stopped = await world.request()
    assert due
    assert due - before >= Policy().undo_window
    assert (stopped.state, stopped.due_action, world.deletes_sent()) == (State.APPROVED, Purpose.DELETE, 0)
    assert (stopped.attempt, stopped.observation, stopped.campaign.status) == (None, None, "Stopped")
    assert stopped.stop
    assert stopped.stop.attempt
    assert stopped.stop.attempt.kind is AttemptKind.CONFIRMED

    ended = await after_the_undo_window(world)
    assert (ended.state, stops_sent(world), world.deletes_sent()) == (State.DELETED, 1, 1)
    assert ended.stop
    assert ended.stop.messages_sent_at_delete is not None
    assert len(world.traffic.after()) <= MOST_CALLS


async def test_campaign_that_others_stopped_and_changed_is_not_said_to_be_running(
    world: World, mocker: MockerFixture
) -> None:
    await asked(world, FIRST)
    world.kore.memory.put(SEEDED_ID, {"status": "Stopped"})
    observe = CampaignGateway.observe_stop

    async def after_a_change(*args: Any, **options: Any) -> StopReading:
        world.kore.memory.put(SEEDED_ID, {"contactLists": ["VIP customers"]})
        return await observe(*args, **options)

    mocker.patch.object(CampaignGateway, "observe_stop", after_a_change)
    await world.advance()

    ended = await world.request()
    said = card(ended)["text"]
    assert (ended.state, stops_sent(world), world.deletes_sent()) == (State.CHANGED, 0, 0)
    assert "was stopped, but not deleted: it has changed since the request." in said
    assert "its status was Active" not in said
    assert "It was stopped already, so I sent no stop." in said


async def test_stop_alone_is_executed_during_a_freeze_and_a_delete_after_a_stop_is_not(world: World) -> None:
    async with world.database.begin() as connection:
        await connection.execute(freezes.insert().values(freeze().model_dump()))

    await asked(world, FIRST)
    await world.advance()
    assert ((await world.request()).state, stops_sent(world)) == (State.APPROVED, 0)

    await asked(world, ONLY)
    assert await world.store.unfinished(timedelta()) == [world.id]
    await world.advance()
    assert (await world.request()).state is State.CAMPAIGN_STOPPED


async def test_freeze_between_stop_and_delete_holds_the_delete(world: World) -> None:
    await asked(world, FIRST)
    await world.advance()
    async with world.database.begin() as connection:
        await connection.execute(freezes.insert().values(freeze().model_dump()))

    assert (await after_the_undo_window(world)).state is State.APPROVED
    assert world.deletes_sent() == 0


async def test_hold_prevents_the_stop_before_a_delete_and_the_delete_but_no_stop_alone(world: World) -> None:
    await asked(world, FIRST)
    await world.advance()
    async with world.database.begin() as connection:
        await connection.execute(holds.insert().values(hold().model_dump()))

    ended = await after_the_undo_window(world)
    assert (ended.state, world.deletes_sent()) == (State.FAILED, 0)
    assert ended.attempt
    assert ended.attempt.explanation == ON_HOLD

    await asked(world, FIRST, state=State.APPROVED, attempt=None, observation=None, stop=None)
    await world.advance()
    assert ((await world.request()).state, status(world)) == (State.FAILED, "Active")

    await asked(world, ONLY, state=State.APPROVED, attempt=None, observation=None, stop=None)
    await world.advance()
    assert ((await world.request()).state, status(world)) == (State.CAMPAIGN_STOPPED, "Stopped")


async def test_hold_during_the_stop_ends_the_request_as_soon_as_the_stop_is_verified(world: World) -> None:
    """Its card would say for the whole undo window that the campaign will be deleted."""
    await asked(world, FIRST, state=State.STOPPING, attempt=Attempt(kind=AttemptKind.CONFIRMED, at=now()))
    world.kore.memory.put(SEEDED_ID, {"status": "Stopped"})
    async with world.database.begin() as connection:
        await connection.execute(holds.insert().values(hold().model_dump()))

    await world.advance()

    ended = await world.request()
    assert (ended.state, status(world), world.deletes_sent()) == (State.FAILED, "Stopped", 0)
    assert ended.was_stopped
    assert ended.attempt
    assert ended.attempt.explanation == ON_HOLD


async def test_other_content_than_requested_is_neither_stopped_nor_deleted(world: World) -> None:
    await asked(world, FIRST)
    world.kore.memory.put(SEEDED_ID, {"contactLists": ["VIP customers"], "updatedAt": "2026-01-01T00:00:00.000Z"})

    await world.advance()

    ended = await world.request()
    assert (ended.state, stops_sent(world)) == (State.CHANGED, 0)
    assert [each.field for each in ended.differences] == ["contact_lists"]


async def test_what_a_run_changes_by_itself_does_not_prevent_the_stop(world: World) -> None:
    await asked(world, FIRST)
    run = {"status": "Paused", "updatedAt": "2026-01-01T00:00:00.000Z", "campaignInstanceId": "cid-2"}
    world.kore.memory.put(SEEDED_ID, run)

    await world.advance()

    assert ((await world.request()).state, status(world)) == (State.APPROVED, "Stopped")


async def test_content_that_changes_with_the_stop_prevents_the_delete(world: World) -> None:
    await asked(world, FIRST)

    async def edit() -> None:
        world.kore.memory.put(SEEDED_ID, {"description": "Another one"})

    world.limit.before_sending = edit
    world.faults.add(Fault("kore", "stop", "lost_answer"))
    await world.advance()

    ended = await world.request()
    assert (ended.state, status(world), world.deletes_sent()) == (State.CHANGED, "Stopped", 0)
    assert [each.field for each in ended.differences] == ["description"]
    assert ended.stop
    assert ended.attempt is None


async def test_any_change_after_the_stop_prevents_the_delete(world: World) -> None:
    await asked(world, FIRST)
    await world.advance()
    world.kore.memory.put(SEEDED_ID, {"updatedAt": "2026-01-01T00:00:00.000Z"})

    ended = await after_the_undo_window(world)

    assert (ended.state, world.deletes_sent()) == (State.CHANGED, 0)


@pytest.mark.parametrize(
    ("fields", "settings", "expected"),
    [
        ({"status": "Active"}, {}, True),
        ({"status": "active"}, {}, True),
        ({"status": "Stopped"}, {}, False),
        ({"status": "Hibernating"}, {}, False),
        ({"status": "Active", "dialingMode": "Agentless"}, {}, False),
        ({"status": "Active"}, {"protected_names": ("Spring*",)}, False),
        ({"status": "Active"}, {"deletable_statuses": ("Active", "Stopped")}, False),
        ({"status": "Active"}, {"deletable_statuses": ("Ready",)}, False),
        ({"status": "Active"}, {"stoppable_statuses": ("Paused",)}, False),
    ],
)
def test_campaign_that_may_be_deleted_once_it_is_stopped(
    fields: dict[str, str], settings: dict[str, tuple[str, ...]], *, expected: bool
) -> None:
    policy = Policy(**settings)
    assert policy.needs_stop(campaign(**fields)) is expected
