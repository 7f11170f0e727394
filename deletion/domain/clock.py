"""The time that everything is stored and judged by: this computer's, or a database's that all replicas share."""

import time
from datetime import UTC, datetime, timedelta

from kore_api.elapsed_time import elapsed_seconds

SLOW_SECONDS = 1.0  # an answer that took longer is too inexact to replace an earlier one


class _Clock:
    """A time that a database has said, carried on by the monotonic clock; until then this computer's wall clock."""

    def __init__(self) -> None:
        self._said: datetime | None = None
        self._said_at = 0.0

    def set(self, said: datetime, asked_at: float, answered_at: float) -> None:
        if self._said is None or answered_at - asked_at < SLOW_SECONDS:
            self._said, self._said_at = said, (asked_at + answered_at) / 2

    def now(self) -> datetime:
        if self._said is None:
            return datetime.fromtimestamp(time.time(), UTC)
        return self._said + timedelta(seconds=monotonic() - self._said_at)


_clock = _Clock()


def now() -> datetime:
    return _clock.now()


def monotonic() -> float:
    """Return the seconds of a clock that is never set, and goes on while the computer is suspended."""
    return elapsed_seconds()


def synchronize(said: datetime, asked_at: float, answered_at: float) -> None:
    """Continue from what a database has said between these two times of ``monotonic``.

    From then on a wall clock that is wrong, or is set, moves no deadline.
    """
    _clock.set(said, asked_at, answered_at)
