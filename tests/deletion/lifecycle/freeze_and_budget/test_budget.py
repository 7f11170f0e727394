"""The hourly limit under many concurrent requests: one more approval is needed for each delete over it."""

import asyncio
from datetime import timedelta

import pytest

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.budget import Overrun
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import HOUR, budget
from deletion.domain.models import Preview, Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.intake_results import OverBudgetError
from tests.deletion.lifecycle.freeze_and_budget.frozen_world import BOB, POLICY, Bot, asking_nothing, shown
from tests.deletion.values import person


@pytest.mark.parametrize("places", [1, 3])
async def test_of_many_last_approvals_at_once_as_many_count_as_the_budget_has_places(bot: Bot, places: int) -> None:
    policy = POLICY.model_copy(update={"deletes_per_hour": places, "approvals_required": 1})
    asked = [
        await bot.add(state=State.AWAITING_APPROVAL, approvals_required=1, execute_after=None)
        for _ in range(places + 4)
    ]
    decisions = bot.decisions(policy)
    await asyncio.gather(*(decisions.record(Permit(Action.APPROVE, BOB, kept.id), surface="modal") for kept in asked))

    now_ = [found for kept in asked if (found := await bot.store.request(kept.id))]
    assert [found.state for found in now_].count(State.APPROVED) == places
    for found in now_:
        over = found.state is State.AWAITING_APPROVAL
        assert (found.approvals_required, len(found.approvals)) == (2 if over else 1, 1)
        assert bool(found.budget and found.budget.overrun) == over
        told = [made for made in await bot.store.entries(found.id) if made.details.get("over_budget")]
        assert [made.event for made in told] == (["approved"] if over else [])


async def test_the_second_approval_of_an_overrun_request_approves_it(bot: Bot) -> None:
    policy = POLICY.model_copy(update={"deletes_per_hour": 1})
    await bot.add(approved_at=now() - timedelta(minutes=59))
    asked = await bot.add(state=State.AWAITING_APPROVAL, approvals_required=1)
    for who, state in (("U0BOB", State.AWAITING_APPROVAL), ("U0CAROL", State.APPROVED)):
        decided = await bot.decisions(policy).record(Permit(Action.APPROVE, person(who), asked.id), surface="modal")
        assert decided
        assert (decided.objection, decided.request.state) == (None, state)


async def test_approver_is_shown_the_budget_and_the_rule_of_now_and_what_was_missing(bot: Bot) -> None:
    policy = POLICY.model_copy(update={"deletes_per_hour": 1, "approvals_required": 2})
    await bot.add(approved_at=now())
    missing = MissingApprovals(count=1, groups=("S0LEGAL",))
    asked = await bot.add(state=State.AWAITING_APPROVAL, approvals_required=1, missing_approvals=missing)

    shown = await bot.decisions(policy).with_budget(asked)

    assert (shown.approvals_required, shown.missing_approvals) == (3, missing)
    assert shown.budget
    assert shown.budget.overrun is Overrun.TEAM


async def test_an_approval_of_an_hour_ago_or_of_somebody_else_weighs_nothing(bot: Bot) -> None:
    policy = POLICY.model_copy(update={"deletes_per_person_per_hour": 1})
    await bot.add(approved_at=now() - timedelta(minutes=61))
    await bot.add(approved_at=now(), requester_id="U0DAN")
    limits = await bot.store.delete_limits("T0", "U0ALICE")
    assert (len(limits.approved), len(limits.approved_for_requester)) == (1, 0)
    assert budget(limits, policy).overrun is None
    assert budget(await bot.store.delete_limits("T0", "U0DAN"), policy).overrun is Overrun.REQUESTER


async def recorded(bot: Bot, policy: Policy, shown: Preview) -> Request:
    asking = Permit(Action.ASK, person("U0ALICE"))
    return await asking_nothing(bot, policy).record(shown, asking, "Because of the test")


async def test_where_nobody_approves_over_budget_somebody_must_and_many_at_once_find_one_place(bot: Bot) -> None:
    policy = POLICY.model_copy(update={"approvals_required": 0, "deletes_per_hour": 1})
    made = await asyncio.gather(*(recorded(bot, policy, shown(number)) for number in range(5)))
    assert sorted(found.state for found in made) == [State.APPROVED] + [State.AWAITING_APPROVAL] * 4
    over = [found for found in made if found.state is State.AWAITING_APPROVAL]
    assert {found.approvals_required for found in over} == {1}
    (first,) = await bot.store.entries(over[0].id)
    assert (first.details["over_budget"], first.details["limit"]) == ("the team's", "1")


@pytest.mark.parametrize("lacking", [{"approvals_channel": None}, {"approvers": ()}])
async def test_where_nobody_can_approve_a_request_over_budget_is_refused(bot: Bot, lacking: dict[str, object]) -> None:
    policy = POLICY.model_copy(update={"approvals_required": 0, "deletes_per_hour": 1, **lacking})
    first = await recorded(bot, policy, shown(1))
    assert first.approved_at
    with pytest.raises(OverBudgetError) as caught:
        await recorded(bot, policy, shown(2))
    assert caught.value.free_again_at == first.approved_at + HOUR
