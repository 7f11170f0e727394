"""A hold counts for the campaign of its account alone, and one of practice holds nothing real."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deletion.domain.approvals.authorization import Action
from deletion.domain.attempt import Lease
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.holding import NotReleased
from deletion.lifecycle.transitions import Transitions
from deletion.stores.hold_store import HoldStore
from kore_api.account import PRACTICE_SUFFIX
from tests.deletion.lifecycle.hold_steps import ID, POLICY, REASON, as_in_slack, entry, holding_of, permit
from tests.deletion.lifecycle.party_world import Bot
from tests.deletion.values import campaign, hold, request

HERE, ALIAS = "https://platform.kore.ai st-1 6777", "https://us-1.kore.ai:8443 st-1 6777"
STAGING, OTHER_ACCOUNT = "https://platform.kore.ai st-2 6777", "https://platform.kore.ai st-1 6778"


async def test_hold_of_another_account_is_not_released(bot: Bot) -> None:
    production, staging = (
        holding_of(bot, POLICY.model_copy(update={"kore_account": each})) for each in (HERE, STAGING)
    )
    held, _ = await production.hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)
    assert await staging.release(permit(Action.RELEASE, "U0CAROL"), ID, "", as_in_slack) is NotReleased.NO_HOLD
    assert [each.id for each in await production.newest()] == [held.id]


async def test_held_campaign_of_another_account_does_not_hold_this_one(bot: Bot) -> None:
    asked = await bot.add(state=State.AWAITING_APPROVAL, kore_account=STAGING)
    await HoldStore(bot.engine).hold(hold(campaign_id=asked.campaign.campaign_id, kore_account=HERE), entry())
    assert (await bot.store.limits_of(asked)).hold is None
    await HoldStore(bot.engine).hold(hold(campaign_id=asked.campaign.campaign_id, kore_account=STAGING), entry())
    assert (await bot.store.limits_of(asked)).hold


async def test_hold_finds_the_campaign_whatever_the_case_of_its_id(bot: Bot) -> None:
    """The command reads an id in lower case; Kore.ai's own may have capitals."""
    shown = CampaignFingerprint.of(campaign(_id=ID.upper().replace("CD-", "cd-")))
    asked = await bot.add(state=State.APPROVED, campaign=shown, lease=Lease(version=1, until=now()))
    await holding_of(bot).hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)
    assert (await bot.store.limits_of(asked)).hold
    assert await bot.store.begin_sending(asked) is None


@pytest.mark.parametrize("practice", ["", PRACTICE_SUFFIX])
@pytest.mark.parametrize(
    ("account", "is_held"), [(HERE, True), (ALIAS, True), (None, True), (STAGING, False), (OTHER_ACCOUNT, False)]
)
async def test_hold_stays_where_the_settings_name_its_account_by_another_host(
    bot: Bot, account: str | None, practice: str, *, is_held: bool
) -> None:
    await holding_of(bot, POLICY.model_copy(update={"kore_account": HERE})).hold(
        permit(Action.HOLD, "U0BOB"), ID, "", REASON
    )
    mine = POLICY.model_copy(update={"kore_account": account and account + practice})
    asked = await bot.add(
        state=State.APPROVED, kore_account=mine.kore_account, lease=Lease(version=1, until=now() + timedelta(minutes=1))
    )

    assert bool((await bot.store.limits_of(asked)).hold) is is_held
    assert bool(await bot.store.begin_sending(asked)) is not is_held
    assert bool(await holding_of(bot, mine).newest()) is is_held
    released = await holding_of(bot, mine).release(permit(Action.RELEASE, "U0CAROL"), ID, "", as_in_slack)
    assert (released is NotReleased.NO_HOLD) is not is_held


async def test_real_hold_counts_in_practice_which_does_not_release_it_and_holds_nothing_real(bot: Bot) -> None:
    account = f"https://platform.kore.ai st-1 6777{PRACTICE_SUFFIX}"
    real = POLICY.model_copy(update={"kore_account": account.removesuffix(PRACTICE_SUFFIX)})
    practising = POLICY.model_copy(update={"kore_account": account, "application": "practice", "practice": True})
    carol, other = permit(Action.RELEASE, "U0CAROL"), f"{ID[:-4]}0099"
    await holding_of(bot, real).hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)
    await holding_of(bot, practising).hold(permit(Action.HOLD, "U0BOB"), other, "", REASON)
    asked = request(kore_account=account, application="practice")
    await bot.store.add(asked, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])

    limits = await bot.store.limits_of(asked)
    deleting = await Transitions(bot.store, practising).move(
        asked, State.DELETING, "attempting", expected_limits=replace(limits, hold=None)
    )

    assert limits.hold
    assert deleting is None
    assert await holding_of(bot, practising).release(carol, ID, "", as_in_slack) is NotReleased.REAL
    assert [each.campaign_id for each in await holding_of(bot, real).newest()] == [ID]
    assert {each.campaign_id for each in await holding_of(bot, practising).newest()} == {ID, other}
    assert not isinstance(await holding_of(bot, practising).release(carol, other, "", as_in_slack), NotReleased)


async def test_hold_in_practice_is_never_too_late_because_nothing_was_sent(bot: Bot) -> None:
    account = f"https://platform.kore.ai st-1 6777{PRACTICE_SUFFIX}"
    practising = POLICY.model_copy(update={"kore_account": account, "application": "practice", "practice": True})
    begun = request(state=State.DELETING, kore_account=account, application="practice")
    await bot.store.add(begun, Entry(at=now(), event="attempting", actor_id="U0ALICE", surface="test"), [])
    hold, _ = await holding_of(bot, practising).hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)
    assert not await holding_of(bot, practising).has_begun(hold)
