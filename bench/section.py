"""What one part of the bench has found: its goals, and the figures behind them as lines of Markdown."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """One row of the table. ``why`` says what costs it, and is shown where the goal is missed."""

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
    """A table of Markdown."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def spread(values: Sequence[float], digits: int = 0) -> str:
    """The median, and from where to where."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def percentile(values: Sequence[float], percent: int) -> float:
    """A value that so many of a hundred do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
