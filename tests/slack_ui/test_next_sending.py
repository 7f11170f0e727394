"""When a campaign sends next, as far as Kore.ai says it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slack_ui.parts import next_sending
from tests.deletion.values import campaign
from tests.slack_ui.surfaces import WEEKLY

MONDAY = datetime(2026, 6, 1, 2, 50, tzinfo=UTC)  # 8:20 AM in Kolkata


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Not scheduled. It sends once it is started. The next sending window opens in 40 min, Mon 9:00 AM Asia"),
        ({"status": "Active"}, "It may be sending: its status is Active. The next"),
        ({"schedule": {"isSchedulingEnabled": True}}, "Scheduled; Kore.ai doesn't say for when. The next"),
        ({"schedule": {"isSchedulingEnabled": True, "isRecurrenceEnabled": True}}, "Scheduled, recurring; Kore.ai"),
        ({"schedule": None}, "Unknown: Kore.ai doesn't say whether it is scheduled. The next"),
        ({"dialingStrategy": None}, "started. I can't tell its sending window from its calling hours."),
    ],
)  # fmt: skip
def test_next_sending_says_what_starts_it_and_when_its_window_opens(fields: dict[str, Any], said: str) -> None:
    shown = campaign(**{"dialingStrategy": WEEKLY, **fields})
    assert said in next_sending.text(shown, MONDAY)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(), "in 40 min, Mon 9:00 AM"),
        (timedelta(minutes=39, seconds=30), "in 1 min, Mon 9:00 AM"),
        (timedelta(minutes=40), "is open until Mon 6:00 PM Asia/Kolkata"),
        (timedelta(hours=10), "in 15 h, Tue 9:00 AM"),
        (timedelta(days=2), "in 5 days, Mon 9:00 AM"),
    ],
)
def test_next_sending_counts_minutes_then_hours_then_days(later: timedelta, said: str) -> None:
    assert said in next_sending.text(campaign(dialingStrategy=WEEKLY), MONDAY + later)
