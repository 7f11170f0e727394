"""Dates in headers, in whatever zone this computer is."""

import time
from collections.abc import Iterator

import pytest

from kore_api.responses.http_date import seconds_until

NOON = "Thu, 01 Jan 2026 12:00:00"


@pytest.fixture(params=["UTC", "Asia/Kolkata", "America/New_York"])
def _zone(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_zone")
def test_date_without_a_zone_is_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_767_268_800.0)  # NOON in UTC
    assert [seconds_until(f"{NOON} {zone}") for zone in ("GMT", "-0000", "+0100")] == [0, 0, -3_600]


@pytest.mark.parametrize("date", ["", "soon", "Thu, 01 Jan 99999999999999999999 12:00:00 GMT"])
def test_text_that_is_no_date_is_none(date: str) -> None:
    assert seconds_until(date) is None
