"""``DurableQueues`` of one replica on the simulated engine: what deletion/engine/queues.py is on DBOS."""

import asyncio
import math
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter

from deletion.engine.durable_queues import Workflow
from deletion.engine.queues import QueueOptions, queue_options
from tests.simulation.clock import true_time
from tests.simulation.database import Hook, at_once
from tests.simulation.engine_store import RECOVERY_QUEUE, EngineStore, Status, StoredWorkflow, stored

T = TypeVar("T")
DATABASE_RETRY_SECONDS = 1.0


@dataclass
class Run:
    """One run of a workflow, which counts its steps."""

    row: StoredWorkflow
    step: int = 0


RUN: ContextVar[Run | None] = ContextVar("run", default=None)


class SimulatedQueues:
    """``before_operation`` is called before each access to the engine's tables, and may wait or fail as a database."""

    def __init__(self, store: EngineStore, executor: str, before_operation: Hook = at_once) -> None:
        self._store = store
        self._executor = executor
        self._before_operation = before_operation
        self._names: dict[Workflow, str] = {}
        self._workflows: dict[str, Workflow] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._pollers: list[asyncio.Task[None]] = []

    def workflow(self, name: str) -> Callable[[Workflow], Workflow]:
        def register(function: Workflow) -> Workflow:
            self._names[function], self._workflows[name] = name, function
            return function

        return register

    async def launch(self, kore_calls_per_minute: int) -> None:
        await self._access()
        for row in list(self._store.find(Status.PENDING)):
            if row.executor == self._executor:
                self._store.enqueue_again(row, row.queue)
        queues = {**queue_options(kore_calls_per_minute), RECOVERY_QUEUE: QueueOptions(polling_interval_sec=1.0)}
        self._pollers = [asyncio.create_task(self._poll(name, options)) for name, options in queues.items()]

    async def stop(self, within_seconds: int) -> None:
        for poller in self._pollers:
            poller.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_seconds)

    async def run_step(
        self,
        result: TypeAdapter[T],
        function: Callable[..., Awaitable[T]],
        *args: Any,
        name: str | None = None,  # noqa: ARG002 - steps are counted here, and not looked up by name
    ) -> T:
        run = RUN.get()
        if run is None:
            return await function(*args)
        number = run.step = run.step + 1
        await self._access()
        if number not in run.row.steps:
            outcome = stored(result.dump_python(await function(*args), mode="json"))
            await self._access()
            run.row.steps.setdefault(number, outcome)
        return result.validate_python(run.row.steps[number])

    async def enqueue(
        self,
        queue: str,
        workflow: Workflow,
        workflow_id: str,
        *args: Any,
        partition: str | None = None,
        priority: int | None = None,
        delay_seconds: float | None = None,
    ) -> None:
        status = Status.ENQUEUED if delay_seconds is None else Status.DELAYED
        due = time.time() + (delay_seconds or 0)
        name = self._names[workflow]
        await self._add(StoredWorkflow(workflow_id, name, stored(args), status, queue, partition, priority or 0, due))

    async def start(self, workflow: Workflow, workflow_id: str, *args: Any) -> None:
        name = self._names[workflow]
        row = StoredWorkflow(workflow_id, name, stored(args), Status.PENDING, executor=self._executor)
        if await self._add(row):
            self._begin(row)

    async def _add(self, row: StoredWorkflow) -> bool:
        """Add a workflow; one that is started by a workflow is a step of it, and not started again in a repetition."""
        run = RUN.get()
        await self._access()
        if run is None:
            return self._store.add(row)
        number = run.step = run.step + 1
        is_new = number not in run.row.steps and self._store.add(row)
        run.row.steps.setdefault(number, row.id)
        return is_new

    async def in_flight_ids(self, *names: str) -> set[str]:
        await self._access()
        return {row.id.rpartition(".")[0] for row in self._store.find(Status.ENQUEUED, Status.PENDING, names=names)}

    async def resume_orphaned(self, names: list[str], before: datetime) -> None:
        await self._access()
        for row in list(self._store.find(Status.PENDING, names=tuple(names))):
            if (row.started_at or row.created_at) <= before.timestamp():
                self._store.enqueue_again(row, row.queue)

    async def purge_finished(self, before: datetime) -> None:
        await self._access()
        self._store.purge(before)

    async def _poll(self, queue: str, options: QueueOptions) -> None:
        """Look when something changed, when something is due, and again while something waits for its turn."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(options["polling_interval_sec"] * loop.random.random())  # type: ignore[attr-defined]  # SimulatedLoop
            await self._access()
            self._store.release_due(time.time())
            for row in self._store.claim(queue, options, self._executor, true_time()):
                self._begin(row)
            if not any(row.queue == queue for row in self._store.find(Status.ENQUEUED)):
                due = min((row.due for row in self._store.find(Status.DELAYED)), default=math.inf)
                await self._store.wait(None if due == math.inf else max(0.0, due - time.time()) + 0.001)

    def _begin(self, row: StoredWorkflow) -> None:
        task = asyncio.create_task(self._run(row))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, row: StoredWorkflow) -> None:
        RUN.set(Run(row))
        try:
            await self._workflows[row.name](*row.args)
        except Exception:  # noqa: BLE001 - DBOS stores it; no caller waits for it
            status = Status.ERROR
        else:
            status = Status.SUCCESS
        await self._access()
        self._store.end(row, status)

    async def _access(self) -> None:
        """Wait for the database, as long as it takes: DBOS retries by itself."""
        while True:
            try:
                if (pause := self._before_operation()) is not None:
                    await pause
            except sqlite3.OperationalError:
                await asyncio.sleep(DATABASE_RETRY_SECONDS)
            else:
                return
