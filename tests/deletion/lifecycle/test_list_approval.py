"""One approval for many requests: each is judged by its own approvals."""

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import chain, repeat
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approval_rule import MissingApprovals, Quota
from deletion.domain.approvals import approval
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership
from deletion.domain.budget import Overrun
from deletion.domain.clock import now
from deletion.domain.states import State
from deletion.lifecycle import list_approval, undo_window
from deletion.lifecycle.list_approval import ListDecided
from deletion.lifecycle.list_decisions import ListAct
from deletion.lifecycle.list_transitions import ListTransitions
from tests.deletion.lifecycle.list_world import Lists
from tests.deletion.lifecycle.party_world import POLICY


@pytest.mark.any_database
async def test_lapsed_approval_is_struck_only_from_the_requests_that_have_it(lists: Lists) -> None:
    listed = await lists.add((), ("U0BOB",))
    lists.slack.change("U0BOB", membership=Membership.DEACTIVATED)

    await lists.approve("U0CAROL", listed)

    first, second = (await lists.now(listed)).requests
    assert "approval struck" not in await lists.bot.events(first)
    assert first.struck == ()
    assert [each.person_id for each in second.struck] == ["U0BOB"]
    assert [[each.person_id for each in request.approvals] for request in (first, second)] == [["U0CAROL"]] * 2


async def test_of_two_approvals_at_once_with_different_strikes_one_counts_whole(lists: Lists) -> None:
    """Each writes its struck campaign last, in the other's way."""
    listed = await lists.add(*[()] * 20)
    first, *_, last = listed.requests

    decided = await asyncio.gather(
        lists.approve("U0BOB", listed, first), lists.approve("U0CAROL", listed, last), return_exceptions=True
    )

    said = [each.objection for each in decided if isinstance(each, ListDecided)]
    assert sorted(said, key=bool) == [None, Objection.ENDED]
    assert (await lists.now(listed)).counts == {State.REJECTED: 1, State.AWAITING_APPROVAL: 19}


@pytest.mark.any_database
async def test_two_accounts_of_one_person_approve_a_list_once(lists: Lists) -> None:
    for account in ("U0BOB", "U0CAROL"):
        lists.slack.change(account, identities={account, "robert@sandbox.example"})
    listed = await lists.add((), ())

    decided = await asyncio.gather(lists.approve("U0BOB", listed), lists.approve("U0CAROL", listed))

    assert {each.denial for each in decided} == {None, Denial.ALREADY_APPROVED_BY_PERSON}
    assert [len(each.approvals) for each in (await lists.now(listed)).requests] == [1, 1]


@pytest.mark.any_database
async def test_approver_of_some_requests_approves_the_others(lists: Lists) -> None:
    listed = await lists.add(("U0BOB",), ("U0CAROL",))

    both = await lists.approve("U0BOB", listed)
    second = await lists.approve("U0BOB", listed, shown=1)

    assert both.objection is Objection.ALREADY
    assert second.objection is None
    assert [each.state for each in second.listed.requests] == [State.AWAITING_APPROVAL, State.APPROVED]


@pytest.mark.any_database
async def test_missing_approvals_are_those_of_each_request(lists: Lists) -> None:
    """The first could not be read when Bob approved, so one more approval is enough for the others alone."""
    listed = await lists.add((), ("U0BOB",), ("U0BOB",))

    carol = lists.permit("U0CAROL", listed)
    missing = await lists.decisions.missing_after(carol, listed.requests)
    of_first = await lists.decisions.missing_after(carol, listed.requests[:1])
    decided = await lists.approve("U0CAROL", listed)

    assert [each.count for each in missing.now] == [2, 1, 1]
    assert [each.count for each in missing.together] == [1, 0, 0]
    assert [each.count for each in of_first.together] == [1]
    assert decided.listed.counts == {State.AWAITING_APPROVAL: 1, State.APPROVED: 2}


@pytest.mark.parametrize(("approved", "together", "room"), [(0, 0, 3), (1, 1, 2), (2, 1, 1)])
async def test_room_of_the_budget_is_for_the_campaigns_that_are_not_struck(
    database_url: str, approved: int, together: int, room: int
) -> None:
    lists = Lists(database_url, POLICY.model_copy(update={"deletes_per_hour": 3}))
    for number in range(approved):
        await lists.bot.add("U0BOB", "U0CAROL", id=f"{number}" * 32, state=State.DELETED, approved_at=now())
    listed = await lists.add(("U0BOB",), ("U0BOB",), ("U0BOB",))

    missing = await lists.decisions.missing_after(lists.permit("U0CAROL", listed), listed.requests)
    decided = await lists.approve("U0CAROL", listed, *listed.requests[:approved])

    await lists.bot.engine.dispose()
    assert [each.count for each in missing.together] == [together] * 3
    assert [each.count for each in missing.alone] == [0, 0, 0]
    assert missing.room == room
    assert missing.budget
    assert (missing.budget.approved, missing.budget.overrun) == (approved + 2, Overrun.TEAM if together else None)
    assert decided.listed.counts == Counter({State.REJECTED: approved, State.APPROVED: room})


