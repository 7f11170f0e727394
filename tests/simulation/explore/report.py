"""What an exploration reached: pairs of a request's state and a fault, and how requests ended."""

from collections import Counter
from collections.abc import Iterable

from rich.table import Table

from deletion.domain.models import State
from tests.simulation.explore.plan import Plan
from tests.simulation.explore.run import Result


class Coverage:
    """Sums of all results."""

    def __init__(self) -> None:
        self.schedules = 0
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.simulated_seconds = 0.0
        self.cpu_seconds = 0.0

    def add(self, result: Result) -> None:
        self.schedules += 1
        self.pairs.update(result.pairs)
        self.outcomes.update(result.outcomes)
        self.simulated_seconds += result.simulated_seconds
        self.cpu_seconds += result.cpu_seconds

    def states(self) -> list[str]:
        return [str(state) for state in State if any(pair[0] == state for pair in self.pairs)]

    def faults(self) -> list[str]:
        return sorted({fault for _, fault in self.pairs})

    def table(self) -> Table:
        table = Table(
            "fault",
            *(state.replace(" ", "\n") for state in self.states()),
            title="Times that a fault struck while a request was in a state",
        )
        for fault in self.faults():
            table.add_row(fault, *(str(self.pairs[state, fault]) for state in self.states()))
        return table


def told(plan: Plan, result: Result) -> Iterable[str]:
    """Yield a failure as a readable story."""
    yield f"Seed {result.seed}: {result.wrong[0]}"
    yield f"{plan.replicas} replica(s), {', '.join(f'{name}={value}' for name, value in plan.settings)}"
    yield from (f"  planned {event}" for event in plan.events)
    yield from result.story
