"""Settings: parsing, and errors that name the setting and never show its value."""

from datetime import timedelta
from pathlib import Path

import pytest

from config import Settings
from settings.commands import DatabaseSettings
from settings.environment import SettingsError
from tests.good_settings import GOOD, KEY, wrong


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


def test_everything_that_an_empty_environment_lacks_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({})
    named = str(raised.value)
    for required in GOOD:
        assert required in named


def test_duplicates_in_lists_are_dropped() -> None:
    lists = {"REQUESTERS": "U0B,U0A,U0B", "OPS_ROOMS": "C0B, C0A,C0B", "DELETABLE_STATUSES": "Ready,Ready"}
    settings = Settings.from_env({**GOOD, **lists, "ARCHIVE_KEY": f"{KEY},{KEY}"})
    assert (settings.REQUESTERS, settings.OPS_ROOMS) == (("U0B", "U0A"), ("C0B", "C0A"))
    assert settings.DELETABLE_STATUSES == ("Ready",)
    assert len(settings.ARCHIVE_KEY) == 1


@pytest.mark.parametrize("given", ["WEBHOOK_URL", "WEBHOOK_SECRET"])
def test_webhook_needs_its_secret_and_a_secret_its_webhook(given: str) -> None:
    both = {"WEBHOOK_URL": "https://receiver.example/", "WEBHOOK_SECRET": "a-secret-of-the-operator"}
    Settings.from_env({**GOOD, **both})
    with pytest.raises(SettingsError, match=r"^WEBHOOK_SECRET: expected a secret that signs"):
        Settings.from_env({**GOOD, given: both[given]})


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
