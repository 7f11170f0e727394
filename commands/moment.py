"""A moment on the command line, and how long ago one was."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from commands.errors import UnusableError
from deletion.domain.clock import now
from settings.environment import duration


class Moment(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return _moment(value)
        except (ValueError, OverflowError):
            self.fail("expected a day or a time, such as 2026-01-01, or how long ago, such as 7d.", param, ctx)


def age(text: str) -> timedelta:
    """Return the duration that a text states with its unit. Raises ValueError: seconds are never meant here."""
    if text.strip().isdecimal():
        raise ValueError("a number with its unit")
    return duration(text)


def check_period(since: datetime | None, until: datetime | None) -> None:
    """Raise UnusableError for a period that ends before it begins, which would look like one without requests."""
    if since and until and since >= until:
        raise UnusableError(f"--until: expected a time after --since, which is {since:%Y-%m-%d %H:%M} UTC.")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now() - age(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
