"""``python -m bench``: compare this bot with simpler implementations, in 10 to 15 minutes on an idle machine.

Parts can be named (``python -m bench acks lookups``); only a run of all parts writes docs/bench.md.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench import acks, delete_cost, idle, last_approval, lookups, report, search_latency, startup_cost, summaries
from bench.scale import IS_WHOLE
from bench.section import Section
from bench.summaries import Wait

Part = Callable[[Path], Awaitable[Section]]
waits: list[Wait] = []


async def _summaries(folder: Path) -> Section:
    found = await summaries.measure(folder)
    waits.extend(found.waits)
    return found.section


PARTS: dict[str, Part] = {
    "acks": acks.measure,
    "summaries": _summaries,
    "approval": last_approval.measure,
    "cost": delete_cost.measure,
    "search": search_latency.measure,
    "lookups": lookups.measure,
    "idle": idle.measure,
    "startup": startup_cost.measure,
}


async def run(names: list[str]) -> None:
    sections, loads = [], []
    for name in names or PARTS:
        with tempfile.TemporaryDirectory(prefix="campaign-delete-bench-") as folder:
            sections.append(await PARTS[name](Path(folder)))
            loads.append(os.getloadavg()[0])
            sys.stdout.write("\n".join(report.section(sections[-1])) + "\n")
            sys.stdout.flush()
    if IS_WHOLE and not names:
        report.write(sections, waits, loads)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1:]))
