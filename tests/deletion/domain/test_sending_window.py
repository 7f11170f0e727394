"""When a campaign's calling hours let it send: computed only where Kore.ai's fields settle it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from deletion.domain.sending_window import sending_window
from tests.deletion.values import campaign

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)  # 5:30 AM in Kolkata
WORKDAYS = [{"day": day, "start": "9:00 AM", "end": "6:00 PM"} for day in ("MO", "TU", "WE", "TH", "FR")]


def hours(**changes: Any) -> dict[str, Any]:
    plain = {"frequency": "WEEKLY", "timezone": "Asia/Kolkata", "days": WORKDAYS}
    return {"dialingStrategy": {"callingHours": {**plain, **changes}}}


@pytest.mark.parametrize(
    ("at", "opens", "is_open"),
    [
        (MONDAY.replace(hour=2, minute=50), "2026-06-01T09:00:00+05:30", False),  # 8:20 AM
        (MONDAY.replace(hour=3, minute=30), "2026-06-01T09:00:00+05:30", True),  # 9:00 AM
        (MONDAY.replace(hour=12, minute=29), "2026-06-01T09:00:00+05:30", True),  # 5:59 PM
        (MONDAY.replace(hour=12, minute=30), "2026-06-02T09:00:00+05:30", False),  # 6:00 PM
        (MONDAY.replace(day=5, hour=13), "2026-06-08T09:00:00+05:30", False),  # Friday evening
        (MONDAY.replace(day=7, hour=20), "2026-06-08T09:00:00+05:30", False),  # already Monday in Kolkata
    ],
)
def test_window_is_the_open_or_the_next_one_in_the_campaigns_zone(at: datetime, opens: str, *, is_open: bool) -> None:
    window = sending_window(campaign(**hours()), at)
    assert window
    assert (window.opens_at.isoformat(), window.is_open) == (opens, is_open)
    assert window.zone == "Asia/Kolkata"


def test_window_of_one_day_a_week_that_has_just_closed_opens_in_a_week() -> None:
    window = sending_window(campaign(**hours(days=WORKDAYS[:1])), MONDAY.replace(hour=12, minute=30))
    assert window
    assert window.opens_at.isoformat() == "2026-06-08T09:00:00+05:30"


def test_window_is_open_where_it_is_still_the_day_before() -> None:
    monday = [{"day": "MO", "start": "6:30 PM", "end": "8:45 PM"}]
    at = MONDAY.replace(day=2, hour=3)  # 8:00 PM on Monday
    window = sending_window(campaign(**hours(timezone="America/Los_Angeles", days=monday)), at)
    assert window
    assert (window.opens_at.isoformat(), window.is_open) == ("2026-06-01T18:30:00-07:00", True)
    assert window.closes_at.isoformat() == "2026-06-01T20:45:00-07:00"


def test_window_follows_a_change_of_the_clocks() -> None:
    sunday = [{"day": "SU", "start": "1:00 AM", "end": "12:00 PM"}]
    just_before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30 AM in Berlin; at 2:00 the clocks go to 3:00
    window = sending_window(campaign(**hours(timezone="Europe/Berlin", days=sunday)), just_before)
    assert window
    assert window.is_open
    assert window.closes_at.astimezone(UTC) == datetime(2026, 3, 29, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "unsettled",
    [
        {"days": []},
        {"timezone": None},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
        {"timezone": "Asia"},
        {"timezone": "x" * 5_000},
        {"frequency": "CUSTOM"},
        {"frequency": None},
        {"days": [*WORKDAYS, {"day": "XX", "start": "9:00 AM", "end": "6:00 PM"}]},
        {"days": [*WORKDAYS, {"day": "SA", "start": "9 o'clock", "end": "6:00 PM"}]},
        {"days": [*WORKDAYS, {"day": "SA", "start": "9:00 PM", "end": "6:00 AM"}]},
        {"days": [*WORKDAYS, {"day": "SA", "start": "13:00 PM", "end": "6:00 PM"}]},
        {"days": [*WORKDAYS, {"day": "SA", "start": "9:00 AM", "end": "9:00 AM"}]},
    ],
    ids=str,
)
def test_hours_that_kore_does_not_settle_give_no_window(unsettled: dict[str, Any]) -> None:
    assert sending_window(campaign(**hours(**unsettled)), MONDAY) is None
    assert sending_window(campaign(dialingStrategy=None), MONDAY) is None


def test_hours_of_all_seven_days_need_no_frequency() -> None:
    daily = [{"day": day, "start": "12:00 AM", "end": "11:59 PM"} for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")]
    window = sending_window(campaign(**hours(frequency="DAILY", days=daily)), MONDAY)
    assert window
    assert window.is_open
