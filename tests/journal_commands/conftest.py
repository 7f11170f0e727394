"""A journal with seven entries."""

import pytest

from deletion.db.connection import open_engine
from tests.deletion.stored_journal import entry
from tests.deletion.values import append_entry
from tests.journal_commands.journal_steps import SAID


@pytest.fixture
async def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the URL of a database with seven journal entries, some of which look like formulas."""
    engine = open_engine(database_url)
    for said in SAID:
        await append_entry(engine, entry("noted", reason=said).model_copy(update={"actor_id": said[:20]}))
    await engine.dispose()
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url
