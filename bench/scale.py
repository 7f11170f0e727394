"""Scale the benchmark: ``BENCH_SCALE=1`` is a full run, 0.1 only shows that it works."""

import os

SCALE = float(os.environ.get("BENCH_SCALE", "1"))
IS_WHOLE = SCALE == 1


def scaled(full: int, least: int = 3) -> int:
    """Return the scaled number of rounds, rows or seconds."""
    return max(least, round(full * SCALE))
