"""Requester and approvers, checked again in the transaction that uses their rights."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pytest_mock import MockerFixture

from deletion.db.tables import requests
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.party_check import REQUESTER_LAPSED
from tests.deletion.lifecycle.execution_world import open_world
from tests.deletion.lifecycle.party_world import POLICY, Bot
from tests.slack_ui.surfaces import card
from tests.stories.person import eventually

pytestmark = pytest.mark.any_database


def ids(approvals: Any) -> list[str]:
    return [approval.person_id for approval in approvals]


async def test_two_accounts_of_one_person_admitted_at_once_are_one_approval(bot: Bot) -> None:
    for account in ("U0BOB", "U0CAROL"):
        bot.slack.change(account, identities={account, "robert@sandbox.example"})
    asked = await bot.add(state=State.AWAITING_APPROVAL)
    permits = [bot.slack.permit(account, asked) for account in ("U0BOB", "U0CAROL")]

    denials = await asyncio.gather(*(bot.approve(permit) for permit in permits))

    assert sorted(denials, key=str) == [None, Denial.ALREADY_APPROVED_BY_PERSON]
    after = await bot.now(asked)
    assert (after.state, len(after.approvals)) == (State.AWAITING_APPROVAL, 1)


async def test_permit_for_an_older_version_is_judged_again(bot: Bot) -> None:
    asked = await bot.add(state=State.AWAITING_APPROVAL)
    permit = bot.slack.permit("U0CAROL", asked)
    assert await bot.approve(bot.slack.permit("U0BOB", asked)) is None
    bot.slack.change("U0CAROL", membership=Membership.DEACTIVATED)

    assert await bot.approve(permit) is Denial.DEACTIVATED

    assert ids((await bot.now(asked)).approvals) == ["U0BOB"]


async def test_next_approval_strikes_a_lapsed_one(bot: Bot) -> None:
    asked = await bot.add("U0BOB", state=State.AWAITING_APPROVAL)
    bot.slack.change("U0BOB", membership=Membership.GUEST)

    assert await bot.approve(bot.slack.permit("U0CAROL", asked)) is None

    after = await bot.now(asked)
    assert (after.state, ids(after.approvals), ids(after.struck)) == (
        State.AWAITING_APPROVAL,
        ["U0CAROL"],
        ["U0BOB"],
    )
    assert [entry.event for entry in await bot.store.entries(asked.id)] == ["requested", "approval struck", "approved"]


async def test_permit_for_this_version_is_not_judged_again(bot: Bot, mocker: MockerFixture) -> None:
    """Slack is asked once for a click, and its answer to the gate counts."""
    asked, lookup = await bot.add(state=State.AWAITING_APPROVAL), mocker.spy(bot.slack, "authorise_again")
    assert await bot.approve(bot.slack.permit("U0BOB", asked)) is None
    assert lookup.await_count == 0
    assert await bot.approve(bot.slack.permit("U0CAROL", asked)) is None
    assert lookup.await_count == 1


async def test_each_lapsed_approval_is_struck_and_journalled_with_its_reason(bot: Bot) -> None:
    kept = await bot.add("U0BOB", "U0CAROL", "U0DAVE")
    bot.slack.change("U0BOB", membership=Membership.GUEST)
    bot.slack.change("U0DAVE", membership=Membership.DEACTIVATED)

    reopened = await bot.check.confirm(kept)

    assert reopened
    assert (ids(reopened.approvals), ids(reopened.struck)) == (["U0CAROL"], ["U0BOB", "U0DAVE"])
    *_, entry = await bot.store.entries(kept.id)
    assert entry == Entry(
        at=reopened.changed_at,
        event="approval struck",
        actor_id="engine",
        surface="engine",
        details={
            "fingerprint": kept.campaign.digest,
            "struck": "U0BOB, U0DAVE",
            "why": f"{Denial.GUEST}; {Denial.DEACTIVATED}",
        },
    )


async def test_request_with_all_rights_is_confirmed_unchanged(bot: Bot) -> None:
    kept = await bot.add("U0BOB", "U0CAROL")
    assert await bot.check.confirm(kept) is kept


async def test_campaign_is_read_while_the_parties_are_checked(database_url: str) -> None:
    async with open_world(database_url) as world:
        request, limits = await world.request(), await world.store.delete_limits("T0", "U0ALICE")

        async def lapse_after_the_reading() -> None:
            await eventually(world.kore_reads, "the campaign was read")

        await world.deletes.attempt(request, limits, lapse_after_the_reading)

        assert await world.events() == ["requested"]
        assert world.deletes_sent() == 0


async def test_lapsed_approval_reopens_the_request_and_can_be_given_again(bot: Bot) -> None:
    kept = await bot.add("U0BOB", "U0CAROL", approved_at=now(), expires_at=now() + timedelta(minutes=1))
    carol: Person = bot.slack.people["U0CAROL"]
    bot.slack.change("U0CAROL", membership=Membership.DEACTIVATED)

    reopened = await bot.check.confirm(kept)

    assert reopened
    assert reopened == await bot.now(kept)
    assert (reopened.state, ids(reopened.approvals)) == (State.AWAITING_APPROVAL, ["U0BOB"])
    assert [(each.person_id, each.why) for each in reopened.struck] == [("U0CAROL", Denial.DEACTIVATED)]
    assert (reopened.approved_at, reopened.execute_after) == (None, None)
    assert reopened.expires_at
    assert reopened.expires_at > now() + POLICY.approval_ttl - timedelta(minutes=1)
    *_, entry = await bot.store.entries(kept.id)
    assert (entry.event, entry.details["struck"], entry.details["why"]) == ("approval struck", "U0CAROL", "deactivated")

    bot.slack.people["U0CAROL"] = carol
    assert await bot.approve(bot.slack.permit("U0CAROL", reopened)) is None
    approved = await bot.now(kept)
    assert (approved.state, ids(approved.approvals)) == (State.APPROVED, ["U0BOB", "U0CAROL"])


async def test_refused_delete_is_not_called_unsent_when_the_requester_lost_the_right(bot: Bot) -> None:
    refused = Attempt(kind=AttemptKind.REFUSED, at=now(), kore_message="Too many", retry_after_seconds=20)
    kept = await bot.add("U0BOB", "U0CAROL", attempt=refused, waiting_since=now())
    bot.slack.change("U0ALICE", membership=Membership.DEACTIVATED)

    ended = await bot.check.confirm(kept)

    assert ended
    assert ended.attempt
    assert (ended.state, ended.attempt.kind, ended.attempt.kore_message) == (State.FAILED, refused.kind, "Too many")
    assert ended.attempt.explanation == REQUESTER_LAPSED.format(why=Denial.DEACTIVATED)
    assert "No delete was sent" not in card(ended)["text"]


@pytest.mark.parametrize(
    ("earlier", "state"),
    [(None, State.FAILED), (AttemptKind.NOT_SENT, State.FAILED), (AttemptKind.NO_ANSWER, State.UNKNOWN)],
)
async def test_requester_who_lost_the_right_ends_the_request(
    bot: Bot, earlier: AttemptKind | None, state: State
) -> None:
    attempt = Attempt(kind=earlier, at=now()) if earlier else None
    kept = await bot.add("U0BOB", "U0CAROL", attempt=attempt, waiting_since=now())
    bot.slack.change("U0ALICE", membership=Membership.DEACTIVATED)

    ended = await bot.check.confirm(kept)

    assert ended
    assert (ended.state, ended.attempt and ended.attempt.kind) == (
        state,
        AttemptKind.NO_ANSWER if state is State.UNKNOWN else AttemptKind.NOT_SENT,
    )
    *_, entry = await bot.store.entries(kept.id)
    assert (entry.event, entry.details["attempt"]) == (str(state), ended.attempt and ended.attempt.kind)
    if state is State.UNKNOWN:
        assert entry.details["why"] == Denial.DEACTIVATED
    else:
        assert entry.details["why"] == REQUESTER_LAPSED.format(why=Denial.DEACTIVATED)
        assert ended.waiting_since is None


async def test_check_of_an_older_version_changes_nothing(bot: Bot) -> None:
    kept = await bot.add("U0BOB", "U0CAROL")
    bot.slack.change("U0CAROL", membership=Membership.DEACTIVATED)
    assert await bot.check.confirm(kept)
    assert await bot.check.confirm(kept) is None


async def test_row_of_the_previous_version_has_no_struck_approvals(bot: Bot) -> None:
    kept = await bot.add("U0BOB")
    async with bot.engine.begin() as connection:
        await connection.execute(requests.update().values(struck=sa.null()))
    assert (await bot.now(kept)).struck == ()
