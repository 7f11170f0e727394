"""When approvers are reminded and a request is escalated, within the approval hours."""

from datetime import UTC, datetime, timedelta

import pytest

from deletion.domain.approval_hours import ApprovalHours
from deletion.domain.approvals.reminders import Call, Waiting, due_call, may_remind_at
from deletion.domain.models import Purpose
from deletion.domain.policy import Policy
from tests.deletion.values import request

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
POLICY = Policy(approval_reminders=(15 * MINUTE, HOUR, 4 * HOUR))
ESCALATING = Policy(approval_reminders=(), escalate_after=2 * HOUR)
OFFICE = ApprovalHours.parse("Mon-Fri 08:00-18:00 Europe/Berlin")
FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)  # 17:30 in Berlin
MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)  # 8:00 in Berlin


def waiting(**times: datetime) -> Waiting:
    return Waiting(id="r", **{"requested_at": FRIDAY, **times})


@pytest.mark.parametrize(
    ("after", "reminded_after", "is_due"),
    [
        (14 * MINUTE, None, False),
        (15 * MINUTE, None, True),
        (20 * MINUTE, 15 * MINUTE, False),
        (HOUR, 15 * MINUTE, True),
        (5 * HOUR, None, True),  # the bot was down: one reminder for the three
        (5 * HOUR, 4 * HOUR, False),
        (HOUR, 59 * MINUTE, True),
        (20 * HOUR, 4 * HOUR, False),
    ],
)
def test_each_moment_reminds_once(after: timedelta, reminded_after: timedelta | None, is_due: bool) -> None:
    reminded = {} if reminded_after is None else {"reminded_at": FRIDAY + reminded_after}
    assert due_call(waiting(**reminded), POLICY, FRIDAY + after) is (Call.REMINDED if is_due else None)


def test_request_that_waits_again_is_reminded_anew() -> None:
    again = waiting(awaiting_since=FRIDAY + 10 * HOUR, reminded_at=FRIDAY + 4 * HOUR)
    assert due_call(again, POLICY, FRIDAY + 10 * HOUR) is None
    assert due_call(again, POLICY, FRIDAY + 10 * HOUR + 15 * MINUTE) is Call.REMINDED


@pytest.mark.parametrize(("policy", "call"), [(POLICY, Call.REMINDED), (ESCALATING, Call.ESCALATED)])
def test_reminders_and_escalation_wait_for_the_approval_hours(policy: Policy, call: Call) -> None:
    in_hours = policy.model_copy(update={"approval_hours": OFFICE})
    reminded = waiting(reminded_at=FRIDAY + 15 * MINUTE)
    assert due_call(reminded, in_hours, MONDAY - MINUTE) is None
    assert due_call(reminded, in_hours, MONDAY) is call
    done = waiting(reminded_at=MONDAY, escalated_at=MONDAY)
    assert due_call(done, in_hours, MONDAY + HOUR) is None


def test_request_is_escalated_once_and_before_it_is_reminded() -> None:
    assert due_call(waiting(), ESCALATING, FRIDAY + 2 * HOUR) is Call.ESCALATED
    assert due_call(waiting(escalated_at=FRIDAY + 2 * HOUR), ESCALATING, FRIDAY + 3 * HOUR) is None
    both = POLICY.model_copy(update={"escalate_after": 2 * HOUR})
    assert due_call(waiting(), both, FRIDAY + 4 * HOUR) is Call.ESCALATED
    assert due_call(waiting(escalated_at=FRIDAY + 4 * HOUR), both, FRIDAY + 4 * HOUR) is Call.REMINDED


@pytest.mark.parametrize(
    ("stops", "heeds_freeze"), [(Purpose.STOP, False), (Purpose.STOP_AND_DELETE, True), (None, True)]
)
def test_waiting_request_keeps_its_times_and_whether_a_freeze_holds_it(
    stops: Purpose | None, heeds_freeze: bool
) -> None:
    asked = request(requested_at=FRIDAY, awaiting_since=MONDAY, escalated_at=MONDAY + HOUR, stops=stops)
    found = Waiting.of(asked)
    assert (found.id, found.requested_at, found.since) == (asked.id, FRIDAY, MONDAY)
    assert (found.escalated_at, found.heeds_freeze) == (MONDAY + HOUR, heeds_freeze)


def test_requester_may_remind_some_time_after_the_last_call() -> None:
    asked = request(requested_at=FRIDAY)
    assert may_remind_at(asked) == FRIDAY + 15 * MINUTE
    assert may_remind_at(asked.model_copy(update={"reminded_at": FRIDAY + HOUR})) == FRIDAY + HOUR + 15 * MINUTE


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        ("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-11-27T16:59:59+00:00", "2026-11-27T16:59:59+00:00"),
        ("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-11-27T17:00:00+00:00", "2026-11-30T07:00:00+00:00"),
        ("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-11-30T06:59:00+00:00", "2026-11-30T07:00:00+00:00"),
        ("Sat-Mon 09:30-24:00 Asia/Kolkata", "2026-11-29T18:29:00+00:00", "2026-11-29T18:29:00+00:00"),
        ("Sat-Mon 09:30-24:00 Asia/Kolkata", "2026-11-30T18:30:00+00:00", "2026-12-05T04:00:00+00:00"),
        ("Wed 00:00-24:00 UTC", "2026-12-03T00:00:00+00:00", "2026-12-09T00:00:00+00:00"),
        ("Mon,Wed-Thu 08:00-09:00 UTC", "2026-12-01T08:30:00+00:00", "2026-12-02T08:00:00+00:00"),
        ("Mon,Wed-Thu 08:00-09:00 UTC", "2026-12-04T08:30:00+00:00", "2026-12-07T08:00:00+00:00"),
        ("Wed 08:00-17:45 UTC", "2026-12-02T17:44:00+00:00", "2026-12-02T17:44:00+00:00"),
        ("Wed 08:00-17:45 UTC", "2026-12-02T17:45:00+00:00", "2026-12-09T08:00:00+00:00"),
        # It is Tuesday in UTC, and still Monday in Los Angeles.
        ("Mon 18:00-20:00 America/Los_Angeles", "2026-12-01T03:00:00+00:00", "2026-12-01T03:00:00+00:00"),
        # The clocks change that Sunday: from 02:00 to 03:00, and back.
        ("Sun 08:00-18:00 Europe/Berlin", "2026-03-29T05:00:00+00:00", "2026-03-29T06:00:00+00:00"),
        ("Sun 08:00-18:00 Europe/Berlin", "2026-10-25T05:00:00+00:00", "2026-10-25T07:00:00+00:00"),
    ],
)
def test_first_open_moment(hours: str, at: str, opens: str) -> None:
    found = ApprovalHours.parse(hours).first_open(datetime.fromisoformat(at))
    assert found == datetime.fromisoformat(opens)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mon-Fri 08:00-18:00",
        "Mon-Fri 18:00-08:00 UTC",
        "Mon-Fri 08:00-08:00 UTC",
        "Mon-Fri 08:00-24:01 UTC",
        "Mon-Fri 08:00-18:00 Mars/Olympus",
        "Mon-Fri 08:00-18:00 Europe",
        "Mon-Fry 08:00-18:00 UTC",
    ],
)
def test_other_hours_are_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match="days, hours and a time zone, such as"):
        ApprovalHours.parse(text)
