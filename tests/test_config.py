"""Settings: defaults, parsing, and errors that name the setting and never show its value."""

from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from config import Settings
from deletion.domain.approval_hours import ApprovalHours
from deletion.domain.approval_rule import ApprovalRule
from settings.commands import DatabaseSettings
from settings.environment import SettingsError
from tests.deletion.values import request
from tests.good_settings import GOOD, KEY


def wrong(**changes: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({**GOOD, **changes})
    return str(caught.value).splitlines()


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


def test_lists_and_durations_are_parsed() -> None:
    settings = Settings.from_env(
        {**GOOD, "REQUESTERS": "U0A, S0GROUP ,W0B,", "UNDO_WINDOW": "90", "APPROVAL_TTL": "2d"}
    )
    assert settings.REQUESTERS == ("U0A", "S0GROUP", "W0B")
    assert settings.UNDO_WINDOW == timedelta(seconds=90)
    assert settings.APPROVAL_TTL == timedelta(days=2)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1", "a bot token"),
        ("SLACK_APP_TOKEN", "xoxb-1", "an app-level token"),
        ("SLACK_API_URL", "chat.example", "an http(s) address"),
        ("PORT", "eighty", "a whole number"),
        ("STOP_APPROVALS_REQUIRED", "some", "a whole number"),
        ("STOP_APPROVALS_REQUIRED", "21", "20 or less"),
        ("TICKET_PATTERN", "(unclosed", "a regular expression for tickets"),
        ("TICKET_PATTERN", ".*", "a regular expression for tickets"),
        ("TICKET_URL", "https://tickets.example/", "an https address with {ticket}"),
        ("WEBHOOK_URL", "http://receiver.example/", "an https address"),
        ("WEBHOOK_URL", "receiver", "an https address"),
        ("WEBHOOK_URL", "https://receiver.example:port/", "an https address"),
        ("WEBHOOK_URL", "https://[receiver/", "an https address"),
        ("SLACK_API_URL", "http://127.0.0.1:99999/api/", "an http(s) address"),
        ("WEBHOOK_SECRET", "short", "at least 16 characters"),
        ("PORT", "70000", "65535 or less"),
        ("KORE_BASE_URL", "http://kore.example", "https"),
        ("KORE_APP_ID", "bot-1", "st-…"),
        ("KORE_API_VERSION", "v3", "'v1' or 'v2'"),
        ("KORE_JWT_ALGORITHM", "none", "'HS256'"),
        ("KORE_JWT_TTL", "2h", "10s to 1h"),
        ("KORE_CALLS_PER_MINUTE", "9", "10 or more"),
        ("KORE_CALLS_PER_MINUTE", "61", "10 to 60"),
        ("REQUESTERS", "alice", "user ids"),
        ("APPROVERS", "bob", "user group ids"),
        ("APPROVALS_REQUIRED", "-1", "a number from 0 to 20"),
        ("APPROVALS_REQUIRED", "21", "a number from 0 to 20"),
        ("APPROVALS_REQUIRED", "S0LEGAL:11,S0OPS:10", "at most 20 in total"),
        ("APPROVALS_REQUIRED", "S0LEGAL:1,S0LEGAL:2", "by user group such as"),
        ("APPROVALS_REQUIRED", "S0LEGAL:0", "by user group such as"),
        ("APPROVALS_REQUIRED", "U0BOB:1", "by user group such as"),
        ("APPROVALS_REQUIRED", "S0LEGAL:1", "only user groups that APPROVERS names"),
        ("APPROVALS_CHANNEL", "#approvals", "one channel id"),
        ("OPS_ROOMS", "ops", "channel ids"),
        ("OPS_ROOMS_EVENTS", "some", "'all', 'outcomes' or 'deletions'"),
        ("APPROVAL_TTL", "soon", "90, 15m or 24h"),
        ("APPROVAL_REMINDER", "31d", "1s to less than 30d"),
        ("APPROVAL_REMINDER", "15m,31d", "1s to less than 30d"),
        ("APPROVAL_REMINDER", "15m,,1h", "90, 15m or 24h"),
        ("ESCALATION_APPROVERS", "U0HEAD", "if ESCALATE_AFTER is set, else to be unset"),
        ("APPROVAL_HOURS", "09:00-17:00 Europe/Paris", "such as Mon-Fri 08:00-18:00 Europe/Berlin"),
        ("APPROVAL_HOURS", "Mon-Fry 08:00-18:00 Europe/Berlin", "days, hours and a time zone"),
        ("APPROVAL_HOURS", "Mon-Fri 18:00-08:00 Europe/Berlin", "days, hours and a time zone"),
        ("APPROVAL_HOURS", "Mon-Fri 08:00-24:30 Europe/Berlin", "days, hours and a time zone"),
        ("APPROVAL_HOURS", "Mon-Fri 08:00-18:00 Europe/Atlantis", "days, hours and a time zone"),
        ("APPROVAL_HOURS", "Mon-Fri 09:00-17:00 Europe", "days, hours and a time zone"),
        ("UNDO_WINDOW", "2d", "0 to 24h"),
        ("DELETES_PER_HOUR", "0", "1 or more"),
        ("DELETES_PER_PERSON_PER_HOUR", "none", "a whole number"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "sqlite:///<file> or postgresql://"),
        ("DATABASE_URL", "postgresql://bot:p@hunter2@db/x", "each @ written as %40"),
        ("DATABASE_URL", "sqlite:///:memory:", "a file"),
        ("DATABASE_CONNECTIONS", "3", "4 or more"),
        ("DATABASE_CONNECTIONS", "101", "100 or less"),
        ("ARCHIVE_KEY", f"{KEY},hunter2", "Fernet keys, separated by commas"),
        ("LOG_LEVEL", "loud", "'DEBUG'"),
    ],
)
def test_error_names_the_setting_and_never_its_value(name: str, value: str, expected: str) -> None:
    (line,) = wrong(**{name: value})
    assert line.startswith(f"{name}: ")
    assert expected in line
    assert value not in line


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


