"""A campaign on hold is not deleted: not approved, not executed, not sent."""

from datetime import timedelta

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.execution_check import ON_HOLD
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.hold import Hold
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.stores.hold_store import HoldStore
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.hold_steps import ID, REASON, entry, holding_of, permit
from tests.deletion.lifecycle.party_world import Bot
from tests.deletion.values import campaign, hold
from tests.kore_api.samples import SEEDED_ID


async def test_held_campaign_cannot_be_approved_and_its_request_stays_open(bot: Bot) -> None:
    asked = await bot.add(state=State.AWAITING_APPROVAL)
    await HoldStore(bot.engine).hold(hold(campaign_id=asked.campaign.campaign_id), entry())
    bob = bot.slack.permit("U0BOB", asked)
    assert isinstance(bob, Permit)

    decided = await bot.decisions.record(bob, surface="modal")

    assert decided
    assert decided.objection is Objection.HELD
    assert await bot.decisions.objection(asked, bob) is Objection.HELD
    assert (await bot.now(asked)).state is State.AWAITING_APPROVAL


async def test_approval_of_a_campaign_that_is_not_held_meets_no_objection(bot: Bot) -> None:
    asked = await bot.add(state=State.AWAITING_APPROVAL)
    bob = bot.slack.permit("U0BOB", asked)
    assert isinstance(bob, Permit)
    assert await bot.decisions.objection(asked, bob) is None


@pytest.mark.parametrize(
    ("state", "has_begun"), [(State.AWAITING_APPROVAL, False), (State.APPROVED, False), (State.DELETING, True)]
)
async def test_hold_ends_what_has_not_begun_and_tells_of_a_delete_that_has(
    bot: Bot, state: State, *, has_begun: bool
) -> None:
    kept = await bot.add(state=state)
    other = await bot.add(state=State.APPROVED, campaign=CampaignFingerprint.of(campaign(_id=f"{ID[:-4]}0099")))
    held, _ = await holding_of(bot).hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)

    ended = await holding_of(bot).end_open(held)

    assert await holding_of(bot).has_begun(held) is has_begun
    after = await bot.now(kept)
    assert ended == ([] if has_begun else [after])
    assert after.state is (State.DELETING if has_begun else State.FAILED)
    assert (after.attempt and after.attempt.explanation) == (None if has_begun else ON_HOLD)
    assert await bot.now(other) == other


async def test_hold_ends_a_request_that_changes_at_the_same_moment_beside_one_that_does_not(
    bot: Bot, mocker: MockerFixture
) -> None:
    """A reminder of the sweep comes between: the reply says that the request is closed."""
    kept = await bot.add(state=State.AWAITING_APPROVAL)
    capitals = CampaignFingerprint.of(campaign(_id=ID.upper().replace("CD-", "cd-")))
    other = await bot.add(state=State.AWAITING_APPROVAL, campaign=capitals)
    holding = holding_of(bot)
    held, _ = await holding.hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)
    read = HoldStore.not_begun

    async def overtaken(store: HoldStore, of: Hold) -> list[Request]:
        found = await read(store, of)
        mocker.stop(patched)
        assert await bot.transitions.move(kept, State.AWAITING_APPROVAL, "reminded")
        return found

    patched = mocker.patch.object(HoldStore, "not_begun", overtaken)

    ended = await holding.end_open(held)

    assert [(await bot.now(each)).state for each in (kept, other)] == [State.FAILED] * 2
    assert {each.id for each in ended} == {kept.id, other.id}


async def test_approved_request_of_a_held_campaign_ends_unsent(world: World) -> None:
    await HoldStore(world.database).hold(hold(campaign_id=SEEDED_ID), entry())

    assert await world.advance() is None

    ended = await world.request()
    assert ended.state is State.FAILED
    assert ended.attempt
    assert ended.attempt.explanation == ON_HOLD
    assert world.deletes_sent() == 0


async def test_hold_during_a_rate_limit_pause_leaves_no_doubt_that_nothing_was_deleted(world: World) -> None:
    world.faults.add(Fault("kore", "delete", "rate_limit", retry_after_seconds=20))
    assert await world.advance()
    await HoldStore(world.database).hold(hold(campaign_id=SEEDED_ID), entry())
    await world.a_minute_later()

    assert await world.advance() is None

    ended = await world.request()
    assert ended.state is State.FAILED
    assert ended.attempt
    assert ended.attempt.explanation == ON_HOLD


async def test_hold_between_the_reading_and_the_swap_prevents_the_delete(world: World) -> None:
    async def keep() -> None:
        await HoldStore(world.database).hold(hold(campaign_id=SEEDED_ID), entry())

    world.leases.before_swap = keep
    await world.advance()
    assert (world.deletes_sent(), (await world.request()).state) == (0, State.FAILED)


async def test_hold_between_the_swap_and_the_sending_prevents_the_delete(world: World) -> None:
    async def keep() -> None:
        await HoldStore(world.database).hold(hold(campaign_id=SEEDED_ID), entry())

    world.limit.before_sending = keep
    await world.advance()
    unsent = (await world.request()).attempt
    assert unsent
    assert unsent.explanation == "It was changed, frozen or put on hold before anything was sent."
    await world.change(execute_after=now() - timedelta(seconds=1))
    await world.advance()
    assert (world.deletes_sent(), (await world.request()).state) == (0, State.FAILED)
