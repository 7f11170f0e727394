"""The newest 2,000 exchanges with the vendors and the bot, for the page and for tests that count calls."""

import json
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Direction = Literal["to_slack", "to_bot", "to_kore"]
KEPT = 2_000


@dataclass(frozen=True)
class Exchange:
    """One request with its answer. ``what`` names it (a Web API method, a payload type, a Kore.ai operation)."""

    n: int
    at: str
    direction: Direction
    what: str
    status: int | str
    ms: int
    request: Any
    response: Any


class Traffic:
    """Exchanges numbered from 1, so that a reader can ask for those after the last one seen."""

    def __init__(self) -> None:
        self._exchanges: deque[tuple[int, str]] = deque(maxlen=KEPT)  # as JSON, because a message may be edited later
        self._count = 0

    def record(  # noqa: PLR0913 - one argument per column
        self, direction: Direction, what: str, *, status: int | str, ms: float, request: Any, response: Any
    ) -> None:
        """Store a copy of one exchange. The caller must remove tokens, signatures and secrets."""
        self._count += 1
        at = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
        exchange = Exchange(self._count, at, direction, what, status, round(ms), request, response)
        self._exchanges.append((self._count, json.dumps(vars(exchange))))

    def after(self, n: int = 0) -> list[dict[str, Any]]:
        return [json.loads(exchange) for number, exchange in self._exchanges if number > n]

    def clear(self) -> None:
        self._exchanges.clear()
