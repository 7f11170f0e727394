"""The hours in which approvers are reminded, such as ``Mon-Fri 08:00-18:00 Europe/Berlin``. No I/O."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict

EXPECTED = "days, hours and a time zone, such as Mon-Fri 08:00-18:00 Europe/Berlin"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FORM = re.compile(r"([A-Za-z,-]+) ([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d) (\S+)")
MINUTES_OF_A_DAY = 24 * 60


class ApprovalHours(BaseModel):
    """Weekdays (Monday is 0) and minutes since midnight, by the clocks of one time zone."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    days: frozenset[int]
    opens_minute: int
    closes_minute: int
    zone: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the form above; days may also be a list such as ``Mon-Thu,Sat``. Raises ValueError."""
        if not (found := FORM.fullmatch(text)):
            raise ValueError(EXPECTED)
        opens, closes = int(found[2]) * 60 + int(found[3]), int(found[4]) * 60 + int(found[5])
        if not opens < closes <= MINUTES_OF_A_DAY:
            raise ValueError(EXPECTED)
        try:
            ZoneInfo(found[6])
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of the database, such as Europe
            raise ValueError(EXPECTED) from None
        return cls(days=_days(found[1]), opens_minute=opens, closes_minute=closes, zone=found[6])

    def first_open(self, at: datetime) -> datetime:
        """Return this moment if it is within the hours, else when they next begin."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        days = (today + timedelta(days=ahead) for ahead in range(len(DAYS) + 1))
        open_days = (day for day in days if day.weekday() in self.days)
        begins = next(day for day in open_days if at < self._moment(day, self.closes_minute))
        return max(at, self._moment(begins, self.opens_minute))

    def _moment(self, day: date, minute: int) -> datetime:
        """Return a time of the zone's clocks in UTC: within one zone Python compares and adds by the clock alone."""
        return (datetime.combine(day, time(), ZoneInfo(self.zone)) + timedelta(minutes=minute)).astimezone(UTC)


def _days(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not {first, last or first} <= set(DAYS):
            raise ValueError(EXPECTED)
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found |= {(begin + ahead) % len(DAYS) for ahead in range((end - begin) % len(DAYS) + 1)}
    return frozenset(found)
