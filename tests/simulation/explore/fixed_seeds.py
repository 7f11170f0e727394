"""The fixed schedules of ``make test``; ``python -m tests.simulation.explore.fixed_seeds`` chooses them again.

They are the seeds that once broke an invariant, the seeds that show the seeded faults, and seeds that together reach
every pair of state and fault that the first 10,000 reach. The quickest schedules fill them up to 500, with one, two and
three replicas as often as in all schedules.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from rich.progress import track

from tests.simulation.explore.mutant import mutants
from tests.simulation.explore.plan import Plan
from tests.simulation.explore.run import Result
from tests.simulation.explore.workers import repeatable, run_all

HERE = Path(__file__).parent
FIXED, REGRESSIONS = HERE / "fixed_seeds.txt", HERE / "regressions.txt"
COUNT, CANDIDATES, IN_A_ROW = 500, 10_000, 16


def seeds(file: Path) -> list[int]:
    """Return the seeds in a file; a comment begins with ``#``."""
    lines = (line.partition("#")[0].split() for line in file.read_text(encoding="utf-8").splitlines())
    return [int(seed) for line in lines for seed in line]


def required() -> set[int]:
    """Return the seeds that once broke an invariant, and those that show the seeded faults."""
    return {*seeds(REGRESSIONS), *(mutant.seed for mutant in mutants())}


def choose(results: Iterable[Result], first: set[int], count: int = COUNT) -> list[int]:
    """Return ``first`` and the others, ascending. Raises ValueError if to reach all pairs takes more than ``count``."""
    by_seed = {result.seed: result for result in results}
    chosen = set(first)
    missing = {pair for result in by_seed.values() for pair in result.pairs}
    missing -= {pair for seed in first & by_seed.keys() for pair in by_seed[seed].pairs}
    while missing:
        best = max(by_seed, key=lambda seed: len(missing & by_seed[seed].pairs.keys()) / by_seed[seed].cpu_seconds)
        chosen.add(best)
        missing -= by_seed[best].pairs.keys()
    if len(chosen) > count:
        raise ValueError(f"{len(chosen)} schedules are needed to reach all pairs, more than {count}")
    replicas = {seed: Plan.of(seed).replicas for seed in by_seed}
    left = count - len(chosen)
    for number in sorted(set(replicas.values()), reverse=True):
        of_number = {seed for seed in by_seed if replicas[seed] == number}
        share = round(left * len(of_number) / len(by_seed)) if number > 1 else count - len(chosen)
        chosen.update(sorted(of_number - chosen, key=lambda seed: by_seed[seed].cpu_seconds)[:share])
    return sorted(chosen)


def main() -> None:
    repeatable()
    results = list(track(run_all(range(1, CANDIDATES + 1)), "schedules", total=CANDIDATES))
    if wrong := [result.seed for result in results if result.wrong]:
        sys.exit(f"These seeds broke an invariant, so nothing was chosen: {wrong}")
    chosen = choose(results, required())
    rows = [" ".join(map(str, chosen[start : start + IN_A_ROW])) for start in range(0, len(chosen), IN_A_ROW)]
    FIXED.write_text("\n".join(["# Written by tests.simulation.explore.fixed_seeds.", *rows, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
