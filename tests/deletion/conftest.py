"""Time limits of the product count for no test of this package: a slow machine is not what they test."""

import pytest

from deletion.kore import brief_write, campaign_gateway
from deletion.lifecycle import delete_executor

HANGS_AFTER_SECONDS = 60.0


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow a minute for each answer. A test of a limit sets the limit itself."""
    for module, name in (
        (brief_write, "WRITE_SECONDS"),
        (campaign_gateway, "GRACE_SECONDS"),
        (campaign_gateway, "STALE_SECONDS"),
        (delete_executor, "MAX_READ_SECONDS"),
    ):
        monkeypatch.setattr(module, name, HANGS_AFTER_SECONDS)
