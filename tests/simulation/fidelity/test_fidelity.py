"""The same scenario on DBOS and on the simulated engine gives the same journal of what ran."""

import asyncio
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tests.simulation.engine_store import EngineStore
from tests.simulation.explore.mutant import ROOT
from tests.simulation.fidelity.scenario import CALLS_PER_MINUTE, FIRST_LIFE_SECONDS, Scenario
from tests.simulation.loop import SimulatedLoop
from tests.simulation.process import Process
from tests.simulation.queues import SimulatedQueues

SEEDS = range(20)


def on_dbos(folder: Path) -> list[str]:
    for life in ("first", "second"):
        program = [sys.executable, "-m", "tests.simulation.fidelity.on_dbos", str(folder), life]
        subprocess.run(program, cwd=ROOT, check=False, capture_output=True, timeout=180)  # noqa: S603 - our own program
    return (folder / "journal").read_text(encoding="utf-8").splitlines()


def simulated(folder: Path, seed: int) -> list[str]:
    journal: list[str] = []

    async def live() -> None:
        store = EngineStore()
        for life in ("first", "second"):
            process = Process(life)
            process.run(one_life(store, process, life))
            await asyncio.sleep(2 * FIRST_LIFE_SECONDS)
            process.kill()
            process.bury()

    async def one_life(store: EngineStore, process: Process, life: str) -> None:
        async def crash() -> None:
            process.kill()
            await asyncio.sleep(0)

        queues = SimulatedQueues(store, "one")
        scenario = Scenario(queues, journal.append, crash, folder)
        await queues.launch(CALLS_PER_MINUTE)
        await (scenario.first_life() if life == "first" else scenario.second_life())

    loop = SimulatedLoop(seed)
    try:
        loop.run_until_complete(live())
    finally:
        loop.close()
    return journal


def by_workflow(journal: list[str]) -> dict[str, list[str]]:
    """Return the lines of each workflow in order: those of different partitions may run in any order."""
    found = defaultdict(list)
    for line in journal:
        found[line.partition(":")[0].split(" ")[0]].append(line)
    return dict(found)


def test_simulated_engine_runs_what_dbos_runs(tmp_path: Path) -> None:
    (tmp_path / "dbos").mkdir()
    expected = by_workflow(on_dbos(tmp_path / "dbos"))
    assert "steps: has second" in expected["steps"]
    assert expected["line"] == [f"line {n}: {what}" for n in range(3) for what in ("begins", "ends")]

    for seed in SEEDS:
        folder = tmp_path / str(seed)
        folder.mkdir()
        assert by_workflow(simulated(folder, seed)) == expected, f"seed {seed}"
