"""Everything that went over the wire, newest 2,000: for the page, and for tests that count calls."""

from collections import deque
from copy import deepcopy
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Direction = Literal["to_slack", "to_bot", "to_kore"]
KEPT = 2_000


@dataclass(frozen=True)
class Exchange:
    """One request and its answer. ``what`` names it (a Web API method, a payload type, a Kore.ai operation)."""

    n: int
    at: str
    direction: Direction
    what: str
    status: int | str
    ms: int
    request: Any
    response: Any


class Traffic:
    """Numbered from 1, so that a reader can ask for what came after the last one seen."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self._count = 0

    def record(  # noqa: PLR0913 - one argument for each thing the page shows
        self, direction: Direction, what: str, *, status: int | str, ms: float, request: Any, response: Any
    ) -> None:
        """Keep one exchange as it is now. The caller leaves tokens, signatures and secrets out of it."""
        self._count += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        request, response = deepcopy((request, response))  # a message that is edited later was answered as it was
        self._exchanges.append(Exchange(self._count, at, direction, what, status, round(ms), request, response))

    def after(self, n: int = 0) -> list[dict[str, Any]]:
        return [asdict(exchange) for exchange in self._exchanges if exchange.n > n]

    def clear(self) -> None:
        self._exchanges.clear()
