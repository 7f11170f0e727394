"""The pages: ``docs/bench.md``, a table of goals and the figures behind them, and ``docs/bench.png``."""

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
HEAD = ("what", "figure", "ratio", "goal", "met or missed, and why")
INTRO = """\
# Bench

`make bench` measures the bot beside what somebody would use instead, and writes this page. Everything in one run, on
{machine}. Medians, and the spread from the least to the most. Ratios are the result: the figures are this machine's.
While it ran, the load of the machine was {loads}; the bench alone makes 1 to 2.

- **This bot** as `python app.py` runs it, by HTTP, with SQLite where nothing else is said.
- **Template**: the same flow as one would write it from Slack's starter template. Synchronous Bolt with its own server,
  one thing after another, a new connection for each call, no approval, no record.
- **Only ack**: asynchronous Bolt with a listener that acks and does nothing else. Less is not possible with Bolt.

Slack and Kore.ai are the sandbox. Where they are far away, they stand behind TLS with a certificate of their own
(`SSL_CERT_FILE`, which both HTTP libraries honour), and each call takes the latency that is given.

![Command to summary](bench.png)
"""


def section(found: Section) -> list[str]:
    return [f"## {found.title}", "", *_goals(found.goals), "", *found.lines, ""]


def write(sections: list[Section], waits: list[Wait], loads: list[float]) -> None:
    """``loads``: of one minute, after each part."""
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    goals = [goal for each in sections for goal in each.goals]
    lines = [INTRO.format(machine=machine, loads=f"{min(loads):.0f} to {max(loads):.0f}"), *_goals(goals), ""]
    for each in sections:
        lines += [f"## {each.title}", "", *each.lines, ""]
    (DOCS / "bench.md").write_text("\n".join(lines).rstrip() + "\n")
    plot(waits)


def plot(waits: list[Wait]) -> None:
    """Command to summary over the distance, each contestant beside what cannot be spared."""
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
