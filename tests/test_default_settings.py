"""Defaults of settings, which never conflict with a value that is set."""

from datetime import timedelta
from itertools import combinations

import pytest

from config import Settings
from deletion.domain.approval_rule import ApprovalRule
from settings.environment import SettingsError
from tests.good_settings import GOOD


def test_defaults() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.SLACK_API_URL == "https://slack.com/api/"
    assert (settings.HOST, settings.PORT) == ("127.0.0.1", 3000)
    assert (settings.KORE_BASE_URL, settings.KORE_API_VERSION) == ("https://platform.kore.ai", "v1")
    assert (settings.KORE_JWT_ALGORITHM, settings.KORE_JWT_TTL) == ("HS256", timedelta(minutes=5))
    assert settings.KORE_CALLS_PER_MINUTE == 60
    assert settings.OPS_ROOMS == ()
    assert (settings.APPROVERS_TO_NOTIFY, settings.NOTIFY_BY_DM) == (None, False)
    assert settings.APPROVALS_REQUIRED == ApprovalRule(required=1)
    assert (settings.APPROVAL_TTL, settings.APPROVAL_REMINDER) == (timedelta(hours=24), (timedelta(hours=4),))
    assert (settings.ESCALATE_AFTER, settings.ESCALATION_APPROVERS, settings.APPROVAL_HOURS) == (None, (), None)
    assert settings.UNDO_WINDOW == timedelta(seconds=60)
    assert (settings.DELETES_PER_HOUR, settings.DELETES_PER_PERSON_PER_HOUR) == (10, 5)
    assert settings.DELETABLE_STATUSES == ("Ready", "Stopped", "Completed")
    assert settings.DATABASE_URL.get_secret_value() == "sqlite:///campaign-delete.sqlite3"
    assert settings.ARCHIVE_KEY == ()
    assert (settings.LOG_LEVEL, settings.LOG_FORMAT) == ("INFO", "text")


# The smallest and the largest value of each setting that has limits or depends on another one.
EXTREMES = {
    "SLACK_APP_TOKEN": ("xapp-1", "xapp-2"),
    "KORE_JWT_TTL": ("10s", "1h"),
    "KORE_CALLS_PER_MINUTE": ("10", "60"),
    "APPROVALS_REQUIRED": ("0", "20"),
    "OPS_ROOMS": ("C0APPROVALS", "C0OPS"),
    "APPROVAL_TTL": ("1s", "30d"),
    "APPROVAL_REMINDER": ("1s", "2591999s"),
    "UNDO_WINDOW": ("0", "24h"),
    "DELETES_PER_HOUR": ("1", "1000"),
    "DELETES_PER_PERSON_PER_HOUR": ("1", "1000"),
}
VALUES = [(name, value) for name, values in EXTREMES.items() for value in values]
PAIRS = [(one, other) for one, other in combinations(VALUES, 2) if one[0] != other[0]]


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_no_default_conflicts_with_a_value_that_is_set(name: str, value: str) -> None:
    settings = Settings.from_env({**GOOD, name: value})
    assert settings.APPROVAL_REMINDER[-1] < settings.APPROVAL_TTL
    if name != "DELETES_PER_PERSON_PER_HOUR":
        assert settings.DELETES_PER_PERSON_PER_HOUR <= settings.DELETES_PER_HOUR


def test_only_reminder_and_expiry_can_conflict() -> None:
    conflicts = []
    for one, other in PAIRS:
        try:
            Settings.from_env({**GOOD, **dict((one, other))})
        except SettingsError as error:
            conflicts.append((one, other, str(error)))
    said, expiry = "APPROVAL_REMINDER: expected less than APPROVAL_TTL", ("APPROVAL_TTL", "1s")
    reminders = [("APPROVAL_REMINDER", value) for value in EXTREMES["APPROVAL_REMINDER"]]
    assert conflicts == [(expiry, reminder, said) for reminder in reminders]


def test_defaults_follow_what_is_set() -> None:
    assert Settings.from_env({**GOOD, "APPROVAL_TTL": "1h"}).APPROVAL_REMINDER == (timedelta(minutes=10),)
    assert Settings.from_env({**GOOD, "APPROVAL_REMINDER": "2d"}).APPROVAL_TTL == timedelta(days=12)
    assert Settings.from_env({**GOOD, "APPROVAL_REMINDER": "15m,2d"}).APPROVAL_TTL == timedelta(days=12)
    escalating = {"ESCALATE_AFTER": "3d", "ESCALATION_APPROVERS": "U0HEAD"}
    assert Settings.from_env({**GOOD, **escalating}).APPROVAL_TTL == timedelta(days=18)
    assert Settings.from_env({**GOOD, "APPROVAL_TTL": "5h"}).APPROVAL_REMINDER == (timedelta(hours=4),)
    assert Settings.from_env({**GOOD, "DELETES_PER_HOUR": "3"}).DELETES_PER_PERSON_PER_HOUR == 3
