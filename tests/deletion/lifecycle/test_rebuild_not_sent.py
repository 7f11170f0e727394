"""A rebuild that creates nothing: no copy is left, or the campaign is there, rebuilt or deleted again."""

from datetime import timedelta

import pytest

from deletion.db.tables import archives, requests
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.attempt import AttemptKind
from deletion.domain.clock import now
from deletion.domain.execution_check import DELETED_AGAIN, THERE_AGAIN
from deletion.domain.records import SnapshotKind
from deletion.domain.states import State
from deletion.lifecycle.intake import Intake
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import AlreadyRequestedError
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.lifecycle.rebuild_steps import REQUESTED, changed, rebuild
from tests.deletion.values import EnoughApprovers, person, preview, request

pytestmark = pytest.mark.any_database


async def test_rebuild_after_a_purge_does_not_say_that_nothing_was_archived(world: World) -> None:
    asked = await rebuild(world)
    async with world.database.begin() as connection:
        await connection.execute(archives.delete())

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert ended.state is State.FAILED
    assert ended.attempt
    assert ended.attempt.explanation == "It can't be rebuilt: the archive has no copy of it."


async def test_campaign_that_is_there_again_is_not_rebuilt(world: World) -> None:
    asked, there = await rebuild(world), len(world.kore.memory.campaigns)
    async with world.database.begin() as connection:
        again = requests.update().where(requests.c.id == world.id)
        await connection.execute(again.values(state=State.UNKNOWN, reappeared_at=now()))

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert ended.state is State.FAILED
    assert ended.attempt
    assert (ended.attempt.kind, ended.attempt.explanation) == (AttemptKind.NOT_SENT, THERE_AGAIN)
    assert len(world.kore.memory.campaigns) == there


async def test_nothing_is_created_while_kore_does_not_say_whether_the_campaign_is_there(world: World) -> None:
    asked, there = await rebuild(world), len(world.kore.memory.campaigns)
    world.faults.add(Fault("kore", "get", "error", times=9))

    await world.advance(asked.id)

    ended = await world.request(asked.id)
    assert ended.state is State.FAILED
    assert ended.attempt
    assert ended.attempt.kind is AttemptKind.NOT_SENT
    assert len(world.kore.memory.campaigns) == there


@pytest.mark.parametrize("state", [State.UNKNOWN, State.REBUILT, State.REBUILDING, State.APPROVED])
async def test_form_opened_before_an_earlier_rebuild_makes_no_second_one(world: World, state: State) -> None:
    asked = await rebuild(world)
    async with world.database.begin() as connection:
        await connection.execute(requests.update().where(requests.c.id == asked.id).values(state=state))
    intake = Intake(world.store, PreviewStore(world.database), world.gateway, None, POLICY, approvers=EnoughApprovers())  # type: ignore[arg-type]  # recording looks for no similar names
    form = preview().model_copy(update={"rebuilds": world.id, "campaign": asked.campaign})

    with pytest.raises(AlreadyRequestedError) as caught:
        await intake.record(form, Permit(Action.REBUILD, person("U0ALICE")), "It is needed after all")

    assert caught.value.existing.id == asked.id


@pytest.mark.parametrize(
    ("is_archived", "is_elsewhere", "ended"),
    [(True, False, State.FAILED), (False, False, State.REBUILT), (True, True, State.REBUILT)],
)
async def test_older_copy_of_a_campaign_that_was_deleted_again_is_not_rebuilt(
    world: World, ended: State, *, is_archived: bool, is_elsewhere: bool
) -> None:
    """Both may be recorded at the same moment, and a rebuild of an earlier version of the bot may still wait."""
    account = world.gateway.account
    asked = await changed(world, await rebuild(world), kore_account=account)
    world, there = world.restarted(kore_account=account), len(world.kore.memory.campaigns)
    last = request(
        campaign=asked.campaign,
        state=State.DELETED,
        requested_at=now() - timedelta(minutes=1),
        kore_account="https://another" if is_elsewhere else account,
    )
    await world.store.add(last, REQUESTED, [])
    if is_archived:
        snapshot = world.archive.seal(last.id, SnapshotKind.BEFORE, {"name": "As it was then"})
        async with world.database.begin() as connection:
            await connection.execute(archives.insert().values(snapshot.model_dump(mode="python")))

    await world.advance(asked.id)

    told = await world.request(asked.id)
    assert told.state is ended
    assert told.attempt
    assert (told.attempt.explanation == DELETED_AGAIN) is (ended is State.FAILED)
    assert len(world.kore.memory.campaigns) == there + (ended is State.REBUILT)
