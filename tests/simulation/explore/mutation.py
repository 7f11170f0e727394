"""``python -m tests.simulation.explore.mutation``: seed one fault after another into the product, and find each."""

import argparse
import os
import sys

from rich.console import Console
from rich.table import Table

from tests.simulation.explore.mutant import VARIABLE, mutants
from tests.simulation.explore.workers import repeatable, run_all


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=5_000)
    parser.add_argument("--only", type=int, nargs="*", help="numbers of mutants")
    parser.add_argument("--processes", type=int)
    options = parser.parse_args()
    repeatable()
    console, table, missed = (
        Console(width=None if sys.stdout.isatty() else 160),
        Table("number", "seeded fault", "found after", "by"),
        0,
    )
    for number, mutant in enumerate(mutants()):
        if options.only is not None and number not in options.only:
            continue
        os.environ[VARIABLE] = str(number)
        found, count = "", 0
        for result in run_all(range(1, options.schedules + 1), options.processes):
            count += 1
            if result.wrong:
                found = result.wrong[0].split("Traceback")[0]
                break
        missed += not found
        console.print(
            f"{number} {mutant.name}: {f'{count} schedules: {found}' if found else 'NOT FOUND'}", markup=False
        )
        table.add_row(str(number), mutant.name, str(count) if found else "not found", found[:90])
    console.print(table)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
