"""The journal keeps whose decision it was, where it was made and what its form said, and nothing without effect."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.approval_rule import ApprovalRule, Quota
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.approvals.people import Membership
from deletion.domain.clock import now
from deletion.domain.models import Purpose, Request
from deletion.domain.states import State
from deletion.lifecycle.decisions import Decided
from tests.deletion.lifecycle.party_world import POLICY, Bot, Open
from tests.deletion.values import NOON, person

pytestmark = pytest.mark.any_database

HOUR = timedelta(hours=1)
QUOTAS = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))
PROMISE = FormPromise(rule=ApprovalRule(required=2, quotas=QUOTAS), undo_window=POLICY.undo_window, archives=True)
Step = tuple[str, str, str, str, dict[str, str]]


@pytest.fixture
def opened(opened: Open) -> Open:
    """Open a bot with these settings, and with two approvers of whom each is in a group."""

    async def in_groups(**settings: Any) -> Bot:
        bot = await opened(**settings)
        bot.slack.change("U0BOB", groups={"S0LEGAL"})
        bot.slack.change("U0CAROL", groups={"S0OPS"})
        return bot

    return in_groups


async def waiting(bot: Bot, **changes: Any) -> Request:
    return await bot.add(**{"state": State.AWAITING_APPROVAL, "requested_at": now() - 5 * HOUR, **changes})


async def record(bot: Bot, who: str, action: Action, asked: Request, **said: Any) -> Decided:
    """Record a decision. It is objected to as it was said before it was made, unless its own form is the reason."""
    before = await bot.now(asked)
    permit = bot.slack.permit(who, before, action)
    assert isinstance(permit, Permit)
    objection = await bot.decisions.objection(before, permit)
    decided = await bot.decisions.record(permit, **{"surface": "modal", **said})
    assert decided
    assert decided.request == await bot.now(asked)
    assert decided.objection in {objection, Objection.OUTDATED}
    return decided


async def journal(bot: Bot, asked: Request) -> list[Step]:
    """Return the event, the person with their workspace, the surface and the details, besides the fingerprint."""
    _, *entries = await bot.store.entries(asked.id)
    assert {each.details["fingerprint"] for each in entries} <= {asked.campaign.digest}
    told = [{name: said for name, said in each.details.items() if name != "fingerprint"} for each in entries]
    by = [(each.event, each.actor_id, each.actor_team_id, each.surface) for each in entries]
    return [(*who, details) for who, details in zip(by, told, strict=True)]


async def test_journal_of_approvals_with_a_rule_by_group_and_of_a_stop(opened: Open) -> None:
    bot = await opened(approval_quotas=QUOTAS, archives=True)
    asked = await waiting(bot, approval_quotas=QUOTAS)

    decided = [
        await record(bot, "U0BOB", Action.APPROVE, asked, form="F1", promise=PROMISE),
        await record(bot, "U0CAROL", Action.APPROVE, asked, form="F2", promise=PROMISE),
        await record(bot, "U0ALICE", Action.STOP, asked, surface="button", form="F3"),
    ]

    assert [(each.request.state, each.objection, each.denial) for each in decided] == [
        (State.AWAITING_APPROVAL, None, None),
        (State.APPROVED, None, None),
        (State.STOPPED, None, None),
    ]
    archived = {"archive": "encrypted"}
    assert await journal(bot, asked) == [
        ("approved", "U0BOB", "T0", "modal", {"form": "F1", **archived}),
        ("approved", "U0CAROL", "T0", "modal", {"form": "F2", **archived}),
        ("stopped", "U0ALICE", "T0", "button", {}),
    ]


async def test_journal_of_the_last_approval_of_a_stop_before_a_delete_keeps_the_undo_window(opened: Open) -> None:
    bot = await opened(approvals_required=1)
    asked = await waiting(bot, approvals_required=1, stops=Purpose.STOP_AND_DELETE)

    await record(bot, "U0BOB", Action.APPROVE, asked, reason="Looks right", surface="home")

    window = f"{POLICY.undo_window.total_seconds():g}"
    assert await journal(bot, asked) == [
        ("approved", "U0BOB", "T0", "home", {"reason": "Looks right", "undo_window": window})
    ]


@pytest.mark.parametrize(
    ("who", "action", "event"), [("U0BOB", Action.REJECT, "rejected"), ("U0ALICE", Action.CANCEL, "cancelled")]
)
async def test_journal_of_a_decision_that_ends_a_request(opened: Open, who: str, action: Action, event: str) -> None:
    bot = await opened(archives=True)
    asked = await waiting(bot)

    await record(bot, who, action, asked, reason="Not this one", form="F1")

    assert await journal(bot, asked) == [(event, who, "T0", "modal", {"reason": "Not this one"})]
    (decision,) = (await bot.now(asked)).decisions
    assert (decision.person_id, decision.verdict, decision.reason) == (who, event, "Not this one")


async def test_rejection_strikes_no_approval_that_lapsed(opened: Open) -> None:
    bot = await opened()
    asked = await waiting(bot)
    await record(bot, "U0BOB", Action.APPROVE, asked)
    bot.slack.change("U0BOB", membership=Membership.GUEST)

    await record(bot, "U0CAROL", Action.REJECT, asked)

    assert [event for event, *_ in await journal(bot, asked)] == ["approved", "rejected"]


async def test_approver_who_lost_the_right_since_is_denied_and_shown_the_request_as_it_is_now(opened: Open) -> None:
    bot = await opened()
    asked = await waiting(bot)
    permit = bot.slack.permit("U0CAROL", asked)
    assert isinstance(permit, Permit)
    await record(bot, "U0BOB", Action.APPROVE, asked)
    bot.slack.change("U0CAROL", membership=Membership.DEACTIVATED)

    decided = await bot.decisions.record(permit, surface="modal")

    assert decided == Decided(await bot.now(asked), denial=Denial.DEACTIVATED)


async def test_journal_says_once_that_the_budget_made_the_request_need_one_more_approval(opened: Open) -> None:
    bot = await opened(deletes_per_hour=1, approvals_required=1)
    asked = await waiting(bot, approvals_required=1)
    other = asked.campaign.model_copy(update={"campaign_id": "cd-other"})
    await bot.add("U0BOB", campaign=other, approved_at=now())

    for who in ("U0BOB", "U0CAROL"):
        await record(bot, who, Action.APPROVE, asked)

    assert (await bot.now(asked)).state is State.APPROVED
    over = {"over_budget": "the team's", "approved_in_the_hour": "1", "limit": "1"}
    assert [(who, details) for _, who, *_, details in await journal(bot, asked)] == [("U0BOB", over), ("U0CAROL", {})]


async def test_journal_of_a_reminder_and_of_an_approval_that_was_withdrawn(opened: Open) -> None:
    bot = await opened()
    asked = await waiting(bot)
    await record(bot, "U0BOB", Action.APPROVE, asked)
    for who, action, act in (
        ("U0ALICE", Action.REMIND, bot.decisions.remind),
        ("U0BOB", Action.WITHDRAW_APPROVAL, bot.decisions.withdraw_approval),
    ):
        permit = bot.slack.permit(who, await bot.now(asked), action)
        assert isinstance(permit, Permit)
        assert await act(permit, surface="button") == Decided(await bot.now(asked))

    assert await journal(bot, asked) == [
        ("approved", "U0BOB", "T0", "modal", {}),
        ("reminded", "U0ALICE", "T0", "button", {}),
        ("approval withdrawn", "U0BOB", "T0", "button", {}),
    ]


async def test_form_that_slack_repeats_after_its_approval_was_withdrawn_is_denied(opened: Open) -> None:
    bot = await opened()
    asked = await waiting(bot)
    await record(bot, "U0BOB", Action.APPROVE, asked, form="F1")
    counts = await record(bot, "U0BOB", Action.APPROVE, asked, form="F1")
    assert counts == Decided(counts.request, Objection.ALREADY)
    permit = bot.slack.permit("U0BOB", await bot.now(asked), Action.WITHDRAW_APPROVAL)
    assert isinstance(permit, Permit)
    assert await bot.decisions.withdraw_approval(permit, surface="button")

    repeated = await record(bot, "U0BOB", Action.APPROVE, asked, form="F1")
    assert repeated == Decided(repeated.request, denial=Denial.DUPLICATE_PAYLOAD)
    another = await record(bot, "U0BOB", Action.APPROVE, asked, form="F2")
    assert another == Decided(another.request)

    events = [(event, details) for event, *_, details in await journal(bot, asked)]
    assert events == [("approved", {"form": "F1"}), ("approval withdrawn", {}), ("approved", {"form": "F2"})]


@pytest.mark.parametrize(
    "broken",
    [
        PROMISE.model_copy(update={"undo_window": POLICY.undo_window + HOUR}),
        PROMISE.model_copy(update={"rule": ApprovalRule(required=3, quotas=QUOTAS)}),
        FormPromise(),
    ],
)
async def test_last_approval_of_a_form_that_said_less_would_follow_is_not_recorded(
    opened: Open, broken: FormPromise
) -> None:
    bot = await opened(approval_quotas=QUOTAS, archives=True)
    asked = await waiting(bot, approval_quotas=QUOTAS)
    await record(bot, "U0BOB", Action.APPROVE, asked)
    before = await bot.now(asked)

    decided = await record(bot, "U0CAROL", Action.APPROVE, asked, promise=broken)

    assert decided == Decided(before, Objection.OUTDATED)


@pytest.mark.parametrize(
    ("changes", "action", "objection"),
    [
        ({"state": State.APPROVED}, Action.APPROVE, Objection.ENDED),
        ({"state": State.DELETED}, Action.REJECT, Objection.ENDED),
        ({"expires_at": NOON}, Action.APPROVE, Objection.EXPIRED),
        ({}, Action.APPROVE, Objection.FROZEN),
    ],
)
async def test_decision_that_does_not_count_says_why_and_is_not_kept(
    opened: Open, changes: dict[str, Any], action: Action, objection: Objection
) -> None:
    bot = await opened()
    asked = await waiting(bot, **changes)
    await bot.freeze()

    decided = await record(bot, "U0BOB", action, asked)

    assert decided == Decided(decided.request, objection)
    is_expired = objection is Objection.EXPIRED
    assert decided.request.state is (State.EXPIRED if is_expired else asked.state)
    assert await journal(bot, asked) == ([("expired", "engine", "", "engine", {})] if is_expired else [])


async def test_decision_about_no_request_is_none(opened: Open) -> None:
    bot = await opened()
    await waiting(bot)
    bob = person("U0BOB")

    assert await bot.decisions.record(Permit(Action.APPROVE, bob), surface="modal") is None
    assert await bot.decisions.withdraw_approval(Permit(Action.WITHDRAW_APPROVAL, bob), surface="button") is None
    assert await bot.decisions.remind(Permit(Action.REMIND, bob), surface="button") is None
