"""The commands of the journal: what they verify, what they export, and one line for each error."""

import codecs
import csv
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

import commands
from deletion.db.connection import migrate, open_engine
from deletion.db.database_name import database_name
from deletion.db.tables import journal
from deletion.journal import export_file
from tests.databases import Databases
from tests.deletion.stored_journal import RUN_AS_FORMULA, connected, entry, read, unlock
from tests.deletion.values import append_entry

ROOT = Path(__file__).parents[1]
SAID = ("=1+1", "+1", "@SUM(A1)", "'quoted'", 'He said: "no"; then\nnothing', "Ärger 🔥", "-2")


@pytest.fixture
async def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the URL of a database with seven journal entries, some of which look like formulas."""
    engine = open_engine(database_url)
    for said in SAID:
        await append_entry(engine, entry("noted", reason=said).model_copy(update={"actor_id": said[:20]}))
    await engine.dispose()
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(commands.run, ["journal", *map(str, arguments)], input=given)


def lines(result: Result) -> list[str]:
    return result.output.splitlines()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
async def test_export_has_all_entries_and_verifies_without_the_database(
    database: str, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "journal"
    told = run("export", "--format", form, "--output", file)
    assert (told.exit_code, told.output) == (0, f"7 entries in {file}.\n")
    mark = codecs.BOM_UTF8 if form == "csv" else b""
    assert mark + run("export", "--format", form).stdout_bytes == file.read_bytes()
    whole = read(database)
    with file.open(encoding="utf-8-sig") as stream:
        assert list(export_file.read(stream)) == whole

    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all")
    verified = run("verify", file)
    assert verified.exit_code == 0
    assert lines(verified)[:2] == ["Intact: 7 entries, 1 to 7.", f"Head: {whole[-1].head}"]
    assert "Not proven" in verified.output
    assert run("verify", "-", given=file.read_text(encoding="utf-8")).output == verified.output


@pytest.mark.usefixtures("database")
async def test_csv_cells_are_never_formulas() -> None:
    exported = run("export", "--format", "csv").stdout
    heading, *rows = csv.reader(exported.splitlines(keepends=True), strict=True)
    assert tuple(heading) == export_file.COLUMNS
    assert len(rows) == len(SAID)
    assert not [cell for row in rows for cell in row if cell.startswith(RUN_AS_FORMULA)]
    assert [json.loads(row[heading.index("details")])["reason"] for row in rows] == list(SAID)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
async def test_partial_export_verifies_from_its_first_entry(database: str, tmp_path: Path, form: str) -> None:
    whole = read(database)
    file = tmp_path / "journal"
    since, until = whole[2].at.isoformat(), whole[5].at.isoformat()
    assert run("export", "--format", form, "--output", file, "--since", since, "--until", until).exit_code == 0

    verified = run("verify", file)
    assert verified.exit_code == 0
    assert lines(verified)[:2] == ["Intact: 3 entries, 3 to 5.", f"Head: {whole[4].head}"]
    assert run("verify", file, "--head", whole[1].head).exit_code == 0
    assert run("verify", file, "--head", f"2:{'0' * 64}").exit_code == 1
    elsewhere = run("verify", file, "--head", whole[6].head)
    assert (elsewhere.exit_code, "not in this file" in elsewhere.output) == (2, True)
    assert run("verify", "--head", whole[4].head).exit_code == 0


@pytest.mark.usefixtures("database")
async def test_since_and_until_take_ages_and_dates() -> None:
    assert len(lines(run("export", "--since", "1h"))) == len(SAID)
    assert len(lines(run("export", "--since", "2020-01-01", "--until", "2999-12-31T00:00:00Z"))) == len(SAID)
    for nothing in (("--since", "2999-01-01"), ("--until", "2020-01-01"), ("--until", "1d")):
        assert run("export", *nothing).output == ""


FORGERIES = {
    "a word": ('"noted"', '"never"', "Entry 4 was changed"),
    "a hash": ('"hash":"', '"hash":"x', "Entry 4 was changed"),
    "a duplicate name": ('{"actor_id"', '{"event":"never","actor_id"', "comes after entry 3 cannot be read"),
    "an unknown name": ('{"actor_id"', '{"note":"never","actor_id"', "comes after entry 3 cannot be read"),
    "no JSON": ('{"actor_id"', '{"actor_id', "comes after entry 3 cannot be read"),
}


@pytest.mark.parametrize("what", FORGERIES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
async def test_verify_names_the_forged_entry(tmp_path: Path, what: str) -> None:
    old, new, said = FORGERIES[what]
    exported = run("export").stdout.splitlines(keepends=True)
    exported[3] = exported[3].replace(old, new, 1)
    forged = tmp_path / "forged"
    forged.write_text("".join(exported))
    result = run("verify", forged)
    assert (result.exit_code, len(lines(result))) == (1, 1)
    assert said in result.output


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
async def test_verify_names_removed_swapped_and_truncated_entries(form: str) -> None:
    whole = run("export", "--format", form).stdout.splitlines(keepends=True)
    first = 0 if form == "jsonl" else 1
    removed, swapped, cut = list(whole), list(whole), list(whole)
    del removed[first + 2]
    swapped[first + 2], swapped[first + 3] = swapped[first + 3], swapped[first + 2]
    cut[first + 3] = cut[first + 3][:40]
    said = {
        "Entry 3 is missing": removed,
        "Entry 3 is missing: entry 4": swapped,
        "after entry 3 cannot": cut[: first + 4],
    }
    for what, changed in said.items():
        result = run("verify", "-", given="".join(changed))
        assert (result.exit_code, len(lines(result))) == (1, 1)
        assert what in result.output


async def test_broken_journal_has_exit_code_1_and_names_the_entry(database: str) -> None:
    noted = read(database)[-1].head
    assert run("verify", "--head", noted).exit_code == 0
    with connected(database) as connection:
        unlock(connection)
        connection.execute(journal.delete().where(journal.c.seq == 7))
    assert run("verify").exit_code == 0
    cut = run("verify", "--head", noted)
    named = f"Database: {database_name(database)}\n"
    assert (cut.exit_code, cut.output) == (
        1,
        f"Broken. Entry 7 is missing: the journal ends before the noted entry 7. {named}",
    )
    with connected(database) as connection:
        connection.execute(journal.update().where(journal.c.seq == 3).values(event="never"))
    changed = run("verify")
    assert (changed.exit_code, changed.output) == (
        1,
        f"Broken. Entry 3 was changed: its hash is not that of what it says. {named}",
    )
    with connected(database) as connection:
        connection.execute(journal.delete().where(journal.c.seq == 1))
    assert run("verify").output == f"Broken. Entry 1 is missing: entry 2 comes after entry 0. {named}"


async def test_verified_database_is_named_without_its_password(database: str) -> None:
    assert lines(run("verify"))[2] == f"Database: {database_name(database)}"
    said = database_name("postgresql://bot:hunter2@db:5433/campaigns?sslmode=require&password=hunter2")
    assert said == "postgresql://bot:***@db:5433/campaigns"


def test_empty_journal_is_not_intact(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    result = run("verify")
    said = f"The journal has no entries, so there is nothing to verify. Database: {database_name(database_url)}\n"
    assert (result.exit_code, result.output) == (2, said)
    assert run("verify", "--head", f"1:{'0' * 64}").exit_code == 1


def test_database_of_the_working_folder_is_named_as_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, databases: Databases
) -> None:
    databases.copy_sqlite(tmp_path / "campaign-delete.sqlite3")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    whole_path = f"sqlite:///{tmp_path}/campaign-delete.sqlite3 (the default of DATABASE_URL)\n"
    assert run("verify").output.endswith(whole_path)


async def test_failed_export_keeps_the_previous_file(database: str, tmp_path: Path) -> None:
    file = tmp_path / "exports" / "journal"
    file.parent.mkdir()
    file.write_text("of yesterday")
    with connected(database) as connection:
        unlock(connection)
        connection.execute(sa.text("UPDATE journal SET details = '[1]' WHERE seq = 3"))
    result = run("export", "--output", file, "--force")
    assert (result.exit_code, result.output) == (1, "Broken. Entry 3 is missing or cannot be read.\n")
    assert contents(file.parent) == {"journal": "of yesterday"}


@pytest.mark.usefixtures("database")
async def test_export_overwrites_a_file_only_if_forced(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    file.write_text("of yesterday")
    refused = run("export", "--output", file)
    assert (refused.exit_code, refused.output) == (
        2,
        f"--output: {file} exists; give another name, or --force to overwrite it.\n",
    )
    assert file.read_text() == "of yesterday"
    assert run("export", "--output", file, "--force").exit_code == 0
    assert len(file.read_text().splitlines()) == len(SAID)


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


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


def test_version_comes_from_pyproject_without_settings_or_database(tmp_path: Path) -> None:
    told = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, str(ROOT / "app.py"), "--version"],
        cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert (told.stdout, told.stderr) == (f"campaign-delete {version}\n", "")
    assert list(tmp_path.iterdir()) == []


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
