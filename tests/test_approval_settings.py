"""Settings of approvals: enough approvers, a channel, reminders and escalation."""

from datetime import timedelta

import pytest

from config import Settings
from deletion.domain.approval_hours import ApprovalHours
from tests.deletion.values import request
from tests.good_settings import GOOD, wrong


def test_escalation_needs_approvers_and_time_before_the_deadline() -> None:
    assert wrong(ESCALATE_AFTER="2h") == [
        "ESCALATION_APPROVERS: expected user ids and user group ids if ESCALATE_AFTER is set, else to be unset"
    ]
    assert wrong(APPROVAL_TTL="5h", ESCALATE_AFTER="5h", ESCALATION_APPROVERS="U0HEAD") == [
        "ESCALATE_AFTER: expected less than APPROVAL_TTL"
    ]
    policy = Settings.from_env({**GOOD, "ESCALATE_AFTER": "2h", "ESCALATION_APPROVERS": "U0HEAD"}).policy()
    assert (policy.escalate_after, policy.escalation_approvers) == (timedelta(hours=2), ("U0HEAD",))


def test_empty_list_of_approvers_to_notify_calls_no_one() -> None:
    unset = Settings.from_env({**GOOD, "APPROVERS": "U0BOB"}).policy()
    empty = Settings.from_env({**GOOD, "APPROVERS": "U0BOB", "APPROVERS_TO_NOTIFY": ""}).policy()
    assert (unset.notified_about(request()), empty.notified_about(request())) == (("U0BOB",), ())


def test_approvals_reminders_and_hours_are_parsed() -> None:
    given = {"APPROVERS": "S0LEGAL,S0OPS", "APPROVALS_REQUIRED": "S0LEGAL:1, S0OPS:2", "APPROVAL_REMINDER": "4h, 15m"}
    policy = Settings.from_env({**GOOD, **given, "APPROVAL_HOURS": "Mon-Fri 08:00-18:00 Europe/Berlin"}).policy()
    assert (policy.approvals_required, policy.approval_quotas) == (3, (("S0LEGAL", 1), ("S0OPS", 2)))
    assert policy.approval_reminders == (timedelta(minutes=15), timedelta(hours=4))
    assert policy.approval_hours == ApprovalHours.parse("Mon-Fri 08:00-18:00 Europe/Berlin")


def test_approvals_channel_is_required_unless_no_approval_is() -> None:
    assert wrong(APPROVALS_CHANNEL="")[0].startswith("APPROVALS_CHANNEL: ")
    Settings.from_env({**GOOD, "APPROVALS_CHANNEL": "", "APPROVALS_REQUIRED": "0"})


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"REQUESTERS": ""}, "REQUESTERS: is required"),
        ({"REQUESTERS": ","}, "REQUESTERS: expected user ids"),
        ({"APPROVERS": ""}, "APPROVALS_REQUIRED: expected 0, or APPROVERS with the users"),
        (
            {"APPROVERS": "U0BOB", "APPROVALS_REQUIRED": "2"},
            "APPROVALS_REQUIRED: expected 1 or less, because APPROVERS",
        ),
        ({"APPROVERS": "U0BOB,U0BOB", "APPROVALS_REQUIRED": "2"}, "APPROVALS_REQUIRED: expected 1 or less"),
        ({"REQUESTERS": "U0BOB", "APPROVERS": "U0BOB"}, "APPROVALS_REQUIRED: expected 0 or less"),
        (
            {"REQUESTERS": "U0BOB,U0ALICE", "APPROVERS": "U0BOB,U0ALICE", "APPROVALS_REQUIRED": "2"},
            "APPROVALS_REQUIRED: expected 1 or less",
        ),
    ],
)
def test_approvers_who_can_never_be_enough_stop_the_start(people: dict[str, str], expected: str) -> None:
    (line,) = wrong(**people)
    assert line.startswith(expected)


@pytest.mark.parametrize(
    "people",
    [
        {"APPROVERS": "", "APPROVALS_REQUIRED": "0"},
        {"APPROVERS": "U0BOB"},
        {"REQUESTERS": "U0BOB,U0ALICE", "APPROVERS": "U0BOB,U0ALICE"},
        {"REQUESTERS": "U0BOB", "APPROVERS": "U0BOB,S0APPROVE"},
        {"APPROVERS": "U0BOB,S0APPROVE", "APPROVALS_REQUIRED": "20"},
    ],
)
def test_approvers_who_may_be_enough_are_accepted(people: dict[str, str]) -> None:
    Settings.from_env({**GOOD, **people})


def test_approvals_of_stops_need_a_channel_and_enough_approvers() -> None:
    both = {"APPROVERS": "U0BOB,U0CAROL", "STOP_APPROVALS_REQUIRED": "2"}
    assert Settings.from_env({**GOOD, **both}).policy().stop_approvals_required == 2
    for changes in ({"APPROVERS": "U0BOB"}, {"APPROVALS_CHANNEL": "", "APPROVALS_REQUIRED": "0"}):
        (line,) = wrong(**{**both, **changes})
        assert line.startswith("STOP_APPROVALS_REQUIRED: expected 0, or APPROVALS_CHANNEL and APPROVERS")


@pytest.mark.parametrize("name", ["REQUESTERS", "APPROVERS", "APPROVALS_CHANNEL"])
def test_wrong_people_or_channel_are_not_blamed_on_approvals_of_stops(name: str) -> None:
    (line,) = wrong(**{name: "no id", "STOP_APPROVALS_REQUIRED": "2"})
    assert line.startswith(f"{name}: ")
