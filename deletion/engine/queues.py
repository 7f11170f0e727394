"""The DBOS queues with their rate limits, and the cleanup of orphaned and finished workflows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypedDict, TypeVar

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID
from pydantic import TypeAdapter

from deletion.db.connection import CONNECTIONS, open_sync_engine
from deletion.db.daemon_thread import in_daemon_thread
from deletion.engine import dbos_tables
from deletion.engine.durable_queues import Workflow
from deletion.engine.stored_values import APPLICATION, SERIALIZER, refuse_pickles, remove_foreign_rows
from deletion.kore.campaign_gateway import CALLS_PER_DELETE

SHOW_QUEUE = "show"
EXECUTE_QUEUE = "execute"
HOME_QUEUE = "home"
UNNAMED = "account"  # the partition of a single Kore.ai application without a name; a named one has its own
VERSION = "2"  # of what is stored; replicas of version 1, which stored pickles, leave these workflows alone
ENDED = ["SUCCESS", "ERROR", "CANCELLED"]
T = TypeVar("T")


class RateLimit(TypedDict):
    """At most ``limit`` starts in ``period`` seconds."""

    limit: int
    period: float


class QueueOptions(TypedDict, total=False):
    """How many workflows of a queue, or of each of its partitions, run at once and start within a period."""

    concurrency: int
    limiter: RateLimit
    partition_concurrency: int
    partition_limiter: RateLimit
    polling_interval_sec: float


def queue_options(kore_calls_per_minute: int) -> dict[str, QueueOptions]:
    """Return the options by queue. Replicas share the queues and their limits."""
    return {
        SHOW_QUEUE: {
            "partition_concurrency": 1,
            # Slack allows about one new message a second and channel, and short bursts; half of ours are updates.
            "partition_limiter": {"limit": 10, "period": 5.0},
            "polling_interval_sec": 0.2,
        },
        EXECUTE_QUEUE: {
            # So few start in a minute that each has the calls that it needs.
            "partition_limiter": {"limit": kore_calls_per_minute // (CALLS_PER_DELETE + 1), "period": 60.0},
            "polling_interval_sec": 0.5,
        },
        HOME_QUEUE: {
            # One at a time, so that an older view never replaces a newer one. Slack allows about 100 views a minute.
            "concurrency": 1,
            "limiter": {"limit": 10, "period": 10.0},
            "polling_interval_sec": 0.5,
        },
    }


async def configure(database_url: str, executor_id: str, connections: int = CONNECTIONS) -> Callable[[], None]:
    """Prepare DBOS and its tables. Return a function that closes its connections, for after ``stop``.

    The version is pinned, so that a deployment continues the workflows in flight. ``connections`` are to PostgreSQL.
    """
    refuse_pickles()
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": database_url,
        "serializer": SERIALIZER,
        "executor_id": executor_id,
        "application_version": VERSION,
        "log_level": "WARNING",
        "max_executor_threads": 32,
        "scheduler_polling_interval_sec": 3600.0,  # there are no schedules
        "use_listen_notify": dbos_tables.USES_LISTEN_NOTIFY,
    }
    close = _ignore
    if not database_url.startswith("sqlite"):
        engine = open_sync_engine(database_url, connections)
        config["system_database_engine"], close = engine, engine.dispose
        await in_daemon_thread(dbos_tables.migrate, database_url)
    await in_daemon_thread(remove_foreign_rows, database_url)
    # The launch is in another thread, where DBOS would not find the loop to run workflows on.
    DBOS(config=config)._background_event_loop.set_main_loop()  # noqa: SLF001 - DBOS has no setting for it
    return close


def _ignore() -> None:
    """Close nothing: on SQLite, DBOS closes its own connections."""


def workflow(name: str) -> Callable[[Workflow], Workflow]:
    """Return a decorator that registers a workflow with DBOS."""
    return DBOS.workflow(name=name)


async def launch(kore_calls_per_minute: int) -> None:
    """Start DBOS, which first recovers what the last run left."""
    await in_daemon_thread(DBOS.launch)  # it waits for the database without a time limit
    for name, options in queue_options(kore_calls_per_minute).items():
        await DBOS.register_queue_async(name, **options)


async def stop(within_seconds: int) -> None:
    """Start no new work, wait that long for what is running, and leave the rest to the next start."""
    await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=within_seconds)


async def enqueue(  # noqa: PLR0913 - what DBOS takes
    queue: str,
    workflow: Workflow,
    workflow_id: str,
    *args: Any,
    partition: str | None = None,
    priority: int | None = None,
    delay_seconds: float | None = None,
) -> None:
    """Enqueue a workflow, unless one with this id is queued, running or ended.

    A lower ``priority`` starts first; None is the highest.
    """
    turn = SetEnqueueOptions(queue_partition_key=partition, priority=priority, delay_seconds=delay_seconds)
    with SetWorkflowID(workflow_id), turn:
        await DBOS.enqueue_workflow_async(queue, workflow, *args)


async def start(workflow: Workflow, workflow_id: str, *args: Any) -> None:
    """Start a workflow at once, unless one with this id is queued, running or ended."""
    with SetWorkflowID(workflow_id):
        await DBOS.start_workflow_async(workflow, *args)


async def run_step(
    result: TypeAdapter[T], function: Callable[..., Awaitable[T]], *args: Any, name: str | None = None
) -> T:
    """Run a step. Its result is stored as JSON and has the same type whether it was computed now or is replayed."""

    async def step() -> Any:
        return result.dump_python(await function(*args), mode="json")

    return result.validate_python(await DBOS.run_step_async({"name": name or function.__qualname__}, step))


async def in_flight_ids(*names: str) -> set[str]:
    """Return the ids of these workflows that are queued or running, each without what follows its last full stop."""
    waiting = await DBOS.list_workflows_async(
        status=["ENQUEUED", "PENDING"], name=list(names), load_input=False, load_output=False
    )
    return {found.workflow_id.rpartition(".")[0] for found in waiting}


async def resume_orphaned(names: list[str], before: datetime) -> None:
    """Resume the workflows of a replica that died, and delete those that a replica of another version left.

    They began before then. A replica that is alive after all does no harm: every workflow may run twice.
    """
    running = await DBOS.list_workflows_async(
        status="PENDING", name=names, end_time=before.isoformat(), load_input=False, load_output=False
    )
    # One that was started directly has never been in a queue.
    left = [found for found in running if (found.dequeued_at or 0) <= before.timestamp() * 1000]
    for orphan in left:
        if orphan.app_version == VERSION:
            await DBOS.resume_workflow_async(orphan.workflow_id, queue_name=orphan.queue_name)
    if foreign := [orphan.workflow_id for orphan in left if orphan.app_version != VERSION]:
        await DBOS.delete_workflows_async(foreign)


async def purge_finished(before: datetime) -> None:
    """Delete workflows that ended before then, which DBOS would keep for ever."""
    ended = await DBOS.list_workflows_async(
        status=ENDED, completed_before=before.isoformat(), limit=1000, load_input=False, load_output=False
    )
    if ended:
        await DBOS.delete_workflows_async([found.workflow_id for found in ended])
