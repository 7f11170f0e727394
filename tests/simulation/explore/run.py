"""Run one schedule in virtual time and return what went wrong."""

import asyncio
import logging
import sqlite3
import time
from dataclasses import dataclass

from tests.simulation.explore.log import watched_log
from tests.simulation.explore.plan import Plan
from tests.simulation.explore.schedule import Run
from tests.simulation.loop import SimulatedLoop, StuckError
from tests.simulation.process import Process


@dataclass(frozen=True)
class Result:
    """One schedule's end. ``trace`` sums up every callback, so equal traces are equal runs."""

    seed: int
    wrong: tuple[str, ...]
    story: tuple[str, ...]
    pairs: dict[tuple[str, str], int]
    outcomes: tuple[str, ...]
    simulated_seconds: float
    cpu_seconds: float
    trace: int


def run(plan: Plan) -> Result:
    """Run a schedule. Nothing of it outlasts the call."""
    began, loop = time.process_time(), SimulatedLoop(plan.seed)
    asyncio.set_event_loop(loop)
    trace, ran = 0, Run(plan, loop)

    def before_callback(process: Process | None) -> None:
        nonlocal trace
        trace = (trace * 31 + hash((loop.now, process.name if process else ""))) & 0xFFFFFFFF
        ran.faults.before_callback(process)

    loop.before_callback = before_callback
    try:
        with watched_log(ran.ledger, loop):
            loop.run_until_complete(ran.play())
    except StuckError as error:
        ran.ledger.fail(loop.now, str(error))
    except sqlite3.OperationalError as error:
        ran.ledger.fail(loop.now, f"simulation: {error!r}")
    finally:
        outcomes = ran.outcomes()
        ran.close()
        _drop_tasks(loop)
        asyncio.set_event_loop(None)
        loop.close()
        logging.disable(logging.NOTSET)
    ledger = ran.ledger
    return Result(
        plan.seed,
        tuple(ledger.wrong),
        tuple(ledger.story),
        dict(ledger.pairs),
        outcomes,
        loop.now,
        time.process_time() - began,
        trace,
    )


def _drop_tasks(loop: SimulatedLoop) -> None:
    """Forget the world's own tasks, which wait for what no longer comes."""
    for task in asyncio.all_tasks(loop):
        task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio's own switch
