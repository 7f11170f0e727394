"""The request store on each database, and long time limits: a slow machine is not what these tests are about."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.kore import brief_write, reading
from deletion.lifecycle import delete_executor, undo_window
from deletion.stores.request_store import RequestStore

HANGS_AFTER_SECONDS = 60.0


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow a minute for each answer. A test of a limit sets the limit itself."""
    for module, name in (
        (brief_write, "WRITE_SECONDS"),
        (reading, "GRACE_SECONDS"),
        (reading, "STALE_SECONDS"),
        (delete_executor, "MAX_READ_SECONDS"),
    ):
        monkeypatch.setattr(module, name, HANGS_AFTER_SECONDS)
    monkeypatch.setattr(undo_window, "COMMIT_WITHIN", timedelta(seconds=HANGS_AFTER_SECONDS))


@pytest.fixture
def store(engine: AsyncEngine) -> RequestStore:
    return RequestStore(engine)
