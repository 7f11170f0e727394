"""Approvers are reminded and requests escalated, each once and journalled."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership
from deletion.domain.approvals.reminders import Waiting
from deletion.domain.clock import now
from deletion.domain.models import Purpose
from deletion.domain.states import State
from tests.deletion.lifecycle.approval_steps import ESCALATING, HOUR, RULE, permitted, waiting
from tests.deletion.lifecycle.party_world import Open

pytestmark = pytest.mark.any_database


async def test_two_replicas_remind_once(opened: Open) -> None:
    bot, other = await opened(), await opened()
    asked = await waiting(bot)
    await asyncio.gather(bot.deadlines.keep(), other.deadlines.keep())
    assert await bot.deadlines.keep() == []
    assert await bot.events(asked) == ["requested", "reminded"]


async def test_several_reminders_each_come_once(opened: Open) -> None:
    bot = await opened(approval_reminders=(timedelta(minutes=15), HOUR, 6 * HOUR))
    asked = await waiting(bot, reminded_at=now() - 4.5 * HOUR)
    assert await bot.deadlines.keep() == [asked.id]
    assert await bot.deadlines.keep() == []


async def test_presses_at_once_remind_once(opened: Open) -> None:
    bot = await opened()
    asked = await waiting(bot)
    alice = permitted(bot.slack.permit("U0ALICE", asked, Action.REMIND))

    found = await asyncio.gather(*(bot.decisions.remind(alice, surface="button") for _ in range(3)))

    assert sorted(str(each.objection) for each in found if each) == ["None", *[str(Objection.REMINDED)] * 2]
    assert [each.request for each in found if each] == [await bot.now(asked)] * 3
    *_, entry = await bot.store.entries(asked.id)
    assert (entry.event, entry.actor_id, entry.actor_team_id) == ("reminded", "U0ALICE", "T0")
    assert entry.surface == "button"
    assert await bot.events(asked) == ["requested", "reminded"]


async def test_escalation_is_journalled_and_lets_others_approve_but_not_with_fewer(opened: Open) -> None:
    bot = await opened(**ESCALATING, approvers=("U0BOB", "U0CAROL"))
    asked = await waiting(bot, requested_at=now() - 2 * HOUR)
    assert bot.slack.permit("U0DAVE", asked) is Denial.NOT_AN_APPROVER

    assert await bot.deadlines.keep() == [asked.id]

    escalated = await bot.now(asked)
    assert (escalated.escalated_at is not None, escalated.approvals_required) == (True, 2)
    assert escalated.missing_approvals is None
    *_, entry = await bot.store.entries(asked.id)
    assert (entry.event, entry.details["approvers"]) == ("escalated", "U0DAVE")
    assert await bot.approve(bot.slack.permit("U0DAVE", escalated)) is None
    once = await bot.now(asked)
    assert once.state is State.AWAITING_APPROVAL
    assert await bot.approve(bot.slack.permit("U0BOB", once)) is None
    approved = await bot.now(asked)
    assert await bot.check.confirm(approved) is approved


@pytest.mark.parametrize("lost", ["the row", "the setting"])
async def test_approval_of_an_escalation_approver_needs_the_escalation_until_the_delete(
    opened: Open, lost: str
) -> None:
    settings = {"approvers": ("U0BOB",), **(ESCALATING if lost == "the row" else {})}
    bot = await opened(**settings)
    kept = await bot.add("U0BOB", "U0DAVE", escalated_at=None if lost == "the row" else now())

    reopened = await bot.check.confirm(kept)

    assert reopened
    assert (reopened.state, [each.person_id for each in reopened.struck]) == (State.AWAITING_APPROVAL, ["U0DAVE"])


@pytest.mark.parametrize("approvers", [("U0DAVE",), ("U0BOB", "U0DAVE")])
async def test_escalation_counts_its_approvers_for_the_groups_and_waits_for_one_more(
    opened: Open, approvers: tuple[str, ...]
) -> None:
    """The clock approves nothing, even if the approvals so far meet the rule now."""
    rule = {"approvals_required": 2, "approval_quotas": RULE[:1]}
    bot = await opened(**ESCALATING, approvers=("U0BOB", "U0CAROL", "U0DAVE"), **rule)
    asked = await waiting(bot, *approvers, **rule, missing_approvals=MissingApprovals(count=1, groups=("S0LEGAL",)))
    assert await bot.deadlines.keep() == [asked.id]
    escalated = await bot.now(asked)
    assert (escalated.state, escalated.missing_approvals) == (State.AWAITING_APPROVAL, MissingApprovals(count=1))
    assert await bot.approve(bot.slack.permit("U0CAROL", escalated)) is None
    assert (await bot.now(asked)).state is State.APPROVED


async def test_escalation_of_a_request_without_approvals_lacks_all_of_them(opened: Open) -> None:
    bot = await opened(**ESCALATING, approval_quotas=RULE[:1])
    asked = await waiting(bot, approval_quotas=RULE[:1])
    assert await bot.deadlines.keep() == [asked.id]
    assert (await bot.now(asked)).missing_approvals == MissingApprovals(count=2)


async def test_escalation_keeps_what_is_missing_while_slack_does_not_answer(opened: Open) -> None:
    bot = await opened(**ESCALATING, approval_quotas=RULE[:1])
    bot.slack.change("U0DAVE", membership=Membership.UNKNOWN)
    missing = MissingApprovals(count=1, groups=("S0LEGAL",))
    asked = await waiting(bot, "U0DAVE", approval_quotas=RULE[:1], missing_approvals=missing)
    assert await bot.deadlines.keep() == [asked.id]
    assert (await bot.now(asked)).missing_approvals == missing


async def test_freeze_holds_reminders_and_escalation(opened: Open) -> None:
    bot = await opened(**ESCALATING)
    await waiting(bot)
    await bot.freeze()
    assert await bot.deadlines.keep() == []


async def test_approvers_of_a_stop_are_called_during_a_freeze(opened: Open) -> None:
    bot = await opened(**ESCALATING)
    asked = await waiting(bot, stops=Purpose.STOP)
    await bot.freeze()
    assert await bot.deadlines.keep() == [asked.id]
    assert (await bot.events(asked))[-1] == "escalated"


@pytest.mark.parametrize("expires_in", [-HOUR, HOUR])
async def test_deadlines_of_another_application_are_left_to_it(opened: Open, expires_in: timedelta) -> None:
    bot = await opened()
    await waiting(bot, application="staging", expires_at=now() + expires_in)
    assert await bot.deadlines.keep() == []


async def test_request_that_was_cancelled_meanwhile_is_not_reminded_of(opened: Open, mocker: MockerFixture) -> None:
    bot = await opened()
    asked = await waiting(bot)
    read = bot.store.awaiting_approval

    async def cancel_after_reading(*which: Any) -> list[Waiting]:
        found = await read(*which)
        assert await bot.transitions.move(asked, State.CANCELLED, "cancelled")
        return found

    mocker.patch.object(bot.store, "awaiting_approval", side_effect=cancel_after_reading)

    assert await bot.deadlines.keep() == []

    assert await bot.events(asked) == ["requested", "cancelled"]
