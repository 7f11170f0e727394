"""``python -m tests.simulation.explore.mutation``: seed one fault after another into the product, and find each.

Each is looked for with the seed that mutants.toml names, and if that does not find it, with all seeds from 1.
"""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console
from rich.table import Table

from tests.simulation.explore.mutant import VARIABLE, Mutant, mutants
from tests.simulation.explore.workers import repeatable, run_all

Found = tuple[int, str]  # the seed, and the invariant that is broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=5_000)
    parser.add_argument("--only", type=int, nargs="*", help="numbers of mutants")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    repeatable()
    console = Console(width=None if sys.stdout.isatty() else 160)
    table, missed = Table("number", "seeded fault", "found by seed", "broken invariant"), 0
    chosen = [each for each in enumerate(mutants()) if options.only is None or each[0] in options.only]
    with ThreadPoolExecutor(options.processes) as pool:
        for (number, mutant), by_its_seed in zip(chosen, pool.map(_by_its_seed, chosen), strict=True):
            found = by_its_seed or _searched(number, options.schedules, options.processes)
            missed += not found
            seed, broken = found or ("none", "")
            console.print(f"{number} {mutant.name}: seed {seed} {broken}", markup=False)
            table.add_row(str(number), mutant.name, str(seed), broken[:90])
    console.print(table)
    return bool(missed)


def _by_its_seed(numbered: tuple[int, Mutant]) -> Found | None:
    number, mutant = numbered
    replayed = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.simulation.explore", "--seed", str(mutant.seed)],
        env={**os.environ, VARIABLE: str(number)},
        capture_output=True,
        text=True,
        check=False,
    )
    first, _, broken = replayed.stdout.partition("\n")[0].partition(": ")
    return (mutant.seed, broken) if first == f"Seed {mutant.seed}" else None


def _searched(number: int, schedules: int, processes: int) -> Found | None:
    os.environ[VARIABLE] = str(number)
    for result in run_all(range(1, schedules + 1), processes):
        if result.wrong:
            return result.seed, result.wrong[0].split("Traceback")[0]
    return None


if __name__ == "__main__":
    sys.exit(main())
