"""The result of one check of the installation, for `python app.py doctor` and for the log at start-up."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """In the order of severity."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class CheckResult:
    """``text`` says what was found, and ``cure`` tells the operator what to do. Neither holds a secret."""

    name: str
    outcome: Outcome
    text: str
    cure: str = ""

    @property
    def line(self) -> str:
        """Return the result as one line, without its outcome."""
        return f"{self.name}: {' '.join(filter(None, (self.text.rstrip('.') + '.', self.cure)))}"


def passed(name: str, text: str) -> CheckResult:
    return CheckResult(name, Outcome.OK, text)


def warned(name: str, text: str, cure: str) -> CheckResult:
    return CheckResult(name, Outcome.WARNING, text, cure)


def failed(name: str, text: str, cure: str = "") -> CheckResult:
    return CheckResult(name, Outcome.FAILED, text, cure)


def not_checked(name: str, why: str, cure: str = "") -> CheckResult:
    """Return a warning: what could not be checked is not known to work."""
    return warned(name, f"not checked: {why}", cure)


def clock_result(name: str, whose: str, ahead_seconds: float, *, limit_seconds: float) -> CheckResult:
    """Judge how far this host's clock is ahead of another one; near ``limit_seconds`` calls begin to fail."""
    size = abs(ahead_seconds)
    text = f"this host is {size:.0f} s {'ahead of' if ahead_seconds > 0 else 'behind'} {whose}"
    cure = "Synchronise this host's clock (NTP)."
    if size >= limit_seconds:
        return failed(name, text, cure)
    if size >= limit_seconds / 4:
        return warned(name, text, cure)
    return passed(name, f"within {max(1, round(size))} s of {whose}")
