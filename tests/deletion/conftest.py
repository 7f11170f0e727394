"""The request store on each database, and long time limits: a slow machine is not what these tests are about."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.kore import brief_write, reading
from deletion.lifecycle import delete_executor, undo_window
from deletion.stores.request_store import RequestStore
from tests.time_limits import HANGS_AFTER_SECONDS, extend_limits


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    extend_limits(monkeypatch)
    for module, name in (
        (brief_write, "WRITE_SECONDS"),
        (reading, "GRACE_SECONDS"),
        (reading, "STALE_SECONDS"),
        (delete_executor, "COUNT_SECONDS"),
        (delete_executor, "MAX_READ_SECONDS"),
    ):
        monkeypatch.setattr(module, name, HANGS_AFTER_SECONDS)
    for name in ("COMMIT_WITHIN", "LATE"):
        monkeypatch.setattr(undo_window, name, timedelta(seconds=HANGS_AFTER_SECONDS))


@pytest.fixture
def store(engine: AsyncEngine) -> RequestStore:
    return RequestStore(engine)
