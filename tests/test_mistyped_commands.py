"""Options, files and databases that a command cannot use: one line, with what to do."""

import asyncio
import io
import json
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

import commands
from commands.doctor.report import Report, as_json
from deletion.domain.check import passed
from tests.archive_commands.archive_steps import KEYS, OTHER, archived
from tests.deletion.stored_journal import connected
from tests.test_maintenance_commands import frozen_in

LONG = "x" * 300  # longer than a file name may be


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands.run, list(map(str, arguments)))


def check_one_line(result: Result, said: str) -> None:
    """Check that a command failed with one line, which a usage error has at its end."""
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (2, True), result.exception
    assert said in result.output.splitlines()[-1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("age", ["90", "0", "4"])
async def test_purge_takes_no_number_without_a_unit(url: str, age: str) -> None:
    """Ninety days were meant, and everything older than ninety seconds would go for ever."""
    await archived(url, days_ago=1)
    told = await asyncio.to_thread(run, "archive", "purge", "--older-than", age, "--yes")
    check_one_line(told, "--older-than: expected an age such as 4y, 90d or 12h.")
    assert run("archive", "list").output.startswith("20")


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", [("report",), ("journal", "export")])
@pytest.mark.parametrize("moment", ["2026", "7", "0001-01-01T00:00+10:00", "9999-12-31T23:59-10:00"])
def test_year_is_no_number_of_seconds_and_no_moment_is_beyond_the_calendar(
    command: tuple[str, ...], moment: str
) -> None:
    check_one_line(run(*command, "--since", moment), "such as 2026-01-01, or how long ago, such as 7d.")


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "--until", "2020-01-01"),
        ("report", "--since", "2026-02-01", "--until", "2026-01-01"),
        ("journal", "export", "--since", "2026-02-01", "--until", "2026-01-01"),
    ],
)
def test_period_that_ends_before_it_begins_is_not_reported_as_empty(arguments: tuple[str, ...]) -> None:
    check_one_line(run(*arguments), "--until: expected a time after --since")


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", [("report",), ("journal", "export")])
def test_output_that_cannot_be_a_file_is_one_line(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for output in (tmp_path / "file" / "report", tmp_path / LONG):
        check_one_line(run(*command, "--output", output), "cannot be written (")
    for options in (("--output", ""), ("--output", "", "--force")):
        check_one_line(run(*command, *options), "--output: expected the name of a file.")


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_backup_without_a_name_is_one_line() -> None:
    check_one_line(run("backup", ""), "FILE: expected the name of a file.")


COMMANDS = [
    ("journal", "verify"),
    ("report",),
    ("archive", "list"),
    ("backup", "copy"),
    ("freeze", "--by", "U0BOB", "--reason", "Restored"),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("address", "why"),
    [(f"sqlite:///{LONG}", "File name too long"), ("sqlite:///file?timeout=soon", "sqlite:///<file> without options")],
)
def test_database_file_that_the_system_refuses_is_one_line(
    command: tuple[str, ...], address: str, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", address)
    result = run(*command)
    check_one_line(result, why)
    assert result.output.startswith("DATABASE_URL: ")


@pytest.mark.parametrize("host", ["db..example", f"{'a' * 64}.example"])
def test_host_of_a_database_that_can_have_no_address_is_one_line(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://bot:hunter2@{host}/bot")
    result = run("journal", "verify")
    check_one_line(result, "DATABASE_URL: ")
    assert "hunter2" not in result.output


@pytest.mark.parametrize(
    "arguments", [("archive", "purge", "--older-than", "1d", "--yes"), ("archive", "reseal"), COMMANDS[-1]]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_write_that_the_database_refuses_is_one_line(
    url: str, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk."""
    await archived(url, days_ago=2)
    monkeypatch.setenv("ARCHIVE_KEY", f"{OTHER},{KEYS[0]}")
    with connected(url) as connection:
        for table, event in (("archives", "UPDATE"), ("journal", "INSERT")):
            full = f"CREATE TRIGGER full_{table} BEFORE {event} ON {table} BEGIN SELECT RAISE(FAIL, 'disk full'); END"
            connection.execute(sa.text(full))
    result = await asyncio.to_thread(run, *arguments)
    check_one_line(result, "cannot be used (disk full).")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_name_that_the_terminal_cannot_show_is_escaped(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, written = await archived(url), io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="latin-1"))
    with pytest.raises(SystemExit) as ended:
        commands.run.main(["archive", "list"])
    assert ended.value.code == 0
    (line, _) = written.getvalue().decode("latin-1").splitlines()
    assert asked.id in line
    assert line.endswith("Fr\u00fchling \\U0001f337")


def test_json_of_the_doctor_is_json_in_any_terminal() -> None:
    found = Report({"Slack": [passed("Workspace", "Caf\u00e9 \U0001f337 \u2026")]})
    assert json.loads(as_json(found).encode("ascii"))["checks"][0]["text"] == "Caf\u00e9 \U0001f337 \u2026"


@pytest.mark.parametrize(
    ("typed", "reason", "cut"),
    [
        ("Caf\udce9\n is  down\x1b[0m", "Caf? is down[0m", ""),
        ("x" * 600, "x" * 500, "The reason is longer than 500 characters, so its beginning is recorded.\n"),
    ],
)
async def test_freeze_takes_any_reason(url: str, typed: str, reason: str, cut: str) -> None:
    """A letter that the terminal sent in another encoding must not keep an emergency from being one."""
    await archived(url)
    told = await asyncio.to_thread(run, "freeze", "--by", "U0BOB", "--reason", typed)
    assert (told.exit_code, told.output) == (
        0,
        f"All requests are frozen until an approver types /campaign-delete unfreeze.\n{cut}",
    )
    frozen = await frozen_in(url)
    assert frozen
    assert frozen.reason == reason


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_names_in_another_encoding_are_used_or_named(url: str, tmp_path: Path) -> None:
    await archived(url)
    check_one_line(run("archive", "export", "caf\udce9"), "REQUEST: there is no request caf")
    copied = run("backup", tmp_path / "caf\udce9")
    assert (copied.exit_code, "Head: " in copied.output) == (0, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_evidence_with_a_byte_order_mark_is_not_called_broken(url: str, tmp_path: Path) -> None:
    """As an editor of Windows saves it."""
    asked, file = await archived(url), tmp_path / "evidence.json"
    file.write_text(run("archive", "export", asked.id).stdout, encoding="utf-8-sig")
    verified = run("archive", "verify", file)
    assert (verified.exit_code, verified.output.startswith("Intact: 2 journal entries")) == (0, True)


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", [["report"], ["journal", "export"]])
def test_closed_standard_output_is_one_line(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a daemon has it: Python sets no stream there."""
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as ended:
        commands.run.main(command)
    assert (ended.value.code, capsys.readouterr().err) == (
        2,
        "The output cannot be written (standard output is closed); name a file with --output.\n",
    )


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("closed", ["stdin", "stderr"])
def test_other_closed_streams_do_not_matter(closed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, closed, None)
    with pytest.raises(SystemExit) as ended:
        commands.run.main(["journal", "verify", "-"])
    assert ended.value.code in {1, 2}
