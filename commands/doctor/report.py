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
class InForce:
    """Settings as text, and the names of those that are not left at their defaults."""

    settings: Mapping[str, str]
    given: Sequence[str]


@dataclass(frozen=True)
class Report:
    """The results by service, and the settings in force: the shared ones, and those of each application by its name."""

    sections: Mapping[str, Sequence[CheckResult]]
    in_force: Mapping[str, InForce] = field(default_factory=dict)

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
    for name, found in report.in_force.items():
        lines += _settings(name, found) if found.given else []
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """Return one JSON object, with all settings in force."""
    checks = [
        {"service": title, "name": result.name, "outcome": result.outcome, "text": result.text, "cure": result.cure}
        for title, results in report.sections.items()
        for result in results
    ]
    worst = {code: outcome for outcome, code in EXIT_CODES.items()}[exit_code(report)]
    settings = {name: dict(found.settings) for name, found in report.in_force.items()}
    found = {"version": version(), "outcome": worst, "checks": checks, "settings": settings.pop("", {})}
    found |= {"applications": settings} if settings else {}
    return json.dumps(found, indent=2)


def _headline(report: Report) -> list[str]:
    good, warnings, failures = map(report.count, Outcome)
    counted = f"{warnings} warning{'' if warnings == 1 else 's'}"
    if failures:
        headline = f"Not ready: {failures} failed, {counted}, {good} passed."
    else:
        headline = f"Ready, with {counted}; {good} checks passed." if warnings else f"Ready: all {good} checks passed."
    wrong = {"Failed: ": report.names(Outcome.FAILED), "Warnings: ": report.names(Outcome.WARNING)}
    return [headline, *(line for title, names in wrong.items() if names for line in _wrapped(title, names))]


def _settings(application: str, found: InForce) -> list[str]:
    rest = len(found.settings) - len(found.given)
    others = f", and {rest} others at their defaults (--json lists them)" if rest else ""
    width = max(map(len, found.given))
    lines = [line for name in found.given for line in _wrapped(f"  {name:<{width}}  ", found.settings[name])]
    return ["", f"{f'Settings of {application}' if application else 'Settings in force'}{others}", *lines]


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
