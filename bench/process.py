"""CPU time and memory of a process, from proc(5)."""

import asyncio
import os
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
POLL_SECONDS, IDLE_PERCENT = 0.25, 8.0


def cpu_seconds(pid: int) -> float:
    """Return user and system time: fields 14 and 15 of ``stat``, counted after the name in brackets."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def megabytes(pid: int) -> float:
    """Return the resident memory."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) / 1024


async def until_idle(pid: int) -> None:
    """Wait until the process has no work left."""
    used = cpu_seconds(pid)
    while True:
        await asyncio.sleep(POLL_SECONDS)
        before, used = used, cpu_seconds(pid)
        if 100 * (used - before) / POLL_SECONDS < IDLE_PERCENT:
            return
