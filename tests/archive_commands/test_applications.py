"""The archive of several applications, each of which has its own key."""

import asyncio
import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from deletion.lifecycle.archive import opens
from tests.archive_commands.archive_steps import KEYS, archived, run, sealed

NEW = {name: Fernet.generate_key().decode() for name in ("production", "staging")}
APPLICATIONS = """
[production]
channels = ["C0PROD"]
kore_client_secret = { env = "NOT_SET_HERE" }
archive_key = { env = "KEYS_OF_PRODUCTION" }
[staging]
channels = ["C0STAGE"]
archive_key = { env = "KEYS_OF_STAGING" }
"""


@pytest.fixture
def applications(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Two applications that once had the same key, each with a new one; the environment has the key of before."""
    file = tmp_path / "applications.toml"
    file.write_text(APPLICATIONS)
    monkeypatch.setenv("KORE_APPS_FILE", str(file))
    monkeypatch.setenv("KEYS_OF_PRODUCTION", f"{NEW['production']},{KEYS[0]}")
    monkeypatch.setenv("KEYS_OF_STAGING", f"{NEW['staging']},{KEYS[0]}")
    return url


async def test_reseal_encrypts_each_application_with_its_own_first_key(applications: str) -> None:
    for name in ("production", "staging", ""):  # the last is from before the file
        await archived(applications, application=name)

    told = await asyncio.to_thread(run, "reseal")

    assert (told.exit_code, told.output.splitlines()) == (
        0,
        [
            "Encrypted anew: 2 copies of campaigns.",
            "The first key of each application opens everything, so the other keys can be removed.",
        ],
    )
    now_with = (NEW["production"], NEW["staging"], KEYS[0])
    parts = await sealed(applications)
    assert all(opens([SecretStr(key)], part) for key, part in zip(now_with, parts, strict=True))


@pytest.mark.parametrize("application", ["production", "staging", ""])
async def test_evidence_of_each_application_is_decrypted(applications: str, application: str) -> None:
    asked = await archived(applications, key=NEW.get(application, KEYS[0]), application=application)
    assert "campaign" in json.loads(run("export", asked.id).stdout)["archive"][0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_wrong_key_of_an_application_is_one_line(applications: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEYS_OF_STAGING")
    told = run("reseal")
    assert applications
    assert (told.exit_code, len(told.output.splitlines())) == (2, 1)
    assert "[staging] archive_key: expected a variable that is set" in told.output
