"""Several Kore.ai applications: each is checked by itself, and a fault names the application."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from deletion.domain.check import Outcome
from tests.archive_commands.archive_steps import archived
from tests.doctor.conftest import Installation, results, wrong

FILE = """
[production]
kore_app_id = "{app}"
kore_account_id = "{account}"
kore_client_id = "{client}"
kore_client_secret = {{ env = "PRODUCTION_SECRET" }}
channels = ["C0CAMPAIGNS"]
ops_rooms = ["C0OPSEMEA"]

[staging]
kore_app_id = "st-of-staging"
kore_account_id = "{account}"
kore_client_id = "{client}"
kore_client_secret = {{ env = "PRODUCTION_SECRET" }}
channels = ["C0RANDOM"]
approvals_required = 0
"""


def settings(installation: Installation, tmp_path: Path, text: str = FILE) -> dict[str, str]:
    file = tmp_path / "applications.toml"
    names = ("KORE_APP_ID", "KORE_ACCOUNT_ID", "KORE_CLIENT_ID", "KORE_CLIENT_SECRET")
    app, account, client, secret = (installation.environ[name] for name in names)
    file.write_text(text.format(app=app, account=account, client=client))
    return {"KORE_APPS_FILE": str(file), "PRODUCTION_SECRET": secret, **dict.fromkeys(names, "")}


async def test_each_application_has_its_own_results(installation: Installation, tmp_path: Path) -> None:
    report = await installation.check(settings(installation, tmp_path))
    assert list(report.sections) == [
        "Settings", "Slack", "Slack production", "Slack staging", "Kore.ai production", "Kore.ai staging", "Database",
    ]  # fmt: skip
    failures = [
        (title, result.name)
        for title, results in report.sections.items()
        for result in results
        if result.outcome is Outcome.FAILED
    ]
    assert failures == [("Slack staging", "channels"), ("Kore.ai staging", "Application")]
    assert report.in_force["production"].settings["OPS_ROOMS"] == "C0OPSEMEA"
    assert report.in_force["staging"].settings["KORE_CLIENT_SECRET"] == "set"
    assert "KORE_APP_ID" not in report.in_force[""].settings


async def test_wrong_file_is_named_and_hides_no_fault_of_slack(installation: Installation, tmp_path: Path) -> None:
    changes = settings(installation, tmp_path, FILE.replace("channels = [", "chanels = ["))
    report = await installation.check({**changes, "SLACK_BOT_TOKEN": "xoxb-sandbox-2"})
    found = wrong(report)
    assert [(each.name, "chanels" in each.text) for each in found[:4]] == [
        ("KORE_APPS_FILE", True), ("KORE_APPS_FILE", False), ("KORE_APPS_FILE", True), ("KORE_APPS_FILE", False),
    ]  # fmt: skip
    assert "first correct KORE_APPS_FILE" in report.sections["Kore.ai"][0].text
    assert "SLACK_BOT_TOKEN" in [each.name for each in found if each.outcome is Outcome.FAILED]


async def test_practice_and_missing_archive_keys_are_told(installation: Installation, tmp_path: Path) -> None:
    report = await installation.check({**settings(installation, tmp_path), "PRACTICE": "on"})
    told = {result.name: result.text for result in report.sections["Settings"]}
    assert told["PRACTICE"] == "on: nothing is deleted, and real requests wait"
    lost = "unset: the text of a deleted campaign cannot be recovered"
    assert told["practice-production ARCHIVE_KEY"] == told["practice-staging ARCHIVE_KEY"] == lost
    assert "Kore.ai practice-staging" in report.sections


@pytest.mark.parametrize(("archived_by", "outcome"), [("production", Outcome.FAILED), ("staging", Outcome.OK)])
async def test_archive_key_of_another_application_does_not_count(
    installation: Installation, tmp_path: Path, archived_by: str, outcome: Outcome
) -> None:
    """Each application opens its archive with its own keys: with these, nothing of production can be rebuilt."""
    old = Fernet.generate_key().decode()
    keys = {"PRODUCTION": Fernet.generate_key().decode(), "STAGING": old}
    with_keys = FILE
    for name in ("production", "staging"):
        with_keys = with_keys.replace(f"[{name}]", f'[{name}]\narchive_key = {{{{ env = "{name.upper()}" }}}}')
    await archived(installation.environ["DATABASE_URL"], key=old, application=archived_by)

    report = await installation.check({**settings(installation, tmp_path, with_keys), **keys})

    (found,) = results(report, "ARCHIVE_KEY")
    assert found.outcome is outcome
