"""``make simulate`` explores schedules over all cores; ``make simulate SEED=n`` replays one and prints its story."""

import argparse
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.simulation.explore.minimise import minimise
from tests.simulation.explore.plan import Plan
from tests.simulation.explore.report import OFTEN, WIDTH, Coverage, told
from tests.simulation.explore.run import Result, run
from tests.simulation.explore.workers import prepare, repeatable, run_all, run_seed

SAVE_EVERY = 100  # schedules
console = Console(width=None if sys.stdout.isatty() else WIDTH)


def main() -> int:
    options = _options()
    repeatable()
    prepare()
    if options.seed is not None:
        return _replay(options.seed)
    coverage = Coverage.load(options.record) if options.record and options.record.exists() else Coverage()
    first = coverage.last_seed + 1 if options.record and coverage.schedules else 1
    seeds = options.seeds or [*range(first, first + options.schedules - coverage.schedules)]
    return _explore(seeds, coverage, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--seed", type=int, help="replay this one and print its story")
    parser.add_argument("--processes", type=int, help="as many as there are cores, if not given")
    parser.add_argument("--picture", help="draw the coverage into this SVG file")
    either = parser.add_mutually_exclusive_group()  # a record counts seeds that follow one another
    either.add_argument("--seeds", type=int, nargs="+", help="run these")
    either.add_argument("--record", type=Path, help="keep the sums in this file; go on from it after an interruption")
    parser.add_argument("--failures", type=int, default=3, help="stop after so many")
    return parser.parse_args()


def _replay(seed: int) -> int:
    plan = Plan.of(seed)
    result = run(plan)
    for line in told(plan, result) if result.wrong else result.story:
        console.print(line, markup=False, highlight=False)
    console.print(f"{len(result.wrong)} invariants broken; requests: {', '.join(result.outcomes) or 'none'}")
    return bool(result.wrong)


def _explore(seeds: list[int], coverage: Coverage, options: argparse.Namespace) -> int:
    failures, began, before = list[Result](), time.monotonic(), coverage.schedules
    columns = (TextColumn("schedules"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("schedules", total=len(seeds))
        # One process needs no other: starting it takes as long as several schedules.
        results = map(run_seed, seeds) if options.processes == 1 else run_all(seeds, options.processes)
        for result in results:
            coverage.add(result)
            progress.advance(task)
            if options.record and (result.wrong or result.seed % SAVE_EVERY == 0 or result.seed == seeds[-1]):
                coverage.save(options.record)
            if result.wrong:
                failures.append(result)
                progress.console.print(f"seed {result.seed}: {result.wrong[0]}", markup=False)
                if len(failures) >= options.failures:
                    break
    took, ran = time.monotonic() - began, coverage.schedules - before
    console.print(coverage.table())
    console.print(
        f"{coverage.schedules} schedules{f', {ran} of them' if before else ''} in {took:.0f} s "
        f"({ran / took:.1f} a second, "
        f"{coverage.schedules / max(coverage.cpu_seconds, 0.01):.1f} a second of one core); "
        f"{coverage.simulated_seconds / 3600:.0f} simulated hours; requests: {dict(coverage.outcomes)}; "
        f"{len(coverage.pairs)} pairs reached, {sum(times >= OFTEN for times in coverage.pairs.values())} of them "
        f"{OFTEN} times or more"
    )
    if options.picture:
        coverage.draw(options.picture)
    for failure in failures[:1]:
        console.print(f"\nMinimising seed {failure.seed} …")
        plan, smallest = minimise(Plan.of(failure.seed), failure, run)
        for line in told(plan, smallest):
            console.print(line, markup=False, highlight=False)
        console.print(f"\nmake simulate SEED={failure.seed} replays the whole schedule.")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
