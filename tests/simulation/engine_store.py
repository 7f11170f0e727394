"""What a durable workflow engine keeps in its database: shared by all replicas, and left whole by any crash.

The semantics are those of DBOS 3.4 as deletion/engine/queues.py uses it; fidelity/test_fidelity.py compares the two.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from deletion.engine.queues import QueueOptions
from tests.simulation.clock import true_time

RECOVERY_QUEUE = "internal"


class Status(StrEnum):
    DELAYED = "DELAYED"
    ENQUEUED = "ENQUEUED"
    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    ERROR = "ERROR"


@dataclass
class StoredWorkflow:
    """One row. ``started_at`` is set when a queue hands it out, and not when it is started directly."""

    id: str
    name: str
    args: tuple[Any, ...]
    status: Status
    queue: str | None = None
    partition: str | None = None
    priority: int = 0
    due: float = 0.0
    executor: str | None = None
    started_at: float | None = None
    ended_at: float | None = None
    is_rate_limited: bool = False
    steps: dict[int, Any] = field(default_factory=dict)
    created_at: float = field(default_factory=true_time)


class EngineStore:
    """The rows, in the order in which they were created, and a signal for the replicas that wait for work."""

    def __init__(self) -> None:
        self.rows: dict[str, StoredWorkflow] = {}
        self._changed = asyncio.Event()

    def add(self, row: StoredWorkflow) -> bool:
        """Store it; return False if there is one with this id."""
        if row.id in self.rows:
            return False
        self.rows[row.id] = row
        self.changed()
        return True

    def changed(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, seconds: float | None) -> None:
        """Return after a change, or after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    def find(self, *statuses: Status, names: tuple[str, ...] = ()) -> Iterator[StoredWorkflow]:
        rows = [row for row in self.rows.values() if row.status in statuses and (not names or row.name in names)]
        yield from rows

    def release_due(self, wall_clock: float) -> None:
        """Enqueue what was delayed until now, by the clock of the replica that looks."""
        for row in self.find(Status.DELAYED):
            if row.due <= wall_clock:
                row.status = Status.ENQUEUED

    def claim(self, queue: str, options: QueueOptions, executor: str, true_time: float) -> list[StoredWorkflow]:
        """Hand out what the limits of the queue and its partitions allow, by priority and then by age."""
        is_partitioned = "partition_concurrency" in options or "partition_limiter" in options
        claimed = []
        waiting = [row for row in self.find(Status.ENQUEUED) if row.queue == queue]
        for row in sorted(waiting, key=lambda row: row.priority):  # the sort is stable
            peers = [other for other in self.rows.values() if other.queue == queue]
            if is_partitioned:
                peers = [other for other in peers if other.partition == row.partition]
            if not _has_room(peers, options, is_partitioned=is_partitioned, true_time=true_time):
                continue
            row.status, row.executor, row.started_at = Status.PENDING, executor, true_time
            row.is_rate_limited = "limiter" in options or "partition_limiter" in options
            claimed.append(row)
        return claimed

    def enqueue_again(self, row: StoredWorkflow, queue: str | None) -> None:
        """Let any replica run it again, whether or not one is running it."""
        row.status, row.queue, row.started_at = Status.ENQUEUED, queue or RECOVERY_QUEUE, None
        self.changed()

    def end(self, row: StoredWorkflow, status: Status) -> None:
        row.status, row.ended_at = status, true_time()
        self.changed()

    def purge(self, before: datetime) -> None:
        for row in list(self.find(Status.SUCCESS, Status.ERROR)):
            if row.ended_at is not None and row.ended_at <= before.timestamp():
                del self.rows[row.id]


def stored(value: Any) -> Any:
    """Return what comes back of a value that was stored as JSON."""
    return json.loads(json.dumps(value))


def _has_room(peers: list[StoredWorkflow], options: QueueOptions, *, is_partitioned: bool, true_time: float) -> bool:
    if is_partitioned:
        most, limit = options.get("partition_concurrency"), options.get("partition_limiter")
    else:
        most, limit = options.get("concurrency"), options.get("limiter")
    if most is not None and sum(row.status is Status.PENDING for row in peers) >= most:
        return False
    if limit is None:
        return True
    since = true_time - limit["period"]
    started = [row for row in peers if row.is_rate_limited and row.started_at is not None and row.started_at > since]
    waiting = (Status.ENQUEUED, Status.DELAYED)
    return sum(row.status not in waiting for row in started) < limit["limit"]
