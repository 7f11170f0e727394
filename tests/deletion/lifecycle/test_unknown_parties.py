"""A request waits while Slack does not say who its requester and approvers are."""

from datetime import timedelta

import pytest
from pytest_mock import MockerFixture

from deletion.domain import clock
from deletion.domain.approvals.people import Membership
from deletion.domain.clock import now
from deletion.domain.states import State
from deletion.lifecycle import party_check
from tests.deletion.lifecycle.party_world import Bot

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("user_id", ["U0ALICE", "U0BOB"])
async def test_unknown_party_defers_the_request(bot: Bot, user_id: str, caplog: pytest.LogCaptureFixture) -> None:
    kept = await bot.add("U0BOB", "U0CAROL", expires_at=now() + timedelta(hours=1))
    bot.slack.change(user_id, membership=Membership.UNKNOWN)

    deferred = await bot.check.confirm(kept)

    assert deferred
    assert (deferred.state, [each.person_id for each in deferred.approvals], deferred.expires_at) == (
        State.APPROVED,
        ["U0BOB", "U0CAROL"],
        kept.expires_at,
    )
    assert deferred.execute_after
    assert deferred.execute_after > now()
    *_, entry = await bot.store.entries(kept.id)
    assert entry.event == "waiting for Slack"
    assert entry.details["until"] == deferred.execute_after.isoformat(timespec="seconds")
    assert "Request deferred: Slack did not identify the parties" in caplog.messages  # it may be a stop or a rebuild


async def test_retries_back_off_while_slack_does_not_answer(bot: Bot, mocker: MockerFixture) -> None:
    mocker.patch.object(clock._clock, "now", return_value=now())  # noqa: SLF001 - what every module's now() asks
    request = await bot.add("U0BOB", "U0CAROL")
    bot.slack.change("U0BOB", membership=Membership.UNKNOWN)
    delays = []
    for _ in range(7):
        before = now()
        deferred = await bot.check.confirm(request)
        assert deferred
        assert deferred.execute_after
        delays.append((deferred.execute_after - before).total_seconds())
        request = deferred

    assert [round(delay) for delay in delays] == [10, 20, 40, 80, 160, 300, 300]


async def test_first_retry_is_quick_even_if_the_approval_is_old(bot: Bot) -> None:
    """A freeze held the request for two hours: that says nothing about Slack."""
    kept = await bot.add("U0BOB", "U0CAROL", approved_at=now() - timedelta(hours=2))
    bot.slack.change("U0BOB", membership=Membership.UNKNOWN)

    before = now()
    deferred = await bot.check.confirm(kept)

    assert deferred
    assert deferred.execute_after
    assert before <= deferred.execute_after - timedelta(seconds=10) <= now()


async def test_unanswered_lookup_defers_the_request(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(party_check, "ANSWER_WITHIN_SECONDS", 0.01)
    kept = await bot.add("U0BOB", "U0CAROL")
    bot.slack.answers.clear()

    deferred = await bot.check.confirm(kept)

    assert deferred
    assert (deferred.state, deferred.version) == (State.APPROVED, kept.version + 1)
