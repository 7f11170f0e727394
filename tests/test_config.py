"""Settings: defaults, parsing, and errors that name the setting and never show its value."""

from datetime import timedelta
from pathlib import Path

import pytest

from config import DatabaseSettings, Settings
from env_parsing import SettingsError

KEY = "A" * 43 + "="  # 32 bytes in Base64
GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-real-looking",
    "SLACK_SIGNING_SECRET": "hush",
    "KORE_APP_ID": "st-1",
    "KORE_ACCOUNT_ID": "67777ce93e25326494e90001",
    "KORE_CLIENT_ID": "cs-1",
    "KORE_CLIENT_SECRET": "hush-hush",
    "APPROVALS_CHANNEL": "C0APPROVALS",
}


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
    assert (settings.REQUESTERS, settings.APPROVERS, settings.OPS_ROOMS) == ((), (), ())
    assert settings.APPROVALS_REQUIRED == 1
    assert (settings.APPROVAL_TTL, settings.APPROVAL_REMINDER) == (timedelta(hours=24), timedelta(hours=4))
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
        ("PORT", "70000", "65535 or less"),
        ("KORE_BASE_URL", "http://kore.example", "https"),
        ("KORE_APP_ID", "bot-1", "st-…"),
        ("KORE_API_VERSION", "v3", "'v1' or 'v2'"),
        ("KORE_JWT_ALGORITHM", "none", "'HS256'"),
        ("KORE_JWT_TTL", "2h", "10s to 1h"),
        ("KORE_CALLS_PER_MINUTE", "9", "10 or more"),
        ("KORE_CALLS_PER_MINUTE", "61", "10 to 60"),
        ("REQUESTERS", "alice", "user ids"),
        ("APPROVALS_REQUIRED", "-1", "0 or more"),
        ("APPROVALS_CHANNEL", "#approvals", "one channel id"),
        ("OPS_ROOMS", "ops", "channel ids"),
        ("APPROVAL_TTL", "soon", "90, 15m or 24h"),
        ("APPROVAL_REMINDER", "25h", "less than APPROVAL_TTL"),
        ("UNDO_WINDOW", "2d", "0 to 24h"),
        ("DELETES_PER_HOUR", "0", "1 or more"),
        ("DELETES_PER_PERSON_PER_HOUR", "none", "a whole number"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "sqlite:///<file> or postgresql://"),
        ("DATABASE_URL", "postgresql://bot:p@hunter2@db/x", "each @ written as %40"),
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


def test_approvals_channel_is_required_unless_no_approval_is() -> None:
    assert wrong(APPROVALS_CHANNEL="")[0].startswith("APPROVALS_CHANNEL: ")
    Settings.from_env({**GOOD, "APPROVALS_CHANNEL": "", "APPROVALS_REQUIRED": "0"})


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
