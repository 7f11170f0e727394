"""A campaign on hold is not deleted: not requested, not approved, not executed, not sent."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from pytest_mock import MockerFixture

from deletion.db.tables import journal
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.attempt import Lease
from deletion.domain.clock import now
from deletion.domain.execution_check import ON_HOLD
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.hold import Hold
from deletion.domain.models import Request
from deletion.domain.policy import Policy, Refusal
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.holding import HELD, RELEASED, Holding, NotReleased
from deletion.lifecycle.transitions import Transitions
from deletion.stores.hold_store import LISTED_AT_MOST, HoldStore
from kore_api.account import PRACTICE_SUFFIX
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.party_world import Bot
from tests.deletion.values import CAMPAIGN, campaign, hold, person, request
from tests.kore_api.samples import SEEDED_ID

POLICY = Policy(requesters=("U0ALICE",), approvers=("U0BOB", "U0CAROL"))
REASON = "Legal asked to keep it"
ID = CAMPAIGN["_id"]
HERE, ALIAS = "https://platform.kore.ai st-1 6777", "https://us-1.kore.ai:8443 st-1 6777"
STAGING, OTHER_ACCOUNT = "https://platform.kore.ai st-2 6777", "https://platform.kore.ai st-1 6778"


def permit(action: Action, user_id: str, **facts: object) -> Permit:
    found = authorise(action, person(user_id, **facts), POLICY, ChannelKind.OURS, None)
    assert isinstance(found, Permit)
    return found


def holding_of(bot: Bot, policy: Policy = POLICY) -> Holding:
    return Holding(HoldStore(bot.engine), bot.transitions, policy)


async def as_in_slack(user_id: str) -> Person:
    return person(user_id)


async def test_second_hold_is_the_first_one(bot: Bot) -> None:
    holding = holding_of(bot)
    first, is_new = await holding.hold(permit(Action.HOLD, "U0ALICE"), ID, "Spring Sale", REASON)
    again, is_new_again = await holding.hold(permit(Action.HOLD, "U0BOB"), ID, "Spring Sale", "Another reason")
    assert (is_new, is_new_again, again.id) == (True, False, first.id)
    assert [each.id for each in await holding.newest()] == [first.id]


async def test_one_hold_more_than_are_listed_is_read(bot: Bot) -> None:
    holding = holding_of(bot)
    for number in range(LISTED_AT_MOST + 2):
        await holding.hold(permit(Action.HOLD, "U0ALICE"), f"{ID[:-2]}{number:02}", "", REASON)
    assert len(await holding.newest()) == LISTED_AT_MOST + 1


async def test_simultaneous_holds_are_one(bot: Bot) -> None:
    holding = holding_of(bot)
    found = await asyncio.gather(
        *(holding.hold(permit(Action.HOLD, each), ID, "", REASON) for each in ("U0ALICE", "U0BOB", "U0CAROL"))
    )
    assert sorted(is_new for _, is_new in found) == [False, False, True]


async def test_hold_is_released_by_another_approver_and_not_by_the_holder_or_a_second_account(bot: Bot) -> None:
    holding = holding_of(bot)
    await holding.hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)

    async def same_address(user_id: str) -> Person:
        return person(user_id, identities={user_id, "robert@sandbox.example"})

    async def unknown(user_id: str) -> Person:
        return person(user_id, membership=Membership.UNKNOWN)

    own, carol = permit(Action.RELEASE, "U0BOB"), permit(Action.RELEASE, "U0CAROL")
    second = permit(Action.RELEASE, "U0CAROL", identities={"U0CAROL", "robert@sandbox.example"})
    assert await holding.release(own, ID, "", as_in_slack) is NotReleased.OWN
    assert await holding.release(second, ID, "", same_address) is NotReleased.OWN
    assert await holding.release(carol, ID, "", unknown) is NotReleased.UNKNOWN_HOLDER

    released = await holding.release(carol, ID, "The case is closed", as_in_slack)

    assert not isinstance(released, NotReleased)
    assert released.released_by == "U0CAROL"
    assert await holding.release(carol, ID, "", as_in_slack) is NotReleased.NO_HOLD
    assert await holding.newest() == []


@pytest.mark.any_database
@pytest.mark.parametrize(("application", "named"), [("", {}), ("Retail", {"application": "Retail"})])
async def test_hold_and_its_release_are_in_the_journal(bot: Bot, application: str, named: dict[str, str]) -> None:
    holding = holding_of(bot, POLICY.model_copy(update={"application": application}))
    held, _ = await holding.hold(permit(Action.HOLD, "U0BOB", team_id="T1"), ID, "", REASON)
    released = await holding.release(permit(Action.RELEASE, "U0CAROL"), ID, "The case is closed", as_in_slack)

    assert isinstance(released, Hold)
    async with bot.engine.connect() as connection:
        told = list(await connection.execute(sa.select(journal).order_by(journal.c.seq)))
    assert [(entry.event, entry.actor_id, entry.actor_team_id, entry.at) for entry in told] == [
        (HELD, "U0BOB", "T1", held.held_at),
        (RELEASED, "U0CAROL", "T0", released.released_at),
    ]
    about = {"hold": held.id, "campaign": ID, **named}
    assert [entry.details for entry in told] == [{**about, "reason": REASON}, {**about, "reason": "The case is closed"}]


async def test_permit_for_another_action_neither_holds_nor_releases(bot: Bot) -> None:
    holding = holding_of(bot)
    with pytest.raises(ValueError, match=r"^not permitted to put a campaign on hold$"):
        await holding.hold(permit(Action.RELEASE, "U0BOB"), ID, "", REASON)
    assert await holding.newest() == []
    held, _ = await holding.hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)
    with pytest.raises(ValueError, match=r"^not permitted to release a campaign$"):
        await holding.release(permit(Action.HOLD, "U0CAROL"), ID, "", as_in_slack)
    assert await holding.newest() == [held]


async def test_of_two_releases_at_once_one_counts(bot: Bot) -> None:
    holding, bob = holding_of(bot), permit(Action.RELEASE, "U0BOB")
    await holding.hold(permit(Action.HOLD, "U0ALICE"), ID, "", REASON)

    async def released_meanwhile(user_id: str) -> Person:
        assert not isinstance(await holding.release(bob, ID, "", as_in_slack), NotReleased)
        return person(user_id)

    carol = permit(Action.RELEASE, "U0CAROL")
    assert await holding.release(carol, ID, "", released_meanwhile) is NotReleased.NO_HOLD


async def test_hold_of_another_account_is_not_released(bot: Bot) -> None:
    production, staging = (
        holding_of(bot, POLICY.model_copy(update={"kore_account": each})) for each in (HERE, STAGING)
    )
    held, _ = await production.hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)
    assert await staging.release(permit(Action.RELEASE, "U0CAROL"), ID, "", as_in_slack) is NotReleased.NO_HOLD
    assert [each.id for each in await production.newest()] == [held.id]


@pytest.mark.parametrize("unverified", ["U0BOB", "U0CAROL"])
async def test_account_without_verified_address_is_no_other_person(bot: Bot, unverified: str) -> None:
    """Accounts of one person are told by their addresses, so a release needs both, as an approval does."""

    async def look_up(user_id: str) -> Person:
        return person(user_id, has_verified_email=user_id != unverified)

    holding = holding_of(bot)
    await holding.hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)
    carol = permit(Action.RELEASE, "U0CAROL", has_verified_email=unverified != "U0CAROL")

    assert await holding.release(carol, ID, "", look_up) is NotReleased.UNVERIFIED

    trusting = holding_of(bot, POLICY.model_copy(update={"require_verified_email": False}))
    assert not isinstance(await trusting.release(carol, ID, "", look_up), NotReleased)


async def test_hold_of_a_deactivated_account_without_address_is_released(bot: Bot) -> None:
    async def left(user_id: str) -> Person:
        return person(user_id, membership=Membership.DEACTIVATED, has_verified_email=False)

    holding = holding_of(bot)
    await holding.hold(permit(Action.HOLD, "U0BOB"), ID, "", REASON)
    assert not isinstance(await holding.release(permit(Action.RELEASE, "U0CAROL"), ID, "", left), NotReleased)


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


def entry() -> Entry:
    return Entry(at=now(), event="campaign held", actor_id="U0BOB", surface="test")


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


@pytest.mark.parametrize(
    ("pattern", "name", "is_protected"),
    [
        ("VIP *", "vip customers", True),
        ("VIP *", "A VIP list", False),
        ("*hold*", "On Ho\u200bld", True),
        ("\uff36\uff29\uff30*", "vip", True),
        ("exact", "exactly", False),
        ("[a]*", "a", False),
        ("Black Friday*", "Black  Friday 2026", True),
        ("Black  Friday*", "Black\u00a0Friday 2026", True),
        ("VIP-*", "VIP\u2013Gold", True),
        ("VIP *", "V\u0406\u0420 customers", True),  # two Cyrillic letters
    ],
)
def test_protected_names_are_patterns_of_what_people_see(pattern: str, name: str, is_protected: bool) -> None:
    policy = Policy(protected_names=(pattern,))
    assert policy.refuse_campaign(campaign(name=name)) == (Refusal.PROTECTED if is_protected else None)


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
