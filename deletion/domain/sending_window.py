"""Work out from a campaign's calling hours when it may send. No I/O."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kore_api.models import Campaign, Day

IDLE = frozenset({"ready", "stopped", "completed"})  # statuses in which a campaign sends only once it is started
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TIME = re.compile(r"(1[0-2]|0?[1-9]):([0-5]\d) ?([AP]M)", re.IGNORECASE)


@dataclass(frozen=True)
class SendingWindow:
    """The calling hours that are open at a time, or open next, in the campaign's own time zone."""

    opens_at: datetime
    closes_at: datetime
    zone: str
    is_open: bool


def sending_window(campaign: Campaign, at: datetime) -> SendingWindow | None:
    """Return the window that is open at this time, or the next one. None where the fields do not settle it.

    Kore.ai documents days, times and zone, but not what a missing day, hours past midnight, or a frequency other than
    WEEKLY mean (docs.kore.ai/…/create-sms-campaign). So only weekly hours are settled, or hours of all seven days.
    """
    hours = campaign.dialing_strategy and campaign.dialing_strategy.calling_hours
    if not hours or not hours.days or not hours.timezone:
        return None
    times = [_times(day) for day in hours.days]
    is_weekly = (hours.frequency or "").upper() == "WEEKLY" or len({found[0] for found in times if found}) == len(WEEK)
    zone = _zone(hours.timezone)
    if zone is None or not is_weekly or None in times:
        return None
    today = at.astimezone(zone).date()
    windows = [
        SendingWindow(
            opens_at=datetime.combine(day, opens, zone),
            closes_at=datetime.combine(day, closes, zone),
            zone=hours.timezone,
            is_open=datetime.combine(day, opens, zone).astimezone(UTC) <= at,
        )
        for day in (today + timedelta(days=days) for days in range(len(WEEK) + 1))
        for number, opens, closes in filter(None, times)
        if day.weekday() == number
    ]
    # In UTC, because two times of one zone are compared without regard to a change of the clocks.
    ahead = [window for window in windows if window.closes_at.astimezone(UTC) > at]
    return min(ahead, key=lambda window: window.opens_at.astimezone(UTC))


def _times(day: Day) -> tuple[int, time, time] | None:
    """Return the weekday's number and its hours, or None if one of them is not as documented."""
    opens, closes = _time(day.start), _time(day.end)
    name = (day.day or "").upper()
    if name not in WEEK or opens is None or closes is None or closes <= opens:
        return None
    return WEEK.index(name), opens, closes


def _time(text: str | None) -> time | None:
    """Parse ``9:00 AM``."""
    found = _TIME.fullmatch((text or "").strip())
    if found is None:
        return None
    hour, minute, half = found.groups()
    return time(int(hour) % 12 + (12 if half.upper() == "PM" else 0), int(minute))


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, not a zone's name, the name of a folder
        return None
