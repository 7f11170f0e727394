"""Each fault of an installation is found, named and given a cure, and hides no other; nothing is written."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

import commands
from commands.doctor import diagnose
from commands.doctor import report as reports
from commands.doctor.runner import bounded
from config import Settings
from deletion.domain.check import CheckResult, Outcome, passed
from sandbox.server import running
from tests.canaries import found as canaries_found
from tests.doctor.conftest import Installation, installed, manifest_with, results, without_line, wrong
from tests.doctor.faults import EMPTY, FAILED, FAULTS, Arrange

READING = {
    "auth.test", "apps.connections.open", "conversations.info", "usergroups.list", "usergroups.users.list",
    "users.info",
}  # fmt: skip
COLUMNS = 80


@pytest.mark.parametrize(
    ("arrange", "changes", "name", "outcome", "text", "cure"),
    [row[1:] for row in FAULTS],
    ids=[row[0] for row in FAULTS],
)
async def test_fault_is_named_with_its_cure(  # noqa: PLR0917 - a table
    installation: Installation,
    arrange: Arrange,
    changes: dict[str, str],
    name: str,
    outcome: Outcome,
    text: str,
    cure: str,
) -> None:
    arrange(installation.sandbox)
    report = await installation.check(changes)
    found = [result for result in results(report, name) if result.outcome is outcome]
    assert [result for result in found if text in result.text and cure in result.cure], results(report, name)
    assert reports.exit_code(report) == (2 if FAILED in {result.outcome for result in wrong(report)} else 1)


async def test_nothing_is_wrong_and_nothing_is_written(installation: Installation) -> None:
    report = await installation.check()
    assert wrong(report) == []
    assert reports.exit_code(report) == 0
    traffic = installation.sandbox.traffic.after(0)
    assert {each["what"] for each in traffic if each["direction"] == "to_slack"} == READING
    assert {each["what"] for each in traffic if each["direction"] == "to_kore"} == {"list"}
    assert len(installation.sandbox.slack.sockets) == 0


@pytest.mark.parametrize("scope", ["users:read.email", "usergroups:read", "chat:write", "channels:read"])
async def test_missing_scope_is_named(tmp_path: Path, database: str, scope: str) -> None:
    manifest = manifest_with(tmp_path, without_line(f"- {scope} "))
    async with running(latency_ms=0, manifest=manifest) as sandbox:
        report = await installed(sandbox, database).check()
    (found,) = [result for result in results(report, "Scopes") if result.outcome is FAILED]
    assert found.text.startswith(f"{scope} is missing: ")
    assert "reinstall the app" in found.cure


async def test_scope_beyond_the_manifest_is_named(tmp_path: Path, database: str) -> None:
    manifest = manifest_with(
        tmp_path, lambda text: text.replace("- commands ", "- channels:history\n      - commands ")
    )
    async with running(latency_ms=0, manifest=manifest) as sandbox:
        report = await installed(sandbox, database).check()
    assert [result.text for result in wrong(report)] == ["more than the manifest requests: channels:history"]


async def test_optional_scope_is_no_warning_and_says_what_it_is_for(database: str) -> None:
    async with running(latency_ms=0, more_scopes="files:write") as sandbox:
        report = await installed(sandbox, database).check()
    assert wrong(report) == []
    (found,) = results(report, "Scopes")
    said = "7 of the manifest's 7 granted; optional files:write: the result of a list is attached as a CSV file"
    assert found.text == said


async def test_failure_hides_no_other(installation: Installation) -> None:
    changes = {"SLACK_BOT_TOKEN": "xoxb-other", "KORE_CLIENT_SECRET": "of-another-app-with-32-bytes-and-more"}
    report = await installation.check({**changes, "DATABASE_URL": EMPTY, "UNDO_WINDOW": "soon"})
    failures = [result.name for result in wrong(report) if result.outcome is FAILED]
    assert failures == ["UNDO_WINDOW", "SLACK_BOT_TOKEN", "Credentials", "DATABASE_URL"]


async def test_service_with_a_wrong_setting_is_not_asked(installation: Installation) -> None:
    report = await installation.check({"SLACK_API_URL": "gopher://slack", "KORE_BASE_URL": "http://kore.example"})
    assert {result.text for result in wrong(report) if result.name == "All checks"} == {
        "not checked: first correct SLACK_API_URL",
        "not checked: first correct KORE_BASE_URL",
    }
    assert installation.sandbox.traffic.after(0) == []


async def test_no_secret_is_shown(installation: Installation) -> None:
    canary = "c4n4ryInTheMine"
    secrets = {
        "SLACK_BOT_TOKEN": f"xoxb-{canary}-bot",
        "SLACK_APP_TOKEN": f"xapp-{canary}-app",
        "SLACK_SIGNING_SECRET": f"{canary}-signing",
        "KORE_CLIENT_SECRET": f"{canary}-client-secret-of-32-bytes-and-more",
        "DATABASE_URL": f"postgresql://bot:{canary}-password@127.0.0.1:1/none",
        "ARCHIVE_KEY": Fernet.generate_key().decode(),
        "KORE_CLIENT_SECRETS": f"{canary}-misspelt",
    }
    report = await installation.check(secrets)
    assert canaries_found({"canary": canary, **secrets}, reports.as_text(report) + reports.as_json(report)) == set()
    assert report.in_force[""].settings["KORE_CLIENT_SECRET"] == "set"
    assert report.in_force[""].settings["DATABASE_URL"] == "set"


async def test_text_begins_with_the_headline_and_fits_the_terminal(installation: Installation) -> None:
    said = reports.as_text(await installation.check({"OPS_ROOMS": "C0RANDOM,C0SHARED", "APPROVERS_REQUIRED": "2"}))
    lines = said.splitlines()
    assert lines[0].startswith("Not ready: 2 failed, 1 warning, ")
    assert lines[1:3] == ["Failed: OPS_ROOMS (Slack)", "Warnings: APPROVERS_REQUIRED (Settings)"]
    assert max(map(len, lines)) <= COLUMNS


async def test_command_prints_json_and_ends_with_the_worst_outcome(installation: Installation) -> None:
    def run(*arguments: str, **changes: str) -> tuple[int, str]:
        result = CliRunner().invoke(commands.run, ["doctor", *arguments], env={**installation.environ, **changes})
        return result.exit_code, result.output

    code, said = await asyncio.to_thread(run, "--json", OPS_ROOMS="C0RANDOM")
    found = json.loads(said)
    assert (code, found["outcome"]) == (2, "failed")
    assert found["settings"]["OPS_ROOMS"] == "C0RANDOM"
    (room,) = [check for check in found["checks"] if check["outcome"] == "failed"]
    assert (room["service"], room["name"]) == ("Slack", "OPS_ROOMS")
    code, said = await asyncio.to_thread(run)
    assert (code, said.splitlines()[0][:10]) == (0, "Ready: all")


async def test_check_that_hangs_or_fails_is_one_failure() -> None:
    async def breaks() -> CheckResult:
        raise KeyError("hunter2")

    async def hangs() -> CheckResult:
        await asyncio.Event().wait()
        return passed("never", "")

    assert await bounded("Broken", breaks()) == [
        CheckResult("Broken", FAILED, "the check itself failed (KeyError)"),
    ]
    (late,) = await bounded("Hanging", hangs(), seconds=0)
    assert (late.outcome, late.text) == (FAILED, "no answer within 0 s")


async def test_nothing_set_names_every_required_variable() -> None:
    report = await diagnose({"DATABASE_URL": EMPTY})
    required = {name for name, field in Settings.model_fields.items() if field.is_required()}
    assert required <= {result.name for result in wrong(report)}
    assert [result.name for result in report.sections["Database"]] == ["DATABASE_URL"]


async def test_unreadable_certificates_hide_no_fault_of_the_database(installation: Installation) -> None:
    report = await installation.check({"SSL_CERT_FILE": "/nowhere/at/all.pem"})
    assert [(title, result.text) for title in ("Slack", "Kore.ai") for result in report.sections[title]] == [
        ("Slack", "not checked: first correct SSL_CERT_FILE"), ("Kore.ai", "not checked: first correct SSL_CERT_FILE"),
    ]  # fmt: skip
    assert {result.outcome for result in report.sections["Database"]} == {Outcome.OK}


async def test_proxy_that_every_address_is_exempt_from_is_no_fault(installation: Installation) -> None:
    assert wrong(await installation.check({"ALL_PROXY": "socks5://127.0.0.1:1"})) == []


async def test_traces_without_their_packages_are_a_failure(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "tracing", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    report = await installation.check({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"})
    assert [(each.name, each.outcome, "otel.txt" in each.text) for each in wrong(report)] == [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", FAILED, True)
    ]
