"""The result of one part of the benchmark: its goals, and the figures behind them as Markdown."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """One row of the table. ``why`` explains a missed goal."""

    what: str
    figure: str
    ratio: str
    goal: str
    is_met: bool
    why: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = "met" if self.is_met else f"**missed**: {self.why}"
        return self.what, self.figure, self.ratio, self.goal, verdict


@dataclass(frozen=True)
class Section:
    title: str
    goals: list[Goal]
    lines: list[str] = field(default_factory=list)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Return the median, minimum and maximum as text."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def percentile(values: Sequence[float], percent: int) -> float:
    """Return this percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
