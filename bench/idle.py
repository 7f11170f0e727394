"""Measure the idle cost with requests awaiting approval, like the torture but for a shorter time."""

from pathlib import Path

from bench.scale import scaled
from bench.section import Goal, Section, table
from tests.torture.idle_cost import MOST_MORE_MB, MOST_MORE_PERCENT, WAITING, cost, is_too_much

SETTLE_SECONDS, MEASURED_SECONDS = 10, 20
WHY = "each sweep, every ten seconds, looks through all open requests for what is due"


async def measure(_folder: Path) -> Section:
    settle, seconds = scaled(SETTLE_SECONDS), scaled(MEASURED_SECONDS)
    costs = [await cost("sqlite", waiting, settle, seconds) for waiting in WAITING]
    empty, full = costs[0], costs[-1]
    percent, megabytes = (max(getattr(each, name) for each in costs) for name in ("percent", "megabytes"))
    figure = f"{full.percent:.1f} % of a core, {full.megabytes:.0f} MB"
    more = f"{percent - empty.percent:+.1f} %, {megabytes - empty.megabytes:+.1f} MB"
    goal = f"at most {MOST_MORE_PERCENT:+.0f} %, {MOST_MORE_MB:+.0f} MB"
    is_met = not any(is_too_much(each, empty) for each in costs)
    goals = [
        Goal(f"idle with {WAITING[-1]:,} requests awaiting approval, relative to none", figure, more, goal, is_met, WHY)
    ]
    head = ["awaiting approval", "% of a core", "threads", "MB"]
    rows = [
        [f"{waiting:,}", f"{each.percent:.1f}", str(each.threads), f"{each.megabytes:.1f}"]
        for waiting, each in zip(WAITING, costs, strict=True)
    ]
    lines = [
        f"SQLite, for {seconds} s, starting {settle} s after start-up; `make torture` also measures PostgreSQL.",
        "",
    ]
    return Section("Idle", goals, [*lines, *table(head, rows)])
