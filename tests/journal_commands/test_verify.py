"""``journal verify`` names the entry that was forged, removed or swapped, and the database it has read."""

from pathlib import Path

import pytest

from deletion.db.database_name import database_name
from deletion.db.tables import journal
from tests.databases import Databases
from tests.deletion.stored_journal import connected, read, unlock
from tests.journal_commands.journal_steps import lines, run

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
