"""The fixed schedules of ``make test``; ``python -m tests.simulation.explore.fixed_seeds`` chooses them again.

These are the seeds that once broke an invariant, those whose schedules show the seeded faults, and those of the first
10,000 that reach all pairs of state and fault that these reach, and the quickest.
"""

from collections.abc import Iterable
from pathlib import Path

from rich.progress import track

from tests.simulation.explore.mutant import mutants
from tests.simulation.explore.run import Result
from tests.simulation.explore.workers import repeatable, run_all

HERE = Path(__file__).parent
FIXED, REGRESSIONS = HERE / "fixed_seeds.txt", HERE / "regressions.txt"
COUNT, CANDIDATES = 500, 10_000


def seeds(file: Path) -> list[int]:
    """Return the seeds in a file, one on each line before a comment."""
    lines = (line.partition("#")[0].split() for line in file.read_text(encoding="utf-8").splitlines())
    return [int(seed) for line in lines for seed in line]


def required() -> set[int]:
    """Return the seeds that once broke an invariant, and those that show the seeded faults."""
    return {*seeds(REGRESSIONS), *(mutant.seed for mutant in mutants())}


def choose(results: Iterable[Result], first: set[int], count: int = COUNT) -> list[int]:
    """Return ``first``, seeds that reach all pairs that any of the results reaches, and the quickest; ascending."""
    by_seed = {result.seed: result for result in results}
    chosen = set(first)
    missing = {pair for result in by_seed.values() for pair in result.pairs}
    missing -= {pair for seed in first & by_seed.keys() for pair in by_seed[seed].pairs}
    while missing:
        best = max(by_seed, key=lambda seed: len(missing & by_seed[seed].pairs.keys()) / by_seed[seed].cpu_seconds)
        chosen.add(best)
        missing -= by_seed[best].pairs.keys()
    quickest = sorted(by_seed.keys() - chosen, key=lambda seed: by_seed[seed].cpu_seconds)
    return sorted([*chosen, *quickest[: count - len(chosen)]])


def main() -> None:
    repeatable()
    results = track(run_all(range(1, CANDIDATES + 1)), "schedules", total=CANDIDATES)
    chosen = choose(results, required())
    rows = [" ".join(map(str, chosen[start : start + 16])) for start in range(0, COUNT, 16)]
    FIXED.write_text("\n".join(["# Written by tests.simulation.explore.fixed_seeds.", *rows, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
