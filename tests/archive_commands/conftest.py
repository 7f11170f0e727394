"""The environment of the commands: a database and its key."""

import pytest

from tests.archive_commands.archive_steps import KEYS


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ARCHIVE_KEY", KEYS[0])
    return database_url
