"""The file of Kore.ai applications: what a table may set, and every error at once, without any value of a secret."""

import re
from pathlib import Path
from typing import Any

import pytest

from deletion.domain.policies import Policies
from settings.applications import MOST_APPLICATIONS, OWN, check_applications, read_applications
from settings.environment import SettingsError
from tests.application_tables import CANARY, PRODUCTION, SHARED, STAGING, read, wrong
from tests.good_settings import GOOD, KEY

BY_REFERENCE = 'expected { env = "VARIABLE" } or { file = "path" }, and never the secret itself'
DIFFERENT = "expected different ones"
NAME = "expected a name of a to z, 0 to 9 and -, 32 characters at most"
SAME_APP = STAGING.replace("st-2", "st-1").replace("6778", "6777").replace("staging.kore", "platform.kore")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "secret").write_text(f"{CANARY}\n")
    return {**SHARED, "OPS_ROOMS": "C0SHARED", "UNDO_WINDOW": "5m", "PRODUCTION_SECRET": CANARY}


def test_environment_alone_is_one_application_without_a_name() -> None:
    (only,) = read_applications(GOOD)
    assert (only.name, only.channels, only.confirm_with_name) == ("", (), False)
    assert only.policy() == only.settings.policy()
    assert Policies([only.policy()]).shared == only.policy()


def test_tables_set_their_own_application_and_share_the_rest(environ: dict[str, str], tmp_path: Path) -> None:
    production, staging = read(environ, tmp_path, PRODUCTION + STAGING)

    assert (production.name, production.channels, production.confirm_with_name) == ("production", ("C0PROD",), True)
    assert production.settings.KORE_CALLS_PER_MINUTE == 120
    assert production.settings.kore_account().key == "https://platform.kore.ai st-1 6777"
    assert production.policy().ops_rooms == ("C0OPS", "C0AUDIT")
    assert production.settings.KORE_CLIENT_SECRET.get_secret_value() == CANARY
    assert (staging.name, staging.channels, staging.confirm_with_name) == ("staging", ("C0STAGE", "G0TEST"), False)
    assert staging.settings.kore_account().key == "https://staging.kore.ai st-2 6778"
    assert staging.settings.KORE_CLIENT_SECRET.get_secret_value() == CANARY
    assert staging.settings.KORE_API_VERSION == "v2"
    assert staging.policy().ops_rooms == ()
    assert staging.policy().deletable_statuses[-1] == "Paused"
    assert (staging.policy().approvals_required, staging.policy().deletes_per_hour) == (0, 500)
    for application in (production, staging):
        assert application.policy().application == application.name
        assert application.policy().undo_window.total_seconds() == 300
        assert application.policy().requesters == ("S0REQUEST",)


def test_shared_policy_has_people_and_no_channel_or_account(environ: dict[str, str], tmp_path: Path) -> None:
    policies = Policies([each.policy() for each in read(environ, tmp_path, STAGING + PRODUCTION)])
    shared = policies.shared
    assert shared.requesters == policies.all[0].requesters
    assert (shared.approvals_channel, shared.ops_rooms, shared.kore_account, shared.application) == (None, (), "", "")
    assert shared.approvals_required == 1
    assert set(policies.everywhere.ops_rooms) == {GOOD["APPROVALS_CHANNEL"], "C0OPS", "C0AUDIT"}


