"""The fixed schedules, and the exploration itself: ``make simulate`` explores many more."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.simulation.explore.fixed_seeds import COUNT, FIXED, choose, required, seeds
from tests.simulation.explore.mutant import ROOT, Mutant, mutants
from tests.simulation.explore.plan import Plan
from tests.simulation.explore.run import Result

PARTS = 3  # which several processes run at once; to start one takes as long as ten schedules


def python(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own: the order of its sets must not differ from run to run."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_no_fixed_schedule_breaks_an_invariant(part: int) -> None:
    of_part = seeds(FIXED)[part::PARTS]
    ran = python("-m", "tests.simulation.explore", "--processes", "1", "--seeds", *map(str, of_part))
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]
    assert f"{len(of_part)} schedules in " in ran.stdout


def test_fixed_seeds_include_those_of_known_and_seeded_faults() -> None:
    fixed = seeds(FIXED)
    assert len(set(fixed)) == len(fixed) == COUNT
    assert required() <= set(fixed)


def test_choice_keeps_the_first_seeds_reaches_all_pairs_and_has_the_usual_numbers_of_replicas() -> None:
    def result(seed: int, *faults: str) -> Result:
        pairs = {("deleting", fault): 1 for fault in faults}
        return Result(seed, (), (), pairs, (), simulated_seconds=0, cpu_seconds=seed, trace=0)

    rare = [result(80, "crash", "lost"), result(81, "crash"), result(82, "late")]
    results = [*map(result, range(1, 61)), *rare]
    chosen = choose(results, first={7, 20_118}, count=30)
    assert len(chosen) == 30
    assert {7, 20_118, 80, 82} <= set(chosen)
    assert 81 not in chosen, "80 reaches the same"
    usual = Counter(Plan.of(each.seed).replicas for each in results)
    for replicas, count in Counter(Plan.of(seed).replicas for seed in chosen).items():
        assert count == pytest.approx(30 * usual[replicas] / usual.total(), abs=2)
    with pytest.raises(ValueError, match="4 schedules are needed"):
        choose(rare, first={7, 20_118}, count=3)


def test_interrupted_exploration_goes_on_from_its_record(tmp_path: Path) -> None:
    program = (
        "import sys; from tests.simulation.explore.__main__ import main\n"
        "for record, schedules in ('two', '1'), ('two', '2'), ('one', '2'):\n"
        "    sys.argv[1:] = ['--processes', '1', '--schedules', schedules, '--record', record]\n"
        "    assert not main()"
    )
    ran = python("-c", program, folder=tmp_path)
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]

    in_two, in_one = (json.loads((tmp_path / record).read_text()) for record in ("two", "one"))
    assert in_two.pop("cpu_seconds") > 0
    assert in_one.pop("cpu_seconds") > 0
    assert in_two == in_one
    assert (in_two["schedules"], in_two["last_seed"]) == (2, 2)


def test_same_seed_gives_same_schedule_callback_by_callback() -> None:
    program = (
        "from tests.simulation.explore.workers import prepare, run_seed; prepare();"
        "print([run_seed(seed).trace for seed in (3, 3, 14, 14)])"
    )
    ran = python("-c", program)

    assert ran.returncode == 0, ran.stderr
    first, second, third, fourth = ran.stdout.strip(" []\n").split(", ")
    assert first == second
    assert third == fourth
    assert first != third


@pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: mutant.name)
def test_text_of_mutant_is_in_the_product_once(mutant: Mutant) -> None:
    assert (ROOT / mutant.module).read_text(encoding="utf-8").count(mutant.original) == 1