async def test_late_approval_expires_only_the_requests_whose_time_is_over(lists: Lists, mocker: MockerFixture) -> None:
    """One whose approval lapsed has time to be approved again."""
    listed = await lists.add((), (), (), expires_at=now() - timedelta(seconds=1))
    mocker.patch.object(list_approval, "now", return_value=listed.requests[0].expires_at)  # to the microsecond
    last = listed.requests[-1]
    assert await lists.bot.transitions.move(last, last.state, "approval struck", expires_at=now() + timedelta(hours=1))

    decided = await lists.approve("U0BOB", listed)

    assert decided.objection is Objection.EXPIRED
    assert [each.state for each in decided.listed.requests] == [
        State.EXPIRED,
        State.EXPIRED,
        State.AWAITING_APPROVAL,
    ]
    entries = await lists.store.entries(listed.id)
    assert (entries[-1].event, entries[-1].details["campaigns"]) == ("expired", "2")


@pytest.mark.any_database
async def test_approval_that_does_not_count_for_another_reason_than_its_time_expires_nothing(lists: Lists) -> None:
    listed = await lists.add(("U0BOB",), ())
    *_, last = listed.requests
    assert await lists.bot.transitions.move(
        last, last.state, "approval struck", expires_at=now() - timedelta(seconds=1)
    )
    before = await lists.now(listed)

    decided = await lists.approve("U0BOB", listed)

    assert decided.objection is Objection.ALREADY
    assert decided.listed == before == await lists.now(listed)


async def test_withdrawal_and_last_approval_at_once_never_mix(lists: Lists) -> None:
    listed = await lists.add(*[("U0BOB",)] * 5)  # the hourly limit asks for another approval of more
    cancel = lists.permit("U0ALICE", listed, Action.CANCEL)

    approved, withdrawn = await asyncio.gather(
        lists.approve("U0CAROL", listed), lists.decisions.record(cancel, listed.id, ListAct("button"))
    )

    assert withdrawn
    assert (approved.objection is None) is not (withdrawn.objection is None)
    ended = State.APPROVED if approved.objection is None else State.CANCELLED
    assert (await lists.now(listed)).counts == {ended: 5}


async def test_withdrawal_from_a_list_counts_the_approvals_of_each_request(database_url: str) -> None:
    """Another approver may have approved other requests, or approve while the first one withdraws."""
    rule = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))
    lists = Lists(database_url, POLICY.model_copy(update={"approval_quotas": rule}))
    lists.slack.change("U0BOB", groups={"S0LEGAL"})
    lists.slack.change("U0CAROL", groups={"S0OPS"})
    listed = await lists.add(("U0BOB",), ("U0CAROL", "U0BOB"), approval_quotas=rule)
    bob = lists.permit("U0BOB", listed, Action.WITHDRAW_APPROVAL)

    decided = await lists.decisions.record(bob, listed.id, ListAct("button"))

    await lists.bot.engine.dispose()
    assert decided
    assert decided.objection is None
    assert [each.missing_approvals for each in decided.listed.requests] == [
        MissingApprovals(count=2, groups=("S0LEGAL", "S0OPS")),
        MissingApprovals(count=1, groups=("S0LEGAL",)),
    ]


async def test_list_with_more_campaigns_than_the_budget_has_room_for_needs_one_more_approval(database_url: str) -> None:
    lists = Lists(database_url, POLICY.model_copy(update={"deletes_per_hour": 2}))
    listed = await lists.add(("U0BOB",), ("U0BOB",), ("U0BOB",))

    decided = await lists.approve("U0CAROL", listed)

    await lists.bot.engine.dispose()
    assert [(each.state, each.approvals_required) for each in decided.listed.requests] == [
        (State.AWAITING_APPROVAL, 3)
    ] * 3


async def test_freeze_between_the_judgement_and_the_writing_of_an_approval_prevents_it(
    lists: Lists, mocker: MockerFixture
) -> None:
    listed, move_all = await lists.add(("U0BOB",), ("U0BOB",)), ListTransitions.move_all

    async def frozen_first(*moves: Any, **by: Any) -> Any:
        mocker.stop(patched)
        await lists.bot.freeze()
        return await move_all(*moves, **by)

    patched = mocker.patch.object(ListTransitions, "move_all", frozen_first)

    decided = await lists.approve("U0CAROL", listed)

    assert decided.objection is Objection.FROZEN
    assert decided.listed == listed == await lists.now(listed)


async def test_approval_that_would_be_written_after_the_deadline_does_not_count(
    lists: Lists, mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database answers half an hour late, and the deadline was a second ago."""
    monkeypatch.setattr(undo_window, "COMMIT_WITHIN", timedelta(hours=2))
    listed = await lists.add(("U0BOB",), ("U0BOB",), expires_at=now() - timedelta(seconds=1))
    judged_at = now() - timedelta(minutes=30)
    mocker.patch.object(approval, "now", side_effect=chain([judged_at] * 2, repeat(now())))

    decided = await lists.approve("U0CAROL", listed)

    assert decided.objection is Objection.EXPIRED
    assert decided.listed.counts == {State.EXPIRED: 2}


async def test_undo_window_of_a_list_that_was_approved_late_begins_anew(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_window, "LATE", timedelta(seconds=-1))
    listed = await lists.add(("U0BOB",), ("U0BOB",))

    decided = await lists.approve("U0CAROL", listed)

    for each in decided.listed.requests:
        assert (await lists.bot.events(each))[-2:] == ["approved", "undo window restarted"]
        assert each.execute_after
        assert each.approved_at
        assert each.execute_after > each.approved_at + POLICY.undo_window
