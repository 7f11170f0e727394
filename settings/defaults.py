"""Defaults that follow other settings, so that only two values that were both set can conflict."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from settings.environment import DAY, HOUR, SECOND, duration, durations

T = TypeVar("T")
TTL, LONGEST_TTL = DAY, 30 * DAY
REMINDER = 4 * HOUR
TTL_PER_REMINDER = TTL // REMINDER
LONGEST_REMINDER = LONGEST_TTL - SECOND
SHORTEST_REMINDER = timedelta(microseconds=1)  # the default for a TTL of a second is less than a second
DELETES_PER_PERSON = 5


def fitting_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults that differ from the usual ones because of what is set. Ignore values that do not parse."""
    fitting: dict[str, Any] = {}
    ttl = _read(duration, given.get("APPROVAL_TTL"))
    if ttl is not None and ttl <= REMINDER:
        fitting["APPROVAL_REMINDER"] = (ttl / TTL_PER_REMINDER,)
    moments = [_read(durations, given.get(name)) or () for name in ("APPROVAL_REMINDER", "ESCALATE_AFTER")]
    latest = max((moment for found in moments for moment in found), default=timedelta())
    if latest >= TTL:
        fitting["APPROVAL_TTL"] = min(latest * TTL_PER_REMINDER, LONGEST_TTL)
    per_hour = _read(int, given.get("DELETES_PER_HOUR"))
    if per_hour is not None and 0 < per_hour < DELETES_PER_PERSON:
        fitting["DELETES_PER_PERSON_PER_HOUR"] = per_hour
    return fitting


def _read(parse: Callable[[Any], T], value: Any) -> T | None:
    try:
        return None if value is None else parse(value)
    except ValueError:
        return None
