"""One thing that happens in a schedule. Plain data."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """One thing that happens: at a time or, with ``when``, as soon after it as a request is in that state.

    ``kind`` names a method of People or Faults.
    """

    at: float
    kind: str
    args: tuple[Any, ...] = ()
    when: str = ""

    def __str__(self) -> str:
        moment = f"{self.at:6.1f} s" + (f", when {self.when}" if self.when else "")
        return f"{moment}  {self.kind}({', '.join(map(str, self.args))})"
