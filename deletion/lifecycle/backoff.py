"""How long a request waits after failures in a row that sent nothing."""

from datetime import timedelta

FIRST, LONGEST = timedelta(seconds=10), timedelta(minutes=5)
MAX_DOUBLINGS = 5  # one more changes nothing


def pause_after(failures: int) -> timedelta:
    """Return the pause after a failure that followed so many others: it doubles with each, up to a maximum."""
    return min(FIRST * (1 << min(failures, MAX_DOUBLINGS)), LONGEST)
