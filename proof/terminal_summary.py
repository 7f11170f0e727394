"""One line for each module at the end of the run: what was proven, and what was skipped."""

import importlib
from collections import defaultdict

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print each module's docstring, which says what it proves, and the reasons of skipped tests."""
    outcomes: dict[str, dict[str, str]] = defaultdict(dict)
    for outcome in ("passed", "skipped", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            outcomes[report.nodeid.split("::")[0]].setdefault(outcome, _reason(report))
    if not outcomes:
        return
    terminalreporter.section("what was proven")
    for path, found in sorted(outcomes.items(), key=lambda item: ("skipped" in item[1], item[0])):
        says = (importlib.import_module(path.removesuffix(".py").replace("/", ".")).__doc__ or path).splitlines()[0]
        terminalreporter.line(f"{_verdict(found)}: {says}{_why(found)}")


def _verdict(found: dict[str, str]) -> str:
    if "failed" in found or "error" in found:
        return "NOT SO"
    if "skipped" in found:
        return "in part" if "passed" in found else "not run"
    return "agreed"


def _why(found: dict[str, str]) -> str:
    return f" Not run: {found['skipped']}." if found.get("skipped") else ""


def _reason(report: pytest.TestReport) -> str:
    skipped = isinstance(report.longrepr, tuple)
    return report.longrepr[2].removeprefix("Skipped: ") if skipped and isinstance(report.longrepr, tuple) else ""
