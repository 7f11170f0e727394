"""A fixed number of schedules, and each that once found a fault: ``make simulate`` explores many more."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.explore.goals import GOALS
from tests.simulation.explore.mutant import ROOT, Mutant, mutants

SCHEDULES, AT_ONCE = 3 * len(GOALS), len(GOALS)  # of each part; to start a process for one takes a second


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


@pytest.mark.parametrize("first", range(1, SCHEDULES, AT_ONCE))
def test_no_schedule_breaks_an_invariant(first: int) -> None:
    ran = explore("--first", str(first), "--schedules", str(AT_ONCE))
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]


def test_schedules_that_once_broke_an_invariant_break_none() -> None:
    ran = explore("--schedules", "0", "--regressions")
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]


def explore(*options: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "tests.simulation.explore", "--processes", "1", *options)


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
