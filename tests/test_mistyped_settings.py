"""Values as shells, editors and containers leave them: quotation marks, byte order marks, keys in one line."""

from pathlib import Path

import pytest

from config import Settings
from settings.applications import read_applications
from settings.environment import SettingsError
from tests.good_settings import GOOD, wrong

MARK = "\ufeff"  # with which some editors begin a text file
KEYS = ("A" * 43 + "=", "B" * 42 + "A=")  # each 32 bytes in Base64


@pytest.mark.parametrize("quotes", ['""', "''", "\u201c\u201d", "\u2018\u2019"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROTECTED_NAMES", "VIP *,*legal hold*"),
        ("KORE_CLIENT_SECRET", "hush-hush"),
        ("SLACK_SIGNING_SECRET", "hush"),
        ("TICKET_PATTERN", "[A-Z]+-[0-9]+"),
        ("DELETABLE_STATUSES", "Ready,Stopped"),
        ("APPROVALS_CHANNEL", "C0APPROVALS"),
        ("ARCHIVE_KEY", KEYS[0]),
    ],
)
def test_quotation_marks_around_a_value_are_no_part_of_it(name: str, value: str, quotes: str) -> None:
    """Docker's --env-file keeps them: names in quotation marks would protect no campaign, without a word."""
    (line,) = wrong(**{name: quotes[0] + value + quotes[1]})
    assert line == f"{name}: expected a value without quotation marks around it"


@pytest.mark.parametrize("read_by", ["Python", "Docker"])
@pytest.mark.parametrize("name", ["PROTECTED_NAMES", "DATABASE_URL", "KORE_JWT_SUBJECT"])
def test_value_in_another_encoding_is_refused(name: str, read_by: str) -> None:
    """A pattern with a letter of Latin-1 protects no campaign."""
    letter = {"Python": "\udcfc", "Docker": "\ufffd"}[read_by]
    assert wrong(**{name: f"sqlite:///Fr{letter}hling"}) == [f"{name}: expected text in UTF-8"]


def test_quotation_marks_within_a_value_stay() -> None:
    settings = Settings.from_env({**GOOD, "PROTECTED_NAMES": '"VIP" *,*x'})
    assert settings.PROTECTED_NAMES == ('"VIP" *', "*x")


def test_byte_order_mark_is_no_part_of_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{MARK}hush-hush\r\n", encoding="utf-8")
    without = {name: value for name, value in GOOD.items() if name not in ("KORE_CLIENT_SECRET", "SLACK_BOT_TOKEN")}
    found = Settings.from_env(
        {**without, "KORE_CLIENT_SECRET_FILE": str(file), "SLACK_BOT_TOKEN": f"{MARK}xoxb-1\u200b"}
    )
    assert found.KORE_CLIENT_SECRET.get_secret_value() == "hush-hush"
    assert found.SLACK_BOT_TOKEN.get_secret_value() == "xoxb-1"


def test_quotation_marks_in_the_file_of_a_secret_are_named(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text('"hush-hush"\n')
    without = {name: value for name, value in GOOD.items() if name != "KORE_CLIENT_SECRET"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({**without, "KORE_CLIENT_SECRET_FILE": str(file)})
    assert str(caught.value) == "KORE_CLIENT_SECRET_FILE: expected a value without quotation marks around it"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-1\u200b2"),
        ("SLACK_APP_TOKEN", "xapp-1\u2026"),
        ("SLACK_SIGNING_SECRET", "hu sh"),
        ("KORE_CLIENT_ID", "cs-1\u200b1"),
        ("KORE_CLIENT_SECRET", "hush\u2011hush"),
    ],
)
def test_secret_with_a_character_that_none_has_is_refused(name: str, value: str) -> None:
    """Slack and Kore.ai would only say that they do not accept it."""
    (line,) = wrong(**{name: value})
    assert line.startswith(f"{name}: expected ")
    assert value not in line


