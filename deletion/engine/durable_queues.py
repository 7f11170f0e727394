"""The interface through which ``Engine`` uses a workflow engine: the module ``queues`` implements it with DBOS."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter

Workflow = Callable[..., Coroutine[Any, Any, None]]
T = TypeVar("T")


class DurableQueues(Protocol):
    """Workflows that run at least once, each id until it ended, and steps whose results are stored."""

    def workflow(self, name: str) -> Callable[[Workflow], Workflow]:
        """Return a decorator that registers a workflow."""

    async def launch(self, kore_calls_per_minute: int) -> None:
        """Start working, first on what the last run left."""

    async def stop(self, within_seconds: int) -> None:
        """Start no new work, wait that long for what is running, and leave the rest to the next start."""

    async def run_step(
        self,
        result: TypeAdapter[T],
        function: Callable[..., Awaitable[T]],
        *args: Any,
        name: str | None = None,
    ) -> T:
        """Run a step, or return its stored result when a workflow is repeated.

        A stored result is found only under the step's ``name``, by default the function's, so names must not change.
        """

    async def enqueue(  # noqa: PLR0913 - what DBOS takes
        self,
        queue: str,
        workflow: Workflow,
        workflow_id: str,
        *args: Any,
        partition: str | None = None,
        priority: int | None = None,
        delay_seconds: float | None = None,
    ) -> None:
        """Enqueue a workflow, unless one with this id is queued, running or ended.

        Within a partition a lower ``priority`` starts first; None is the highest.
        """

    async def start(self, workflow: Workflow, workflow_id: str, *args: Any) -> None:
        """Start a workflow at once, unless one with this id is queued, running or ended."""

    async def in_flight_ids(self, *names: str) -> set[str]:
        """Return the ids of these workflows in flight, each without what follows its last full stop."""

    async def resume_orphaned(self, names: list[str], before: datetime) -> None:
        """Resume the workflows of a replica that died."""

    async def purge_finished(self, before: datetime) -> None:
        """Delete workflows that ended before then."""
