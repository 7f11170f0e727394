"""Each fault of an installation is found, named and given a cure, and hides no other; nothing is written."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiohttp.test_utils import unused_port
from click.testing import CliRunner
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

import commands
from commands.doctor import report as reports
from commands.doctor.runner import bounded
from deletion.db.connection import migrate
from deletion.domain.check import CheckResult, Outcome, passed
from sandbox.faults import Fault
from sandbox.server import Sandbox, running
from tests import postgres
from tests.canaries import found as canaries_found
from tests.databases import Databases
from tests.deletion.test_journal import connected
from tests.doctor.conftest import Installation, installed, manifest_with, results, without_line, wrong

FAILED, WARNING = Outcome.FAILED, Outcome.WARNING
READING = {
    "auth.test", "apps.connections.open", "conversations.info", "usergroups.list", "usergroups.users.list",
    "users.info",
}  # fmt: skip
COLUMNS = 80
EMPTY = "sqlite:////nowhere/at/all/bot.sqlite3"
Arrange = Callable[[Sandbox], object]


def fault(target: str, operation: str, kind: str, **details: object) -> Arrange:
    made = {"target": target, "operation": operation, "kind": kind, "times": None, **details}
    return lambda sandbox: sandbox.faults.add(Fault(**made))  # type: ignore[arg-type]  # checked by the sandbox


def channel(**flags: object) -> Arrange:
    return lambda sandbox: sandbox.slack.workspace.channels["C0APPROVALS"].update(flags)


def group(name: str, *members: str) -> Arrange:
    return lambda sandbox: sandbox.slack.workspace.user_groups[name].update(users=list(members))


def address(user: str, email: str) -> Arrange:
    return lambda sandbox: sandbox.slack.workspace.users[user]["profile"].update(email=email)


def nothing(_: Sandbox) -> None:
    """Arrange nothing: the settings are wrong."""


FAULTS: list[tuple[str, Arrange, dict[str, str], str, Outcome, str, str]] = [
    ("another bot token", nothing, {"SLACK_BOT_TOKEN": "xoxb-sandbox-2"}, "SLACK_BOT_TOKEN", FAILED,
     "Slack refuses it (invalid_auth)", "Copy the bot token"),
    ("token revoked", fault("slack", "auth.test", "error", error="token_revoked"), {}, "SLACK_BOT_TOKEN", FAILED,
     "token_revoked", "install the app again"),
    ("Slack down", fault("slack", "auth.test", "error", error="internal_error"), {}, "SLACK_BOT_TOKEN", FAILED,
     "Slack is unavailable (internal_error)", "HTTPS_PROXY"),
    ("organisation", fault("slack", "auth.test", "org_wide"), {}, "SLACK_BOT_TOKEN", FAILED,
     "installed for a whole organisation", "Install it in one workspace"),
    ("another app token", nothing, {"SLACK_APP_TOKEN": "xapp-sandbox-2"}, "SLACK_APP_TOKEN", FAILED,
     "Slack refuses it (invalid_auth)", "connections:write"),
    ("app token's scope", fault("slack", "apps.connections.open", "error", error="missing_scope"), {},
     "SLACK_APP_TOKEN", FAILED, "missing_scope connections:write", "connections:write"),
    ("sockets blocked", fault("slack", "wss", "reset"), {}, "Socket Mode", FAILED, "cannot be reached", "wss"),
    ("no channel", nothing, {"OPS_ROOMS": "C0NOWHERE"}, "OPS_ROOMS", FAILED, "C0NOWHERE is no channel", "/invite"),
    ("bot not in the room", nothing, {"OPS_ROOMS": "C0RANDOM"}, "OPS_ROOMS", FAILED, "#random (C0RANDOM)", "/invite"),
    ("shared room", nothing, {"OPS_ROOMS": "C0SHARED"}, "OPS_ROOMS", FAILED, "another company", "this workspace alone"),
    ("archived room", channel(is_archived=True), {}, "APPROVALS_CHANNEL", FAILED, "is archived", "Unarchive it"),
    ("read-only room", channel(is_read_only=True), {}, "APPROVALS_CHANNEL", WARNING, "read-only", "doctor --post"),
    ("no threads", channel(is_non_threadable=True), {}, "APPROVALS_CHANNEL", WARNING, "without threads", "--post"),
    ("silent room", fault("slack", "conversations.info", "error", error="internal_error"), {}, "APPROVALS_CHANNEL",
     WARNING, "not checked: Slack did not say what C0APPROVALS is", ""),
    ("no group", nothing, {"REQUESTERS": "S0NONE,U0ALICE"}, "REQUESTERS", FAILED, "S0NONE is no user group", "id"),
    ("empty group", group("S0REQUEST"), {}, "REQUESTERS", WARNING, "has no members", "Add people"),
    ("no requester", group("S0REQUEST"), {}, "REQUESTERS", FAILED, "0 people may ask", "Add users"),
    ("deactivated", nothing, {"APPROVERS": "U0DORA,S0APPROVE"}, "APPROVERS", WARNING, "Dora Klein (U0DORA) is deact",
     "Replace the id"),
    ("guest in a group", group("S0APPROVE", "U0BOB", "U0CAROL", "U0MIA"), {}, "APPROVERS", WARNING,
     "2 people may approve; not U0MIA (guest)", "Remove them"),
    ("unknown user", nothing, {"APPROVERS": "U0NOBODY,S0APPROVE"}, "APPROVERS", WARNING,
     "Slack did not say who U0NOBODY is", "Copy member ID"),
    ("own requests only", group("S0APPROVE", "U0BOB"), {}, "Approvals", FAILED, "requests of U0BOB cannot be approved",
     "other than the requester"),
    ("no address", address("U0BOB", ""), {}, "E-mail", WARNING, "do not count: U0BOB", "users:read.email"),
    ("no name", nothing, {"KORE_BASE_URL": "https://no-such-host.invalid"}, "Host", FAILED, "does not resolve", "DNS"),
    ("nothing listens", nothing, {"KORE_BASE_URL": f"http://127.0.0.1:{unused_port()}"}, "Host", FAILED,
     "No connection to Kore.ai", "KORE_BASE_URL"),
    ("another secret", nothing, {"KORE_CLIENT_SECRET": "of-another-app-with-32-bytes-and-more"}, "Credentials", FAILED,
     "Kore.ai rejects the credentials", "KORE_CLIENT_SECRET"),
    ("another app", nothing, {"KORE_APP_ID": "st-of-another-app"}, "Application", FAILED,
     "does not know the app or account", "KORE_APP_ID"),
    ("another account", nothing, {"KORE_ACCOUNT_ID": "67777ce93e25326494e99999"}, "Application", FAILED,
     "does not know the app or account", "KORE_ACCOUNT_ID"),
    ("no Kore.ai scope", fault("kore", "list", "status", status=403, error="scope not granted"), {}, "Scope", FAILED,
     "Campaign Management", "publish the app"),
    ("a gateway answers", fault("kore", "list", "html", status=404), {}, "API v1", FAILED, "not in Kore.ai's format",
     "KORE_BASE_URL"),
    ("limit used up", lambda sandbox: sandbox.kore.limit.set(0, 60), {}, "API v1", WARNING, "rate limit", "minute"),
    ("no folder", nothing, {"DATABASE_URL": EMPTY}, "DATABASE_URL", FAILED, "no folder /nowhere/at/all", "Create"),
    ("no database server", nothing, {"DATABASE_URL": "postgresql://bot:hunter2@127.0.0.1:1/none"}, "DATABASE_URL",
     FAILED, "postgresql://bot:***@127.0.0.1:1/none cannot be used", "reachable"),
    ("misspelt variable", nothing, {"APPROVERS_REQUIRED": "2"}, "APPROVERS_REQUIRED", WARNING, "has no effect",
     "Did you mean APPROVALS_REQUIRED?"),
    ("misspelt status", nothing, {"DELETABLE_STATUSES": "Redy,Stopped"}, "DELETABLE_STATUSES", WARNING,
     "Redy is no status", "Did you mean Ready?"),
    ("wrong setting", nothing, {"UNDO_WINDOW": "soon"}, "UNDO_WINDOW", FAILED, "expected seconds", "docs/settings.md"),
    ("missing setting", nothing, {"KORE_APP_ID": ""}, "KORE_APP_ID", FAILED, "is required", "docs/settings.md"),
]  # fmt: skip


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


async def test_failure_hides_no_other(installation: Installation) -> None:
    changes = {"SLACK_BOT_TOKEN": "xoxb-other", "KORE_CLIENT_SECRET": "of-another-app-with-32-bytes-and-more"}
    report = await installation.check({**changes, "DATABASE_URL": EMPTY, "UNDO_WINDOW": "soon"})
    failures = [result.name for result in wrong(report) if result.outcome is FAILED]
    assert failures == ["UNDO_WINDOW", "SLACK_BOT_TOKEN", "Credentials", "API v1", "DATABASE_URL"]


async def test_service_with_a_wrong_setting_is_not_asked(installation: Installation) -> None:
    report = await installation.check({"SLACK_API_URL": "gopher://slack", "KORE_BASE_URL": "http://kore.example"})
    assert {result.text for result in wrong(report) if result.name == "All checks"} == {
        "not checked: first correct SLACK_API_URL",
        "not checked: first correct KORE_BASE_URL",
    }
    assert installation.sandbox.traffic.after(0) == []


async def test_old_schema_is_a_warning_and_is_not_migrated(installation: Installation, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.sqlite3"
    migrate(url, "0004")
    report = await installation.check({"DATABASE_URL": url})
    (schema,) = results(report, "Schema")
    assert (schema.outcome, schema.text.split(" runs ")[0]) == (WARNING, "revision 0004; the next start")
    assert {result.name for result in wrong(report)} == {"Schema", "ARCHIVE_KEY", "Journal", "Calls left"}
    with connected(url) as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "0004"


async def test_newer_schema_fails(installation: Installation, database: str) -> None:
    with connected(database) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(sa.text("UPDATE schema_support SET oldest_revision = '9998'"))
    (schema,) = results(await installation.check(), "Schema")
    assert (schema.outcome, "newer version" in schema.cure) == (FAILED, True)


async def test_new_database_is_no_fault_and_is_not_created(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "none.sqlite3"
    report = await installation.check({"DATABASE_URL": f"sqlite:///{file}"})
    assert wrong(report) == []
    assert not file.exists()


async def test_file_that_others_can_read_is_a_warning(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite3").chmod(0o644)
    (found,) = results(await installation.check(), "Permissions")
    assert (found.outcome, found.cure) == (WARNING, f"Run: chmod 600 {tmp_path / 'bot.sqlite3'}")


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
    assert report.settings["KORE_CLIENT_SECRET"] == "set"
    assert report.settings["DATABASE_URL"] == "set"


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


async def test_postgresql_is_checked_with_its_rights(
    installation: Installation, postgres_server: str, databases: Databases
) -> None:
    with postgres.database(postgres_server, template=databases.template()) as url:
        report = await installation.check({"DATABASE_URL": url})
        assert wrong(report) == []
        assert [result.name for result in report.sections["Database"]] == [
            "DATABASE_URL", "Permissions", "Schema", "Disk", "Clock", "ARCHIVE_KEY", "Journal",
        ]  # fmt: skip
        with connected(url) as connection:
            connection.execute(sa.text("CREATE ROLE reader LOGIN PASSWORD 'hunter2'"))
        try:
            address = make_url(url).set(username="reader", password="hunter2")
            report = await installation.check({"DATABASE_URL": address.render_as_string(hide_password=False)})
            (found,) = results(report, "Permissions")
            assert (found.outcome, "create a schema" in found.text, "Grant CREATE" in found.cure) == (
                FAILED,
                True,
                True,
            )
        finally:
            with connected(url) as connection:
                connection.execute(sa.text("DROP ROLE reader"))


async def test_empty_postgresql_is_no_fault(installation: Installation, postgres_server: str) -> None:
    with postgres.database(postgres_server) as url:
        assert wrong(await installation.check({"DATABASE_URL": url})) == []
