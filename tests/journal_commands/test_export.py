"""``journal export`` writes every entry, as lines or CSV, and replaces no file unasked."""

import codecs
import csv
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from deletion.journal import export_file
from tests.deletion.stored_journal import RUN_AS_FORMULA, connected, read, unlock
from tests.journal_commands.journal_steps import SAID, lines, run


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