def test_all_errors_are_named_at_once_by_table_and_key(environ: dict[str, str], tmp_path: Path) -> None:
    text = f"""
        [production]
        channels = ["prod"]
        confirm_with_name = "yes"
        kore_app_id = "wrong"
        kore_account_id = 6777
        kore_client_id = "cs-1"
        kore_client_secret = "{CANARY}"
        slack_bot_token = "xoxb-1"
        deletable_statuses = []
        undo_window = true
        [staging]
        kore_app_id = "st-2"
        kore_account_id = "6778"
        kore_client_id = "cs-2"
        kore_client_secret = {{ env = "NOT_SET" }}
        archive_key = {{ file = "/nowhere" }}
        kore_calls_per_minute = 9
    """
    unreadable = "expected a variable that is set, or a text file that this process may read"
    assert wrong({**environ, "PORT": "none"}, tmp_path, text) == [
        "[production] channels: expected a list of channel ids, C… or G…",
        "[production] confirm_with_name: expected true or false",
        f"[production] kore_client_secret: {BY_REFERENCE}",
        "[production] slack_bot_token: is no key of an application",
        "[production] deletable_statuses: expected a value",
        "[production] undo_window: expected a text, a whole number or a list of texts",
        "PORT: expected a whole number",
        "[production] kore_app_id: expected the id of the Kore.ai app, st-…",
        f"[staging] kore_client_secret: {unreadable}",
        f"[staging] archive_key: {unreadable}",
        "[staging] channels: is required",
        "[staging] kore_calls_per_minute: expected 10 or more",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (PRODUCTION + STAGING.replace("C0STAGE", "C0PROD"), f"[production] and [staging] channels: {DIFFERENT}"),
        (PRODUCTION + SAME_APP, f"[production] and [staging] kore_app_id: {DIFFERENT}"),
        # The same app by another name of the host, or with its account mistyped, would have two rules.
        (
            PRODUCTION + STAGING.replace("st-2", "ST-1"),
            "[staging] kore_app_id: expected the id of the Kore.ai app, st-…",
        ),
        (PRODUCTION + STAGING.replace("st-2", "st-1"), f"[production] and [staging] kore_app_id: {DIFFERENT}"),
        (PRODUCTION.replace("[production]", "[Production]"), f"[Production]: {NAME}"),
        ("production = 1", "production: expected a table"),
        ("[production", "is not TOML (at end of document)"),
        ("[production]\n[staging]\n[production]", "has a name twice (at line 3, column 12)"),
        ("[production]\nchannels = []\nchannels = []\n", "has a name twice (at line 3, column 14)"),
        ("production = " + "[" * 5_000, "is nested too deeply"),
        (PRODUCTION.replace('env = "', 'file = "x", env = "'), f"[production] kore_client_secret: {BY_REFERENCE}"),
    ],
)
def test_error_of_the_file_is_one_line(environ: dict[str, str], tmp_path: Path, text: str, line: str) -> None:
    assert wrong(environ, tmp_path, text) == [line]


def test_number_of_applications_is_limited(environ: dict[str, str], tmp_path: Path) -> None:
    expected = (
        f"KORE_APPS_FILE: {tmp_path}/applications.toml: expected 1 to {MOST_APPLICATIONS} tables, such as [production]"
    )
    many = "\n".join(f"[a{number}]" for number in range(MOST_APPLICATIONS + 1))
    for text in ("", many):
        assert wrong(environ, tmp_path, text) == [expected]


def test_file_that_cannot_be_read_is_one_line(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="KORE_APPS_FILE: expected the path of a text file"):
        read_applications({**environ, "KORE_APPS_FILE": "/nowhere/applications.toml"})


def test_missing_setting_is_asked_for_in_the_table_and_a_wrong_one_of_the_environment_there(
    environ: dict[str, str], tmp_path: Path
) -> None:
    without_id = PRODUCTION.replace('kore_app_id = "st-1"\n', "")
    assert wrong(environ, tmp_path, without_id) == ["[production] kore_app_id: is required"]
    assert wrong({**environ, "DELETES_PER_HOUR": "0"}, tmp_path, PRODUCTION) == ["DELETES_PER_HOUR: expected 1 or more"]


@pytest.mark.parametrize("name", OWN)
def test_ids_and_secret_of_a_table_never_come_from_the_environment(
    environ: dict[str, str], tmp_path: Path, name: str
) -> None:
    without = re.sub(rf"^{name.lower()} = .*$", "", PRODUCTION, flags=re.MULTILINE)
    given = {**environ, name: GOOD[name], "KORE_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    assert wrong(given, tmp_path, without) == [f"[production] {name.lower()}: is required"]


def test_table_overrides_a_secret_that_the_environment_has_in_a_file(environ: dict[str, str], tmp_path: Path) -> None:
    given = {**environ, "KORE_CLIENT_SECRET_FILE": "/nowhere", "ARCHIVE_KEY_FILE": str(tmp_path / "key")}
    (tmp_path / "key").write_text(KEY)
    (only,) = read(given, tmp_path, PRODUCTION)
    assert only.settings.KORE_CLIENT_SECRET.get_secret_value() == CANARY
    assert [key.get_secret_value() for key in only.settings.ARCHIVE_KEY] == [KEY]


def test_variable_that_a_table_refers_to_is_not_called_unknown(environ: dict[str, str], tmp_path: Path) -> None:
    text = PRODUCTION.replace("PRODUCTION_SECRET", "KORE_SECRET_OF_PRODUCTION")
    given = {**environ, "KORE_SECRET_OF_PRODUCTION": CANARY, "KORE_SECRET_OF_OTHERS": CANARY}
    found: list[Any] = check_applications(given, read(given, tmp_path, text))
    assert [result.name for result in found] == ["KORE_SECRET_OF_OTHERS"]


def test_representation_shows_no_secret(environ: dict[str, str], tmp_path: Path) -> None:
    assert CANARY not in repr(read(environ, tmp_path, PRODUCTION + STAGING))