@pytest.mark.parametrize("between", ["", " ", "\n", ";"])
def test_second_key_of_the_archive_is_not_ignored(between: str) -> None:
    (line,) = wrong(ARCHIVE_KEY=between.join(KEYS))
    assert line.startswith("ARCHIVE_KEY: expected Fernet keys, separated by commas")


def test_key_in_either_alphabet_is_accepted() -> None:
    both = f"{'A' * 41}-_=,{'A' * 41}+/="
    assert len(Settings.from_env({**GOOD, "ARCHIVE_KEY": both}).ARCHIVE_KEY) == 2


@pytest.mark.parametrize(("name", "value"), [("KORE_APP_ID", f"st-{'1' * 65}"), ("KORE_ACCOUNT_ID", "6" * 65)])
def test_id_that_is_too_long_is_one_line_at_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_applications({**GOOD, name: value})
    assert str(caught.value).startswith(f"{name}: expected the id of the Kore.ai a")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://platform.kore.ai/agentassist", "a host alone, such as https://platform.kore.ai"),
        ("https://bot:hunter2@platform.kore.ai", "a host alone, such as https://platform.kore.ai"),
        ("https://[::1", "an address such as https://platform.kore.ai"),
        ("https://pl\u00e4tform.kore.ai", "a plain host name, as in https://platform.kore.ai"),
        ("https://platform..kore.ai", "a plain host name, as in https://platform.kore.ai"),
        (f"https://{'a' * 64}.kore.ai", "a plain host name, as in https://platform.kore.ai"),
        ("https://platform.kore.ai:0", "a port from 1 to 65535, or none"),
        ("https://platform.kore.ai:99999", "a port from 1 to 65535, or none"),
        ("http://platform.kore.ai", "an https:// address; http:// is for localhost only"),
    ],
)
def test_address_of_kore_is_refused_in_a_sentence(value: str, expected: str) -> None:
    assert wrong(KORE_BASE_URL=value) == [f"KORE_BASE_URL: expected {expected}"]


@pytest.mark.parametrize(
    "url",
    ["https://receiver..example/", "https://receiver.example/\x7f", f"https://{'a' * 64}.example/", "https://h:0/"],
)
def test_webhook_that_no_client_can_call_stops_the_start(url: str) -> None:
    (line,) = wrong(WEBHOOK_URL=url, WEBHOOK_SECRET="a-secret-of-the-operator")
    assert line == "WEBHOOK_URL: expected an https address, or an http address on this machine"


@pytest.mark.parametrize("mark", ["|", ">", "<", " "])
def test_address_of_tickets_that_ends_a_link_of_slack_is_refused(mark: str) -> None:
    assert wrong(TICKET_URL=f"https://tickets.example/{{ticket}}{mark}x") == [
        "TICKET_URL: expected an https address with {ticket} in it"
    ]


@pytest.mark.parametrize("pattern", ["a{99999999999}", "(" * 2_000 + "a" + ")" * 2_000])
def test_pattern_that_python_cannot_compile_is_one_line(pattern: str) -> None:
    assert wrong(TICKET_PATTERN=pattern) == [
        "TICKET_PATTERN: expected a regular expression for tickets, such as [A-Z]+-[0-9]+"
    ]


def test_file_of_applications_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file, secret = tmp_path / "applications.toml", tmp_path / "secret"
    secret.write_text(f"{MARK}hush\n", encoding="utf-8")
    table = (
        '[production]\nchannels = ["C0PROD"]\nkore_app_id = "st-1"\nkore_account_id = "1"\nkore_client_id = "cs-1"\n'
        f'kore_client_secret = {{ file = "{secret}" }}\n'
    )
    file.write_text(MARK + table, encoding="utf-8")
    (found,) = read_applications({**GOOD, "KORE_APPS_FILE": str(file)})
    assert found.settings.KORE_CLIENT_SECRET.get_secret_value() == "hush"
