"""Write ``docs/bench.md`` (the goals and the figures behind them) and ``docs/bench.png``."""

import os
import platform
import statistics
from itertools import groupby
from pathlib import Path

import matplotlib as mpl

from bench.section import Goal, Section, table
from bench.summaries import Wait
from bench.targets import BOT

mpl.use("Agg")
from matplotlib import pyplot as plt

DOCS = Path(__file__).parents[1] / "docs"
HEAD = ("measurement", "figure", "ratio", "goal", "result")
INTRO = """\
# Benchmark

`make bench` compares the bot with simpler implementations and writes this page. All figures are from one run, on
{machine}. They are medians, with minimum and maximum in brackets. Compare the ratios; the figures are this machine's.
The load of the machine was {loads} during the run; the benchmark alone causes 1 to 2.

- **This bot**: `python app.py` in HTTP mode, with SQLite unless stated otherwise.
- **Template**: the same flow written on Slack's starter template: synchronous Bolt with its own server, sequential
  calls, a new connection for each call, no approval, no record.
- **Only ack**: asynchronous Bolt with a listener that only acknowledges. Bolt cannot do less.

Slack and Kore.ai are the sandbox. In the tables with latencies, it is behind TLS with its own certificate
(`SSL_CERT_FILE`, which both HTTP libraries honour), and each call takes the stated latency.

![Command to summary](bench.png)
"""


def section(found: Section) -> list[str]:
    return [f"## {found.title}", "", *_goals(found.goals), "", *found.lines, ""]


def write(sections: list[Section], waits: list[Wait], loads: list[float]) -> None:
    """Write both pages. ``loads`` are the one-minute load averages after each part."""
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    goals = [goal for each in sections for goal in each.goals]
    lines = [INTRO.format(machine=machine, loads=f"{min(loads):.0f} to {max(loads):.0f}"), *_goals(goals), ""]
    for each in sections:
        lines += [f"## {each.title}", "", *each.lines, ""]
    (DOCS / "bench.md").write_text("\n".join(lines).rstrip() + "\n")
    plot(waits)


def plot(waits: list[Wait]) -> None:
    """Plot command to summary over the latencies, for each target and for the calls alone."""
    figure, axes = plt.subplots(figsize=(8, 3.6))
    for name, of_name in groupby(waits, key=lambda wait: wait.name):
        mine = list(of_name)
        places = [f"{wait.slack_ms} / {wait.kore_ms}" for wait in mine]
        shown = [statistics.median(wait.shown_ms) for wait in mine]
        axes.plot(places, shown, marker="o" if name == BOT else "s", label=name)
        if name == BOT:
            axes.plot(places, [wait.limit_ms for wait in mine], linestyle="--", color="grey", label="the calls alone")
    axes.set_xlabel("latency of Slack / Kore.ai, ms")
    axes.set_ylabel("command to summary, ms")
    axes.set_ylim(bottom=0)
    axes.legend()
    figure.tight_layout()
    figure.savefig(DOCS / "bench.png", dpi=90)


def _goals(goals: list[Goal]) -> list[str]:
    return table(HEAD, [goal.cells for goal in goals])
