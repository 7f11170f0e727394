"""The conditions that faults set: how slow or broken the network and the database are at this moment."""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Awaitable, Callable

from deletion.db.connection import BUSY_TIMEOUT_MS
from tests.simulation.local_http import DroppedError
from tests.simulation.loop import SimulatedLoop

YIELD_CHANCE = 0.15  # that another callback, or a crash, comes between two statements


def operation_of(method: str, path: str) -> str:
    """Return the name of a Kore.ai operation, as the sandbox names it, or of a Slack method."""
    path, _, query = path.partition("?")
    if "trigger=stop" in query:
        return "stop"
    if path.startswith("/api/"):
        return path.removeprefix("/api/")
    if path.endswith("getAllCampaignDetails"):
        return "list"
    if path.endswith("/status"):
        return "status"
    if method == "POST" and path.endswith("/campaign"):
        return "create"
    return {"DELETE": "delete", "GET": "get"}.get(method, "other")


class Weather:
    """One schedule's conditions. Each ``…_until`` is a time of the loop."""

    def __init__(self, loop: SimulatedLoop, latency_seconds: float, struck: Callable[[str], None]) -> None:
        self._loop = loop
        self._struck = struck
        self._latency_seconds = latency_seconds
        self.database_slow_until = self.database_down_until = self.database_locked_until = 0.0
        self.database_delay_seconds = 0.0
        self.slack_slow_until = self.slack_delay_seconds = 0.0
        self.kore_eventual_until = self.hidden_until = 0.0
        self.hidden_from = ""  # the operation that says until then that there is no campaign
        self.is_refusing = False  # some read refuses without a reason
        self.late: dict[str, list[float]] = defaultdict(list)  # by operation: the next call arrives so much later
        self.lost: dict[str, list[str]] = defaultdict(list)  # by operation: the next call's request or response is lost

    def calm(self) -> None:
        """End all faults; what is under way arrives late all the same."""
        self.database_slow_until = self.database_down_until = self.database_locked_until = 0.0
        self.slack_slow_until = self.kore_eventual_until = self.hidden_until = 0.0
        self.late.clear()
        self.lost.clear()

    async def travel(self, method: str, path: str, is_answer: bool) -> None:
        operation, dice = operation_of(method, path), self._loop.random
        seconds = self._latency_seconds * dice.uniform(0.5, 2)
        if path.startswith("/api/") and self._loop.now < self.slack_slow_until:
            seconds += self.slack_delay_seconds * dice.random()
        if not is_answer and self.late[operation]:
            seconds += self.late[operation].pop()
            self._struck("Kore.ai late")
        await asyncio.sleep(seconds)
        if self.lost[operation] and self.lost[operation][-1] == ("response" if is_answer else "request"):
            part = self.lost[operation].pop()
            self._struck(f"Kore.ai {part} lost")
            raise DroppedError

    def before_statement(self) -> Awaitable[None] | None:
        """Return what a statement waits for; it may raise OperationalError."""
        if self._loop.now < max(self.database_locked_until, self.database_down_until, self.database_slow_until):
            return self._troubled()
        return self.maybe_yield()

    async def _troubled(self) -> None:
        if self._loop.now < self.database_locked_until:
            await asyncio.sleep(min(self.database_locked_until - self._loop.now, BUSY_TIMEOUT_MS / 1000))
            if self._loop.now < self.database_locked_until:
                raise sqlite3.OperationalError("database is locked")
        if self._loop.now < self.database_down_until:
            raise sqlite3.OperationalError("unable to open database file")
        if self._loop.now < self.database_slow_until:
            await asyncio.sleep(self.database_delay_seconds * self._loop.random.random())

    def maybe_yield(self) -> Awaitable[None] | None:
        return asyncio.sleep(0) if self._loop.random.random() < YIELD_CHANCE else None
