"""Approvals are withdrawn until the delete begins, each once and journalled."""

import asyncio
from datetime import timedelta

import pytest

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership
from deletion.domain.clock import now
from deletion.domain.states import State
from tests.deletion.lifecycle.approval_steps import HOUR, RULE, permitted, waiting
from tests.deletion.lifecycle.party_world import Open

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("state", [State.AWAITING_APPROVAL, State.APPROVED])
async def test_withdrawn_approval_is_journalled_and_can_be_given_again(opened: Open, state: State) -> None:
    bot = await opened()
    approvers = ["U0BOB", "U0CAROL"] if state is State.APPROVED else ["U0BOB"]
    kept = await bot.add(*approvers, state=state, expires_at=now() + HOUR)
    bob = permitted(bot.slack.permit("U0BOB", kept, Action.WITHDRAW_APPROVAL))

    decided = await bot.decisions.withdraw_approval(bob, surface="button")

    assert decided
    assert decided.request == await bot.now(kept)
    assert (decided.objection, decided.request.state) == (None, State.AWAITING_APPROVAL)
    assert [each.person_id for each in decided.request.approvals] == approvers[1:]
    *_, entry = await bot.store.entries(kept.id)
    assert (entry.event, entry.actor_id, entry.actor_team_id) == ("approval withdrawn", "U0BOB", "T0")
    assert bot.slack.permit("U0BOB", decided.request, Action.WITHDRAW_APPROVAL) is Denial.NOT_APPROVED_BY_PERSON
    assert await bot.approve(bot.slack.permit("U0BOB", decided.request)) is None
    assert len((await bot.now(kept)).approvals) == len(approvers)


@pytest.mark.parametrize(("seen_later", "objection"), [(timedelta(0), None), (-HOUR, Objection.APPROVED_SINCE)])
async def test_approval_that_was_given_after_the_button_was_shown_is_not_withdrawn(
    opened: Open, seen_later: timedelta, objection: Objection | None
) -> None:
    bot = await opened()
    kept = await bot.add("U0BOB", "U0CAROL", expires_at=now() + HOUR)
    bob = permitted(bot.slack.permit("U0BOB", kept, Action.WITHDRAW_APPROVAL))
    shown_until = kept.approvals[0].at + seen_later

    decided = await bot.decisions.withdraw_approval(bob, surface="button", shown_until=shown_until)

    assert decided
    assert decided.objection is objection
    after = await bot.now(kept)
    assert decided.request == after
    assert (after.state, len(after.approvals)) == ((State.APPROVED, 2) if objection else (State.AWAITING_APPROVAL, 1))


async def test_approver_who_lost_the_right_meanwhile_can_withdraw_the_approval(opened: Open) -> None:
    bot = await opened()
    asked = await waiting(bot, "U0BOB", expires_at=now() + HOUR)
    bob = permitted(bot.slack.permit("U0BOB", asked, Action.WITHDRAW_APPROVAL))
    assert await bot.transitions.move(asked, State.AWAITING_APPROVAL, "reminded", reminded_at=now())
    bot.slack.change("U0BOB", membership=Membership.GUEST)

    decided = await bot.decisions.withdraw_approval(bob, surface="button")

    assert decided
    assert decided.objection is None
    assert (await bot.now(asked)).approvals == ()


async def test_approval_withdrawn_while_another_is_given_approves_nothing(opened: Open) -> None:
    bot = await opened()
    asked = await waiting(bot, "U0BOB", expires_at=now() + HOUR)
    bob = permitted(bot.slack.permit("U0BOB", asked, Action.WITHDRAW_APPROVAL))
    carol = bot.slack.permit("U0CAROL", asked)

    await asyncio.gather(bot.decisions.withdraw_approval(bob, surface="button"), bot.approve(carol))

    after = await bot.now(asked)
    assert (after.state, [each.person_id for each in after.approvals]) == (State.AWAITING_APPROVAL, ["U0CAROL"])


async def test_approval_cannot_be_withdrawn_once_the_delete_has_begun(opened: Open) -> None:
    bot = await opened()
    kept = await bot.add("U0BOB", "U0CAROL")
    bob = permitted(bot.slack.permit("U0BOB", kept, Action.WITHDRAW_APPROVAL))
    assert await bot.transitions.move(kept, State.DELETING, "attempting")

    decided = await bot.decisions.withdraw_approval(bob, surface="button")

    assert decided
    assert (decided.objection, decided.request.state) == (Objection.ENDED, State.DELETING)
    assert len(decided.request.approvals) == 2


async def test_withdrawal_counts_the_approval_that_was_given_meanwhile(opened: Open) -> None:
    bot = await opened(approval_quotas=RULE)
    bot.slack.change("U0BOB", groups={"S0LEGAL"})
    bot.slack.change("U0CAROL", groups={"S0OPS"})
    asked = await waiting(bot, "U0BOB", approvals_required=3, approval_quotas=RULE, expires_at=now() + HOUR)
    bob = permitted(bot.slack.permit("U0BOB", asked, Action.WITHDRAW_APPROVAL))
    assert await bot.approve(bot.slack.permit("U0CAROL", asked)) is None

    decided = await bot.decisions.withdraw_approval(bob, surface="button")

    assert decided
    assert decided.request.missing_approvals == MissingApprovals(count=2)
