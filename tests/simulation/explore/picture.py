"""Draw how often each fault struck a request in each state."""

import matplotlib as mpl

from tests.simulation.explore.report import Coverage

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.colors import LogNorm

WIDTH_INCHES, INCHES_PER_FAULT = 8, 0.22


def draw(coverage: Coverage, path: str) -> None:
    """Write a PNG."""
    states, faults = coverage.states(), coverage.faults()
    counts = [[max(0.5, coverage.pairs[state, fault]) for state in states] for fault in faults]
    most = max(max(row) for row in counts)
    figure, axes = plt.subplots(figsize=(WIDTH_INCHES, 1.5 + INCHES_PER_FAULT * len(faults)))
    shown = axes.imshow(counts, norm=LogNorm(0.5, max(most, 1.0)), cmap="viridis", aspect="auto")
    axes.set_xticks(range(len(states)), states, rotation=40, ha="right", fontsize=8)
    axes.set_yticks(range(len(faults)), faults, fontsize=8)
    axes.set_title(f"Faults by state of a request, {coverage.schedules:,} schedules", fontsize=10)
    figure.colorbar(shown, ax=axes, label="times")
    figure.tight_layout()
    figure.savefig(path, dpi=90)
