"""The database and exports are for the bot's own user alone."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_mock import MockerFixture

import commands
from deletion.db.connection import migrate

OPEN_TO_ALL = 0o666
OWNER_ONLY = 0o600


@pytest.fixture(autouse=True, params=[0o000, 0o022])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


def test_new_database_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/bot.sqlite3")

    with closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as connection:
        connection.execute("DELETE FROM seen")
        assert modes(tmp_path) == dict.fromkeys(("bot.sqlite3", "bot.sqlite3-wal", "bot.sqlite3-shm"), OWNER_ONLY)


def test_existing_database_is_narrowed_and_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("bot.sqlite3", "bot.sqlite3-wal"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(OPEN_TO_ALL)

    with caplog.at_level(logging.WARNING):
        migrate(f"sqlite:///{tmp_path}/bot.sqlite3")

    assert set(modes(tmp_path).values()) == {OWNER_ONLY}
    assert caplog.messages == ["Database file was accessible to other users; access removed"] * 2
    assert {record.__dict__["mode"] for record in caplog.records} == {"0666"}


def test_database_that_cannot_be_narrowed_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mocker: MockerFixture
) -> None:
    (tmp_path / "bot.sqlite3").touch()
    (tmp_path / "bot.sqlite3").chmod(OPEN_TO_ALL)
    mocker.patch.object(Path, "chmod", autospec=True, side_effect=PermissionError)  # the file is another user's

    with caplog.at_level(logging.WARNING):
        migrate(f"sqlite:///{tmp_path}/bot.sqlite3")

    assert caplog.messages == ["Database file is accessible to other users"]


def test_export_is_readable_by_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "export").mkdir()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/bot.sqlite3")
    migrate(f"sqlite:///{tmp_path}/bot.sqlite3")

    output = tmp_path / "export" / "journal.jsonl"
    result = CliRunner().invoke(commands.run, ["journal", "export", "--output", str(output)])

    assert result.exit_code == 0, result.output
    assert modes(tmp_path / "export") == {"journal.jsonl": OWNER_ONLY}
