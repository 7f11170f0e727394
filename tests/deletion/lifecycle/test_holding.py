"""A campaign is put on hold once, and another approver than its holder releases it."""

import asyncio

import pytest
import sqlalchemy as sa

from deletion.db.tables import journal
from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.hold import Hold
from deletion.lifecycle.holding import HELD, RELEASED, NotReleased
from deletion.stores.hold_store import LISTED_AT_MOST
from tests.deletion.lifecycle.hold_steps import ID, POLICY, REASON, as_in_slack, holding_of, permit
from tests.deletion.lifecycle.party_world import Bot
from tests.deletion.values import person


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
