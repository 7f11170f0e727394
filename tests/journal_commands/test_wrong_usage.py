"""One line for each error of usage, file, database or output."""

import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

import commands
from deletion.db.connection import migrate
from deletion.journal import export_file
from tests.deletion.stored_journal import connected
from tests.journal_commands.journal_steps import lines, run

CANNOT = [
    (("verify", "--head", "7"), "64 hex digits"),
    (("export", "--since", "yesterday"), "such as 2026-01-01"),
    (("export", "--since", "999999999d"), "such as 2026-01-01"),
    (("export", "--format", "xml"), "'xml' is not one of"),
    (("export", "--output", "/nowhere/at/all"), "--output: /nowhere/at/all cannot be written"),
    (("verify", "/nowhere/at/all"), "No such file"),
    (("typo",), "No such command 'typo'"),
]


@pytest.mark.parametrize(("arguments", "said"), CANNOT)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
async def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in lines(result)[-1]


@pytest.mark.parametrize("given", ["", ",".join(f'"{name}"' for name in export_file.COLUMNS)])
def test_file_without_entries_cannot_be_verified(given: str) -> None:
    result = run("verify", "-", given=given)
    assert (result.exit_code, len(lines(result))) == (2, 1)


@pytest.mark.parametrize("given", ["a,b\n1,2\n", "\x00", "[" * 100_000, '{"seq": ' + "[" * 100_000])
def test_file_that_is_not_a_journal_is_reported_in_one_line(given: str) -> None:
    result = run("verify", "-", given=given)
    assert (result.exit_code, lines(result)) == (
        1,
        ["Broken. The first line cannot be read as an entry of the journal."],
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://x", "DATABASE_URL: expected sqlite"),
        ("postgresql://someone:hunter2@127.0.0.1:1/none", "DATABASE_URL: postgresql://someone:***@127.0.0.1:1/none"),
        ("sqlite:///{folder}/none.sqlite3", "DATABASE_URL: sqlite:///"),
    ],
)
@pytest.mark.parametrize("command", ["verify", "export"])
def test_unusable_database_is_reported_in_one_line_and_not_created(
    url: str, said: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url.format(folder=tmp_path))
    result = run(command)
    assert (result.exit_code, len(lines(result))) == (2, 1)
    assert result.output.startswith(said)
    assert "hunter2" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("revision", ["0001", None])
def test_unknown_schema_is_reported_in_one_line_and_not_changed(
    empty_database_url: str, revision: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(empty_database_url) as connection:
        connection.execute(sa.text("CREATE TABLE mine (id INTEGER)"))
    if revision:
        migrate(empty_database_url, revision)
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    for command in ("verify", "export"):
        result = run(command)
        assert (result.exit_code, len(lines(result))) == (2, 1)
        assert "not of this version of the bot" in result.output
    with connected(empty_database_url) as connection:
        tables = sa.inspect(connection).get_table_names()
        assert "mine" in tables
        assert ("journal" in tables) == bool(revision)
        if revision:
            assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == revision


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="NOT RUN: this system has no /dev/full")
@pytest.mark.parametrize(
    "command", [("journal", "export"), ("journal", "verify"), ("--version",), ("journal", "--help")]
)
async def test_output_that_cannot_be_written_is_one_line(
    database: str, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert database
    with Path("/dev/full").open("w") as full:  # noqa: ASYNC230 - nothing else runs in the loop
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(SystemExit) as ended:
            commands.run.main(list(command))
    assert ended.value.code == 2
    assert capsys.readouterr().err == "The output cannot be written (No space left on device).\n"
