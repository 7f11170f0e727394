"""The engine: what must survive a crash is started, queued, scheduled and recovered here and nowhere else.

Three workflows: ``execute`` (an approved request to its outcome), ``show`` (one Slack message up to date) and
``sweep`` (whatever a crash left unstarted). Each begins by reading the row, so running one twice, on two replicas
or after a crash, is harmless.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID, StepOptions, error

from deletion.announcement import Announcement
from deletion.clock import now
from deletion.execution import TAKE_OVER_AFTER, Execution, Next
from deletion.store import Store

SHOW_QUEUE = "show"
EVERY_30_SECONDS = "*/30 * * * * *"
LATE = timedelta(seconds=20)  # a message that should have been shown by then was lost on its way
KEPT = timedelta(days=1)  # previews, and what the engine remembers of workflows that ended
ENDED = ["SUCCESS", "ERROR", "CANCELLED"]
log = logging.getLogger(__name__)


def configure(database_url: str, executor_id: str) -> None:
    """Say where the engine keeps its own tables. The version is pinned: a deployment goes on with what is in flight."""
    config: DBOSConfig = {
        "name": "campaign-delete",
        "system_database_url": database_url,
        "executor_id": executor_id,
        "application_version": "1",
        "log_level": "WARNING",
        "max_executor_threads": 32,
    }
    DBOS(config=config)


class Engine:
    """Registers its workflows when it is made: make one in a process, between ``configure`` and ``launch``."""

    def __init__(self, store: Store, execution: Execution, announcement: Announcement) -> None:
        self._store = store
        self._execution = execution
        self._announcement = announcement

        @DBOS.workflow(name="execute")
        async def execute(request_id: str) -> None:
            await self._execute(request_id)

        @DBOS.workflow(name="show")
        async def show(request_id: str, target_id: str) -> None:
            await self._show(request_id, target_id)

        @DBOS.workflow(name="sweep")
        async def sweep(_at: datetime, _context: object) -> None:
            await self._sweep()

        self._execute_workflow, self._show_workflow, self._sweep_workflow = execute, show, sweep

    async def launch(self) -> None:
        """Begin to work, first on what the last run left. Replicas share the queue's limits and the schedule."""
        DBOS.launch()
        await DBOS.register_queue_async(
            SHOW_QUEUE,
            partition_concurrency=1,
            # Slack allows about one message a second and channel, and short bursts.
            partition_limiter={"limit": 5, "period": 5.0},
            polling_interval_sec=0.2,
        )
        await DBOS.apply_schedules_async(
            [{"schedule_name": "sweep", "workflow_fn": self._sweep_workflow, "schedule": EVERY_30_SECONDS}]
        )

    async def stop(self, within_seconds: int) -> None:
        """Take no new work, wait that long for what is running, and let the next start go on with the rest."""
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=within_seconds)

    async def start(self, request_id: str) -> None:
        """Carry a recorded request to its outcome, and tell everybody meanwhile. Started twice, it runs once."""
        with SetWorkflowID(f"execute-{request_id}"):
            await DBOS.start_workflow_async(self._execute_workflow, request_id)
        await self._tell(request_id)

    async def _execute(self, request_id: str) -> None:
        todo = await DBOS.run_step_async(None, self._execution.delete_once, request_id)
        while todo in (Next.WAIT, Next.DELETE):
            if todo is Next.DELETE:
                todo = await DBOS.run_step_async(None, self._execution.delete_once, request_id)
            else:
                await DBOS.sleep_async(TAKE_OVER_AFTER.total_seconds())
                todo = await DBOS.run_step_async(None, self._execution.take_over, request_id)
        if todo is Next.SETTLE:
            await DBOS.run_step_async(None, self._execution.settle, request_id)
        await self._tell(request_id)

    async def _tell(self, request_id: str) -> None:
        for target_id in await DBOS.run_step_async(None, self._announcement.targets, request_id):
            await self._enqueue_show(request_id, target_id)

    async def _show(self, request_id: str, target_id: str) -> None:
        patient: StepOptions = {"retries_allowed": True, "max_attempts": 5, "interval_seconds": 1.0}
        try:
            affected = await DBOS.run_step_async(patient, self._announcement.show, request_id, target_id)
        except error.DBOSMaxStepRetriesExceeded:
            log.warning("Slack is busy; the message is late", extra={"request_id": request_id})
            return  # its row still shows an old version, so the sweep tries again
        for other in affected:
            await self._enqueue_show(request_id, other)

    async def _enqueue_show(self, request_id: str, target_id: str) -> None:
        with SetEnqueueOptions(queue_partition_key=target_id):
            await DBOS.enqueue_workflow_async(SHOW_QUEUE, self._show_workflow, request_id, target_id)

    async def _sweep(self) -> None:
        for request_id in await DBOS.run_step_async(None, self._store.unfinished, TAKE_OVER_AFTER):
            await DBOS.start_workflow_async(self._execute_workflow, request_id)
        for request_id, target_id in await DBOS.run_step_async(None, self._store.late_messages, LATE):
            await self._enqueue_show(request_id, target_id)
        await DBOS.run_step_async(None, self._store.forget_previews, now() - KEPT)
        await DBOS.run_step_async(None, self._forget_ended)

    async def _forget_ended(self) -> None:
        """The engine keeps every workflow for ever; our rows and journal are the memory that counts."""
        before = (now() - KEPT).isoformat()
        ended = await DBOS.list_workflows_async(
            status=ENDED, completed_before=before, limit=1000, load_input=False, load_output=False
        )
        await DBOS.delete_workflows_async([workflow.workflow_id for workflow in ended])
