"""The judgements that need no service: clocks, generations of the API, calls left, archive keys, the journal's end."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from pydantic import SecretStr
from pytest_mock import MockerFixture

from config import Settings
from deletion.db.checks import check_disk
from deletion.domain.check import CheckResult, Outcome, clock_result
from deletion.domain.records import SnapshotKind
from deletion.journal.check import check_head
from deletion.journal.hash_chain import START, record
from deletion.kore.checks import access_results, check_calls, check_host
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.archive_check import check_archive
from deletion.stores.archived import Sealed
from deletion.stores.request_store import RequestStore
from handlers.access.slack_directory import SlackDirectory
from handlers.checks.channels import check_channel
from kore_api.account import KoreAccount
from kore_api.causes import Cause
from kore_api.client import open_client
from kore_api.errors import KoreAuthError, KoreError, KoreRateLimitError, KoreServerError
from kore_api.probe import Probe
from settings.checks import in_force, unknown_variables
from tests.deletion.stored_journal import entry
from tests.good_settings import GOOD
from tests.kore_api.conftest import AUTH, FakeRateLimit
from tests.tls import certificate

ACCOUNT = KoreAccount(base_url="https://kore.example", app_id="st-1", account_id="67")
NOT_KORE = KoreServerError("No.", cause=Cause.NOT_KORE)
OK, WARNING, FAILED = Outcome
SET_CLOCK = "Synchronise this host's clock (NTP)."


def outcomes(results: list[CheckResult]) -> dict[str, Outcome]:
    return {result.name: result.outcome for result in results}


@pytest.mark.parametrize(
    ("ahead_seconds", "limit_seconds", "expected"),
    [
        (0.4, 30, CheckResult("Clock", OK, "within 1 s of Slack's")),
        (-7.4, 30, CheckResult("Clock", OK, "within 7 s of Slack's")),
        (7.5, 30, CheckResult("Clock", WARNING, "this host is 8 s ahead of Slack's", SET_CLOCK)),
        (-20, 30, CheckResult("Clock", WARNING, "this host is 20 s behind Slack's", SET_CLOCK)),
        (30, 30, CheckResult("Clock", FAILED, "this host is 30 s ahead of Slack's", SET_CLOCK)),
        (-31, 30, CheckResult("Clock", FAILED, "this host is 31 s behind Slack's", SET_CLOCK)),
        (1, 1, CheckResult("Clock", FAILED, "this host is 1 s ahead of Slack's", SET_CLOCK)),
    ],
)
def test_clock_is_judged_by_its_limit(ahead_seconds: float, limit_seconds: float, expected: CheckResult) -> None:
    assert clock_result("Clock", "Slack's", ahead_seconds, limit_seconds=limit_seconds) == expected


def test_other_generation_that_works_is_the_cure() -> None:
    results = access_results(ACCOUNT, {"v1": NOT_KORE, "v2": None})
    assert outcomes(results) == {"Credentials": OK, "Application": OK, "Scope": OK, "API v1": FAILED, "API v2": OK}
    assert next(result for result in results if result.name == "API v1").cure == "Set KORE_API_VERSION=v2."


def test_generation_that_is_not_in_use_may_fail() -> None:
    assert set(outcomes(access_results(ACCOUNT, {"v1": None, "v2": NOT_KORE})).values()) == {OK}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KoreAuthError("No.", cause=Cause.CREDENTIALS), (FAILED, WARNING, WARNING, WARNING)),
        (KoreAuthError("No.", cause=Cause.TOKEN_TIME), (FAILED, WARNING, WARNING, WARNING)),
        (KoreAuthError("No.", cause=Cause.APP), (OK, FAILED, WARNING, WARNING)),
        (KoreAuthError("No.", cause=Cause.SCOPE), (OK, WARNING, FAILED, WARNING)),
        (NOT_KORE, (WARNING, WARNING, WARNING, FAILED)),
        (KoreRateLimitError("No."), (WARNING, WARNING, WARNING, WARNING)),
    ],
)
def test_each_step_is_judged_by_what_kore_objects_to(error: KoreError, expected: tuple[Outcome, ...]) -> None:
    found = outcomes(access_results(ACCOUNT, {"v1": error, "v2": error}))
    assert tuple(found[name] for name in ("Credentials", "Application", "Scope", "API v1")) == expected


@pytest.mark.parametrize(("used", "outcome"), [(0, OK), (50, OK), (51, WARNING), (99, WARNING)])
def test_few_calls_left_are_a_warning(used: int, outcome: Outcome) -> None:
    assert check_calls(used, 60).outcome is outcome


async def test_untrusted_certificate_is_named(tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    async with _serving(context) as server:
        account = ACCOUNT.model_copy(update={"base_url": f"https://127.0.0.1:{server.port}"})
        async with open_client(account, AUTH) as http:
            (result,) = await check_host(Probe(account, http, FakeRateLimit()))
    assert (result.name, result.outcome, "SSL_CERT_FILE" in result.cure) == ("TLS", FAILED, True)


async def test_certificate_that_ends_soon_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    async with _serving(context) as server:
        account = ACCOUNT.model_copy(update={"base_url": f"https://127.0.0.1:{server.port}"})
        async with open_client(account, AUTH) as http:
            results = await check_host(Probe(account, http, FakeRateLimit()))
    (tls,) = [result for result in results if result.name == "TLS"]
    assert (tls.outcome, tls.text.startswith("TLSv1.3, certificate valid until ")) == (WARNING, True)


@asynccontextmanager
async def _serving(context: ssl.SSLContext) -> AsyncIterator[TestServer]:
    server = TestServer(web.Application())
    await server.start_server(ssl=context)
    try:
        yield server
    finally:
        await server.close()


def test_archive_key_must_open_the_newest_snapshot() -> None:
    old, new = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))
    snapshot = Archive(RequestStore.__new__(RequestStore), [old]).seal("r1", SnapshotKind.BEFORE, {"_id": "cd-1"})
    newest = Sealed(snapshot.sealed or b"", datetime(2026, 6, 27, tzinfo=UTC), "")
    name, cure = "ARCHIVE_KEY", "List the key that encrypted it, after the new one."
    of = "the newest archived campaign, of 2026-06-27"
    opened = CheckResult(name, OK, f"opens {of}")
    assert check_archive(newest, {"": [new, old]}) == opened
    assert check_archive(newest, {"": [new]}) == CheckResult(name, FAILED, f"no listed key opens {of}", cure)
    assert check_archive(newest, {"": []}) == CheckResult(name, FAILED, f"unset, and {of}, needs one", cure)
    assert check_archive(newest, {"production": [new], "staging": [old]}) == opened  # from before the names
    unset = "unset: only hashes are kept, and nothing can be rebuilt"
    assert check_archive(None, {"": []}) == CheckResult(name, OK, unset)
    assert check_archive(None, {"": [new]}) == CheckResult(name, OK, "nothing is encrypted yet")


@pytest.mark.parametrize(("count", "said"), [(1, "not shared, 1 member"), (4, "not shared, 4 members")])
async def test_members_of_a_channel_are_counted(count: int, said: str, mocker: MockerFixture) -> None:
    directory = mocker.create_autospec(SlackDirectory, instance=True)
    unshared = {"is_member": True, "is_ext_shared": False, "is_pending_ext_shared": False}
    directory.describe_channel.return_value = {"name": "ops", "num_members": count, **unshared}
    found = await check_channel(directory, "OPS_ROOMS", "C0OPS")
    assert found.text == f"#ops (C0OPS): the bot is in it, {said}"


def test_end_of_the_journal_is_verified() -> None:
    first = record(entry("requested"), START)
    second = record(entry("deleted"), first.head)
    assert check_head([first, second], range(1, 3)).text.startswith("all 2 entries intact, head 2:")
    assert check_head([first], range(1, 2)).text.startswith("the only entry intact, head 1:")
    assert check_head([second], range(1, 3)).text.startswith("the newest 1 of 2 entries intact")
    assert check_head([first, second.model_copy(update={"event": "failed"})], range(1, 3)).outcome is FAILED
    assert check_head([first], range(1, 3)).outcome is FAILED
    assert check_head([], range(0)).outcome is OK
    shortened = check_head([second], range(2, 3))
    assert (shortened.outcome, shortened.text) == (FAILED, "entry 1 is missing")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("APPROVERS_REQUIRED", "APPROVALS_REQUIRED"),
        ("REQUESTORS", "REQUESTERS"),
        ("KORE_SECRET", "KORE_CLIENT_SECRET"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("slack_bot_token", "SLACK_BOT_TOKEN"),
        ("ARCHIVE_KEYS", "ARCHIVE_KEY"),
        ("PRACTICE_MODE", "PRACTICE"),
    ],
)
def test_unknown_variable_is_named_with_the_nearest_one(name: str, nearest: str) -> None:
    (result,) = unknown_variables({**GOOD, name: "hunter2"})
    assert (result.name, result.cure) == (name, f"Did you mean {nearest}?")
    assert "hunter2" not in result.line


def test_variables_of_other_programs_are_not_named() -> None:
    others = ("HOSTNAME", "PORTS", "PATH", "SLACK_CLI_XOXB", "LOGNAME", "KORE_CLIENT_SECRET_FILE", "PGHOST", "LANG")
    assert unknown_variables({**GOOD, **dict.fromkeys(others, "x"), "KORE_EMPTY": ""}) == []


def test_settings_in_force_show_defaults_and_no_secret() -> None:
    environ = {**GOOD, "UNDO_WINDOW": "90", "ARCHIVE_KEY": f"{'A' * 43}=,{'B' * 43}="}
    shown = in_force(Settings.from_env(environ), environ)
    assert {name: shown[name] for name in ("UNDO_WINDOW", "APPROVAL_TTL", "OPS_ROOMS", "NOTIFY_BY_DM")} == {
        "UNDO_WINDOW": "90", "APPROVAL_TTL": "1d", "OPS_ROOMS": "unset", "NOTIFY_BY_DM": "off",
    }  # fmt: skip
    secrets = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ARCHIVE_KEY", "DATABASE_URL")
    assert [shown[name] for name in secrets] == ["set", "unset", "set", "set"]


def test_free_disk_is_measured_where_the_file_is(tmp_path: Path) -> None:
    assert str(tmp_path) in check_disk(tmp_path / "bot.sqlite3").text
