"""Approvers are reminded, requests escalated, rules judged again and approvals withdrawn, each once and journalled."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approval_rule import MissingApprovals, Quota
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership
from deletion.domain.approvals.reminders import Waiting
from deletion.domain.clock import now
from deletion.domain.models import Purpose, Request
from deletion.domain.states import State
from tests.deletion.lifecycle.party_world import Bot, Open

pytestmark = pytest.mark.any_database

HOUR = timedelta(hours=1)
ESCALATING: dict[str, Any] = {"escalate_after": 2 * HOUR, "escalation_approvers": ("U0DAVE",)}
RULE = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))


def permitted(found: Permit | Denial) -> Permit:
    assert isinstance(found, Permit)
    return found


async def waiting(bot: Bot, *approvers: str, **changes: Any) -> Request:
    return await bot.add(*approvers, **{"state": State.AWAITING_APPROVAL, "requested_at": now() - 5 * HOUR, **changes})


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


@pytest.mark.parametrize(("moved_to", "is_enough"), [({"S0OPS"}, False), ({"S0LEGAL"}, True)])
async def test_approver_who_left_the_required_group_reopens_the_request(
    opened: Open, moved_to: set[str], is_enough: bool
) -> None:
    bot = await opened(approval_quotas=RULE)
    bot.slack.change("U0CAROL", groups={"S0OPS"})
    bot.slack.change("U0BOB", groups=moved_to)
    kept = await bot.add("U0BOB", "U0CAROL", approval_quotas=RULE)

    found = await bot.check.confirm(kept)

    assert found
    if is_enough:
        assert found is kept
        return
    assert (found.state, found.missing_approvals) == (
        State.AWAITING_APPROVAL,
        MissingApprovals(count=1, groups=("S0LEGAL",)),
    )
    assert (await bot.events(kept))[-1] == "approvals insufficient"


@pytest.mark.parametrize("owner", ["request", "settings"])
async def test_either_rule_is_judged_before_the_delete(opened: Open, owner: str) -> None:
    bot = await opened(approval_quotas=RULE if owner == "settings" else ())
    kept = await bot.add("U0BOB", "U0CAROL", approval_quotas=RULE if owner == "request" else ())

    found = await bot.check.confirm(kept)

    assert found
    assert (found.state, found.approval_quotas) == (State.AWAITING_APPROVAL, RULE)


async def test_unread_group_of_the_rule_defers_the_delete(opened: Open) -> None:
    bot = await opened(approval_quotas=RULE)
    bot.slack.change("U0BOB", groups={"S0LEGAL"})
    bot.slack.change("U0CAROL", unread_groups={"S0OPS"})
    kept = await bot.add("U0BOB", "U0CAROL", approval_quotas=RULE)

    found = await bot.check.confirm(kept)

    assert found
    assert (found.state, len(found.approvals)) == (State.APPROVED, 2)
    assert (await bot.events(kept))[-1] == "waiting for Slack"


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


async def test_unread_group_of_escalation_approvers_defers_the_delete(opened: Open) -> None:
    bot = await opened(**{**ESCALATING, "escalation_approvers": ("S0HEADS",)}, approval_quotas=RULE[:1])
    bot.slack.change("U0BOB", unread_groups={"S0HEADS"})
    kept = await bot.add("U0BOB", "U0CAROL", approval_quotas=RULE[:1], escalated_at=now())

    found = await bot.check.confirm(kept)

    assert found
    assert (found.state, len(found.approvals)) == (State.APPROVED, 2)
    assert (await bot.events(kept))[-1] == "waiting for Slack"


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
