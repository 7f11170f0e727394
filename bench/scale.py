"""How long the bench may take: ``BENCH_SCALE`` of 1 is the whole of it, 0.1 a look whether it works."""

import os

SCALE = float(os.environ.get("BENCH_SCALE", "1"))
IS_WHOLE = SCALE == 1


def scaled(full: int, least: int = 3) -> int:
    """So many rounds, rows or seconds of the whole run's."""
    return max(least, round(full * SCALE))
