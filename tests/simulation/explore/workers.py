"""Run many schedules over all cores."""

import gc
import logging
import multiprocessing
import os
import sys
import warnings
from collections.abc import Iterable, Iterator

from logs import QUIET
from tests.simulation.explore.plan import Plan
from tests.simulation.explore.run import Result, run

RUNS_PER_PROCESS = 500  # then a fresh one: what a dead replica held is freed with its process
CHUNK = 4
COLLECT_EVERY = 10  # schedules: a collection during one costs a tenth of its time, and frees what comes at any moment


def prepare() -> None:
    """Make runs quick and quiet: closing what a dead replica left raises in vain."""
    sys.unraisablehook = lambda _: None
    warnings.simplefilter("ignore")
    for name, level in {**QUIET, "sqlalchemy.pool": logging.CRITICAL, "asyncio": logging.CRITICAL}.items():
        logging.getLogger(name).setLevel(level)
    gc.freeze()
    gc.disable()


def run_seed(seed: int) -> Result:
    result = run(Plan.of(seed))
    if seed % COLLECT_EVERY == 0:
        gc.collect()
    return result


def run_all(seeds: Iterable[int], processes: int | None = None) -> Iterator[Result]:
    """Yield the result of each seed, in their order. PYTHONHASHSEED must be set: see ``repeatable``."""
    context = multiprocessing.get_context("spawn")
    count = processes or os.cpu_count() or 1
    with context.Pool(count, prepare, maxtasksperchild=RUNS_PER_PROCESS // CHUNK) as pool:
        yield from pool.imap(run_seed, seeds, chunksize=CHUNK)


def repeatable() -> None:
    """Start this program again with a fixed order of sets, unless it has one."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - itself
