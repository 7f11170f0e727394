"""Render the results of the checks as text, with the headline first, or as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

import click

from config import version
from deletion.domain.check import CheckResult, Outcome

WIDTH = 80
EXIT_CODES = {Outcome.OK: 0, Outcome.WARNING: 1, Outcome.FAILED: 2}
COLOURS = {Outcome.OK: "green", Outcome.WARNING: "yellow", Outcome.FAILED: "red"}
OUTCOME_WIDTH = max(map(len, Outcome))


@dataclass(frozen=True)
class Report:
    """The results by service; the settings in force, and those of them that are not left at their defaults."""

    sections: Mapping[str, Sequence[CheckResult]]
    settings: Mapping[str, str] = field(default_factory=dict)
    given: Sequence[str] = ()

    def count(self, outcome: Outcome) -> int:
        return sum(result.outcome is outcome for results in self.sections.values() for result in results)

    def names(self, outcome: Outcome) -> str:
        """Return the checks that ended so, by service."""
        found = {
            service: dict.fromkeys(result.name for result in results if result.outcome is outcome)
            for service, results in self.sections.items()
        }
        return "; ".join(f"{', '.join(names)} ({service})" for service, names in found.items() if names)


def exit_code(report: Report) -> int:
    return max((EXIT_CODES[outcome] for outcome in Outcome if report.count(outcome)), default=0)


def as_text(report: Report, *, is_coloured: bool = False) -> str:
    """Return the headline, a paragraph for each check, and the settings that are set, within 80 columns."""
    width = max(len(result.name) for results in report.sections.values() for result in results)
    lines = _headline(report)
    for title, results in report.sections.items():
        lines += ["", title, *(line for result in results for line in paragraph(result, width, is_coloured))]
    if report.given:
        width = max(map(len, report.given))
        rest = len(report.settings) - len(report.given)
        lines += ["", f"Settings in force, and {rest} others at their defaults (--json lists them)"]
        lines += [line for name in report.given for line in _wrapped(f"  {name:<{width}}  ", report.settings[name])]
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """Return one JSON object, with all settings in force."""
    checks = [
        {"service": title, "name": result.name, "outcome": result.outcome, "text": result.text, "cure": result.cure}
        for title, results in report.sections.items()
        for result in results
    ]
    worst = {code: outcome for outcome, code in EXIT_CODES.items()}[exit_code(report)]
    found = {"version": version(), "outcome": worst, "checks": checks, "settings": dict(report.settings)}
    return json.dumps(found, indent=2, ensure_ascii=False)


def _headline(report: Report) -> list[str]:
    good, warnings, failures = map(report.count, Outcome)
    counted = f"{warnings} warning{'' if warnings == 1 else 's'}"
    if failures:
        headline = f"Not ready: {failures} failed, {counted}, {good} passed."
    else:
        headline = f"Ready, with {counted}; {good} checks passed." if warnings else f"Ready: all {good} checks passed."
    wrong = {"Failed: ": report.names(Outcome.FAILED), "Warnings: ": report.names(Outcome.WARNING)}
    return [headline, *(line for title, names in wrong.items() if names for line in _wrapped(title, names))]


def paragraph(result: CheckResult, name_width: int, is_coloured: bool = False) -> list[str]:
    """Return the lines of one result, with its cure below."""
    start = f"  {result.outcome:<{OUTCOME_WIDTH}}  {result.name:<{name_width}}  "
    lines = _wrapped(start, result.text)
    if result.cure:
        lines += _wrapped(f"{' ' * len(start)}> ", result.cure)
    if is_coloured:
        lines[0] = lines[0].replace(result.outcome, click.style(result.outcome, fg=COLOURS[result.outcome]), 1)
    return lines


def _wrapped(start: str, text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False)
