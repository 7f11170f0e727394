"""What an exploration reached: pairs of a request's state and a fault, and how requests ended."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.table import Table
from rich.text import Text

from deletion.domain.states import State
from tests.simulation.explore.plan import Plan
from tests.simulation.explore.run import Result

OFTEN = 100  # times that a pair is to be reached
WIDTH = 190  # columns of the picture
FONTS_OF_ANOTHER_HOST = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Coverage:
    """Sums of all results, in the order of their seeds."""

    def __init__(self) -> None:
        self.schedules = 0
        self.last_seed = 0
        self.failed_seeds: list[int] = []
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.simulated_seconds = 0.0
        self.cpu_seconds = 0.0

    def add(self, result: Result) -> None:
        self.schedules += 1
        self.last_seed = result.seed
        self.failed_seeds += [result.seed] if result.wrong else []
        self.pairs.update(result.pairs)
        self.outcomes.update(result.outcomes)
        self.simulated_seconds += result.simulated_seconds
        self.cpu_seconds += result.cpu_seconds

    def save(self, path: Path) -> None:
        """Write the sums into a file, so that another run goes on from them."""
        pairs = [[state, fault, times] for (state, fault), times in sorted(self.pairs.items())]
        written = path.with_suffix(".new")
        written.write_text(
            json.dumps({**vars(self), "pairs": pairs, "outcomes": dict(self.outcomes)}), encoding="utf-8"
        )
        written.replace(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the sums that were saved there."""
        coverage, saved = cls(), json.loads(path.read_text(encoding="utf-8"))
        pairs = {(state, fault): times for state, fault, times in saved["pairs"]}
        vars(coverage).update({**saved, "pairs": Counter(pairs), "outcomes": Counter(saved["outcomes"])})
        return coverage

    def states(self) -> list[str]:
        return [str(state) for state in State if any(pair[0] == state for pair in self.pairs)]

    def faults(self) -> list[str]:
        return sorted({fault for _, fault in self.pairs})

    def table(self) -> Table:
        """Return how often each fault took effect in each state. A dot is never; green is often enough."""
        table = Table(
            "fault",
            *(state.replace(" ", "\n") for state in self.states()),
            title=f"Times that a fault took effect while a request was in a state, {self.schedules:,} schedules",
        )
        for fault in self.faults():
            table.add_row(fault, *(_cell(self.pairs[state, fault]) for state in self.states()))
        return table

    def draw(self, path: str) -> None:
        """Write the table as a picture, in SVG."""
        paper = Console(record=True, file=io.StringIO(), width=WIDTH, force_terminal=True)
        paper.print(self.table())
        svg = paper.export_svg(title="make simulate")
        Path(path).write_text(FONTS_OF_ANOTHER_HOST.sub("", svg), encoding="utf-8")


def _cell(times: int) -> Text:
    return Text(f"{times:,}" if times else "·", "green" if times >= OFTEN else "yellow" if times else "dim")


def told(plan: Plan, result: Result) -> Iterable[str]:
    """Yield a failure as a readable story."""
    yield f"Seed {result.seed}: {result.wrong[0]}"
    yield f"{plan.replicas} replica(s), {', '.join(f'{name}={value}' for name, value in plan.settings)}"
    yield from (f"  planned {event}" for event in plan.events)
    yield from result.story
