"""A file of two applications, and how it is read."""

from pathlib import Path

import pytest

from settings.applications import ApplicationSettings, read_applications
from settings.environment import SettingsError
from tests.good_settings import GOOD

CANARY = "canary-of-a-secret"
SHARED = {name: text for name, text in GOOD.items() if not name.startswith("KORE_")}
PRODUCTION = """
[production]
channels = ["C0PROD"]
confirm_with_name = true
kore_app_id = "st-1"
kore_account_id = "6777"
kore_client_id = "cs-1"
kore_client_secret = { env = "PRODUCTION_SECRET" }
kore_calls_per_minute = 120
approvals_required = 1
ops_rooms = ["C0OPS", "C0AUDIT"]
"""
STAGING = """
[staging]
channels = ["C0STAGE", "G0TEST"]
kore_base_url = "https://staging.kore.ai"
kore_app_id = "st-2"
kore_account_id = "6778"
kore_client_id = "cs-2"
kore_client_secret = { file = "FOLDER/secret" }
kore_api_version = "v2"
approvals_required = 0
ops_rooms = []
deletable_statuses = ["Ready", "Stopped", "Completed", "Paused"]
deletes_per_hour = 500
"""


def read(environ: dict[str, str], tmp_path: Path, text: str) -> tuple[ApplicationSettings, ...]:
    file = tmp_path / "applications.toml"
    file.write_text(text.replace("FOLDER", str(tmp_path)))
    return read_applications({**environ, "KORE_APPS_FILE": str(file)})


def wrong(environ: dict[str, str], tmp_path: Path, text: str) -> list[str]:
    """Return the error lines, without what is the same for all."""
    with pytest.raises(SettingsError) as caught:
        read(environ, tmp_path, text)
    assert CANARY not in str(caught.value)
    return [
        line.removeprefix(f"KORE_APPS_FILE: {tmp_path}/applications.toml ") for line in str(caught.value).split("\n")
    ]
