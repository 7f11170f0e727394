"""A clock for the age of what was read. It is never set, and goes on while the computer is suspended."""

import time

# ``time.monotonic`` stands still meanwhile, on Linux and on macOS. Linux has a clock of its own for that; on macOS the
# one that POSIX calls monotonic goes on (man clock_gettime).
_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def elapsed_seconds() -> float:
    """Return seconds since a moment that stays the same for the life of the process."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
