"""One wrong setting is one failure: what depends on it is not blamed, and other faults are still found."""

import pytest

from commands.doctor.partial_settings import read_settings
from tests.good_settings import GOOD

SECRET = "a-secret-of-the-operator"
WRONG = [
    ("APPROVERS", "bob", {}),
    ("APPROVERS", "bob", {"APPROVALS_REQUIRED": "S0LEGAL:1", "STOP_APPROVALS_REQUIRED": "1"}),
    ("APPROVALS_CHANNEL", "#approvals", {"STOP_APPROVALS_REQUIRED": "1"}),
    ("SLACK_APP_TOKEN", "xoxb-1", {"SLACK_SIGNING_SECRET": ""}),
    ("WEBHOOK_URL", "http://receiver.example/", {"WEBHOOK_SECRET": SECRET}),
    ("ESCALATE_AFTER", "soon", {"ESCALATION_APPROVERS": "U0HEAD"}),
    ("APPROVAL_TTL", "3 days", {"APPROVAL_REMINDER": "1h,30h"}),
    ("KORE_BASE_URL", "http://localhost:99999", {"KORE_CALLS_PER_MINUTE": "6000"}),
]


@pytest.mark.parametrize(("name", "value", "others"), WRONG)
def test_only_the_wrong_setting_is_a_failure(name: str, value: str, others: dict[str, str]) -> None:
    applications, wrong = read_settings({**GOOD, **others, name: value})
    assert [result.name for result in wrong] == [name]
    assert applications


@pytest.mark.parametrize(
    ("given", "missing"),
    [({"WEBHOOK_URL": "receiver"}, "WEBHOOK_SECRET"), ({"ESCALATE_AFTER": "soon"}, "ESCALATION_APPROVERS")],
)
def test_what_is_missing_beside_a_wrong_setting_is_found_too(given: dict[str, str], missing: str) -> None:
    _, wrong = read_settings({**GOOD, **given})
    assert {result.name for result in wrong} == {*given, missing}


def test_no_stand_in_is_a_person() -> None:
    (application,), _ = read_settings({**GOOD, "APPROVERS": "bob", "REQUESTERS": "alice"})
    assert (application.settings.APPROVERS, application.settings.REQUESTERS) == ((), ())