def test_all_wrong_settings_are_reported_together() -> None:
    named = {line.split(":")[0] for line in wrong(PORT="x", KORE_APP_ID="", SLACK_SIGNING_SECRET="", LOG_FORMAT="xml")}
    assert named == {"PORT", "KORE_APP_ID", "SLACK_SIGNING_SECRET", "LOG_FORMAT"}


def test_http_mode_needs_the_signing_secret_and_socket_mode_does_not() -> None:
    assert wrong(SLACK_SIGNING_SECRET="") == [
        "SLACK_SIGNING_SECRET: expected the app's signing secret, because without SLACK_APP_TOKEN Slack uses HTTP"
    ]
    Settings.from_env({**GOOD, "SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "xapp-1"})


def test_real_looking_token_is_sent_only_to_slack_or_loopback() -> None:
    assert wrong(SLACK_API_URL="https://slack.example/api")[0].startswith("SLACK_API_URL: ")
    Settings.from_env({**GOOD, "SLACK_API_URL": "http://127.0.0.1:3100/api"})
    Settings.from_env({**GOOD, "SLACK_API_URL": "https://slack.example/api", "SLACK_BOT_TOKEN": "xoxb-sandbox"})


def test_rate_limit_above_kores_is_allowed_only_for_a_loopback_kore() -> None:
    local = {**GOOD, "KORE_BASE_URL": "http://127.0.0.1:3100", "KORE_CALLS_PER_MINUTE": "6000"}
    assert Settings.from_env(local).KORE_CALLS_PER_MINUTE == 6000


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


def test_everything_that_an_empty_environment_lacks_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({})
    named = str(raised.value)
    for required in GOOD:
        assert required in named


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


def test_duplicates_in_lists_are_dropped() -> None:
    lists = {"REQUESTERS": "U0B,U0A,U0B", "OPS_ROOMS": "C0B, C0A,C0B", "DELETABLE_STATUSES": "Ready,Ready"}
    settings = Settings.from_env({**GOOD, **lists, "ARCHIVE_KEY": f"{KEY},{KEY}"})
    assert (settings.REQUESTERS, settings.OPS_ROOMS) == (("U0B", "U0A"), ("C0B", "C0A"))
    assert settings.DELETABLE_STATUSES == ("Ready",)
    assert len(settings.ARCHIVE_KEY) == 1


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


@pytest.mark.parametrize("given", ["WEBHOOK_URL", "WEBHOOK_SECRET"])
def test_webhook_needs_its_secret_and_a_secret_its_webhook(given: str) -> None:
    both = {"WEBHOOK_URL": "https://receiver.example/", "WEBHOOK_SECRET": "a-secret-of-the-operator"}
    Settings.from_env({**GOOD, **both})
    with pytest.raises(SettingsError, match=r"^WEBHOOK_SECRET: expected a secret that signs"):
        Settings.from_env({**GOOD, given: both[given]})


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


def test_secret_can_be_read_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\n")
    without = {name: value for name, value in GOOD.items() if name != "KORE_CLIENT_SECRET"}
    found = Settings.from_env({**without, "KORE_CLIENT_SECRET_FILE": str(secret)})
    assert found.KORE_CLIENT_SECRET.get_secret_value() == "from-a-file"


def test_unusable_secret_file_is_reported_without_its_path(tmp_path: Path) -> None:
    missing = str(tmp_path / "not-there")
    without = {name: value for name, value in GOOD.items() if name != "SLACK_BOT_TOKEN"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({**without, "SLACK_BOT_TOKEN_FILE": missing, "KORE_CLIENT_SECRET_FILE": missing})
    assert str(caught.value).splitlines() == [
        "SLACK_BOT_TOKEN_FILE: expected the path of a text file that this process may read",
        "KORE_CLIENT_SECRET_FILE: expected to be unset, because KORE_CLIENT_SECRET is set",
    ]


def test_repr_of_settings_shows_no_secret() -> None:
    said = repr(Settings.from_env(GOOD)) + str(Settings.from_env(GOOD))
    assert not [secret for secret in ("xoxb-real-looking", "hush", "hush-hush") if secret in said]


def test_journal_commands_need_only_the_database_setting(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("sqlite:///mine.sqlite3\n")
    others = {"PORT": "none", "KORE_CLIENT_SECRET_FILE": "/nowhere/at/all"}
    found = DatabaseSettings.from_env({**others, "DATABASE_URL_FILE": str(tmp_path / "url")})
    assert found.DATABASE_URL.get_secret_value() == "sqlite:///mine.sqlite3"
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: expected sqlite:///<file>.*$"):
        DatabaseSettings.from_env({**others, "DATABASE_URL": "mysql://x"})
