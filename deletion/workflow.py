"""The engine: what must survive a crash is started, queued, scheduled and recovered here and nowhere else.

``execute`` brings an approved request to its outcome, ``show`` one Slack message up to date, ``notice`` tells a room of
a freeze, ``follow`` brings up to date the Homes that are open, each by a ``home`` of its own, and ``sweep`` does what
is due or was left unstarted. Each begins by reading the row, so running one twice, on two replicas or after a crash, is
harmless.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID, StepOptions, error

from deletion.announcement import Address, Announcement
from deletion.brakes import Freeze, FreezeEvent, FreezeNotice
from deletion.campaign import ONE_DELETE
from deletion.clock import now
from deletion.decisions import Decisions
from deletion.execution import TAKE_OVER_AFTER, Execution, Next, is_due_for_a_look
from deletion.freeze_announcement import FreezeAnnouncement
from deletion.models import Request, State
from deletion.store import Store

SHOW_QUEUE = "show"
EXECUTE_QUEUE = "execute"
HOME_QUEUE = "home"
ONE_ACCOUNT = "account"  # a bot serves one Kore.ai account, so its queue has one partition
EVERY_10_SECONDS = "*/10 * * * * *"
LATE = timedelta(seconds=15)  # a message that should have been shown by then was lost on its way
RETRIED_FOR = timedelta(hours=1)  # a room that cannot be told
LOOKED_BACK = timedelta(days=1)  # for messages that were lost; the first sweep after a start looks at all
ABANDONED = timedelta(seconds=60)  # no workflow of ours runs that long: whoever owned it is gone
HOMES_EVERY_SECONDS = 2  # what happens within that time is shown together
KEPT = timedelta(days=1)  # previews, what Slack sent, and what the engine remembers of workflows that ended
NOT_TOO_EARLY_SECONDS = 0.2  # the engine counts in milliseconds, the undo window in microseconds
PATIENT: StepOptions = {"retries_allowed": True, "max_attempts": 5, "interval_seconds": 1.0}  # while Slack is busy
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
        "scheduler_polling_interval_sec": 5.0,
    }
    DBOS(config=config)


class Homes(Protocol):
    """The Homes that people have open in Slack."""

    async def open_now(self) -> list[str]:
        """Whose Homes follow what happens, by user id."""

    async def overdue(self) -> list[str]:
        """Whose Homes were not looked at for a while."""

    async def refresh(self, user_id: str) -> None:
        """Show what is so now. Raises SlackBusyError when it should be tried again."""


class Engine:
    """Registers its workflows when it is made: make one in a process, between ``configure`` and ``launch``."""

    def __init__(  # noqa: PLR0913 - one part for each thing that is done
        self,
        store: Store,
        execution: Execution,
        announcement: Announcement,
        freezes: FreezeAnnouncement,
        decisions: Decisions,
        *,
        homes: Homes,
    ) -> None:
        self._store = store
        self._execution = execution
        self._announcement = announcement
        self._freezes = freezes
        self._decisions = decisions
        self._homes = homes

        @DBOS.workflow(name="execute")
        async def execute(request_id: str) -> None:
            await self._execute(request_id)

        @DBOS.workflow(name="show")
        async def show(request_id: str, key: str, target_id: str) -> None:
            await self._show(Address(request_id, key, target_id))

        @DBOS.workflow(name="notice")
        async def notice(freeze_id: str, event: str, target_id: str) -> None:
            await self._tell_of_freeze(FreezeNotice(freeze_id=freeze_id, event=FreezeEvent(event), target_id=target_id))

        @DBOS.workflow(name="follow")
        async def follow() -> None:
            for user_id in await DBOS.run_step_async(None, self._homes.open_now):
                await self._enqueue_home(user_id)

        @DBOS.workflow(name="home")
        async def home(user_id: str) -> None:
            await self._refresh(user_id)

        @DBOS.workflow(name="sweep")
        async def sweep(_at: datetime, since_ever: bool | None) -> None:  # the schedule says None
            await self._sweep(None if since_ever else LOOKED_BACK)

        self._execute_workflow, self._show_workflow, self._sweep_workflow = execute, show, sweep
        self._notice_workflow = notice
        self._follow_workflow, self._home_workflow = follow, home

    async def launch(self, kore_calls_per_minute: int) -> None:
        """Begin to work, first on what the last run left. Replicas share the queues' limits and the schedule."""
        DBOS.launch()
        await DBOS.register_queue_async(
            SHOW_QUEUE,
            partition_concurrency=1,
            # Slack allows about one new message a second and channel, and short bursts; half of ours are updates.
            partition_limiter={"limit": 10, "period": 5.0},
            polling_interval_sec=0.2,
        )
        await DBOS.register_queue_async(
            EXECUTE_QUEUE,
            # So many fit into a minute that none of them, once begun, has to wait for the others.
            partition_limiter={"limit": kore_calls_per_minute // (ONE_DELETE + 1), "period": 60.0},
            polling_interval_sec=0.5,
        )
        await DBOS.register_queue_async(
            HOME_QUEUE,
            # One after another, so that no older view comes last. Slack allows about 100 views a minute.
            concurrency=1,
            limiter={"limit": 10, "period": 10.0},
            polling_interval_sec=0.5,
        )
        await DBOS.apply_schedules_async(
            [{"schedule_name": "sweep", "workflow_fn": self._sweep_workflow, "schedule": EVERY_10_SECONDS}]
        )
        await DBOS.start_workflow_async(self._sweep_workflow, now(), True)

    async def stop(self, within_seconds: int) -> None:
        """Take no new work, wait that long for what is running, and let the next start go on with the rest."""
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=within_seconds)

    async def go_on(self, request: Request) -> None:
        """A request has changed: tell everybody, and execute it when it is approved and its undo window is over."""
        if request.state is State.APPROVED and request.execute_after:
            await self._execute_at(request.id, request.execute_after)
        await self._tell(request.id)

    async def _execute_at(self, request_id: str, due: datetime) -> None:
        """Once for each time that it is due, however many ask for it."""
        wait = (due - now()).total_seconds()
        with SetWorkflowID(f"execute-{request_id}-{round(due.timestamp() * 1000)}"):
            if wait > 0:
                with SetEnqueueOptions(queue_partition_key=ONE_ACCOUNT, delay_seconds=wait + NOT_TOO_EARLY_SECONDS):
                    await DBOS.enqueue_workflow_async(EXECUTE_QUEUE, self._execute_workflow, request_id)
            else:
                await DBOS.start_workflow_async(self._execute_workflow, request_id)

    async def turn(self, freeze: Freeze) -> None:
        """Requests were frozen or unfrozen: tell the rooms, let every card follow, and begin what was held."""
        for notice in await self._freezes.owed(freeze.id):
            await self._enqueue_notice(notice)
        if freeze.lifted_at:
            for request_id in await self._store.held():
                with (
                    SetWorkflowID(f"execute-{request_id}-{freeze.id}"),
                    SetEnqueueOptions(queue_partition_key=ONE_ACCOUNT),
                ):
                    await DBOS.enqueue_workflow_async(EXECUTE_QUEUE, self._execute_workflow, request_id)
        await self._let_homes_follow()
        await DBOS.start_workflow_async(self._sweep_workflow, now(), None)

    async def _execute(self, request_id: str) -> None:
        todo = await DBOS.run_step_async(None, self._execution.delete_once, request_id)
        while todo in (Next.WAIT, Next.DELETE):
            if todo is Next.DELETE:
                todo = await DBOS.run_step_async(None, self._execution.delete_once, request_id)
            else:
                await DBOS.sleep_async(TAKE_OVER_AFTER.total_seconds())
                todo = await DBOS.run_step_async(None, self._execution.take_over, request_id)
        if todo is Next.SETTLE:
            todo = await DBOS.run_step_async(None, self._execution.settle, request_id)
        if todo is Next.LATER and (due := await DBOS.run_step_async(None, self._execution.due, request_id)):
            await self._execute_at(request_id, due)
        await self._tell(request_id)

    async def _tell(self, request_id: str) -> None:
        for address in await DBOS.run_step_async(None, self._announcement.owed, request_id):
            await self._enqueue_show(address)
        await self._let_homes_follow()

    async def _let_homes_follow(self) -> None:
        with SetWorkflowID(f"follow-{_moment()}"), SetEnqueueOptions(delay_seconds=HOMES_EVERY_SECONDS):
            await DBOS.enqueue_workflow_async(HOME_QUEUE, self._follow_workflow)

    async def _enqueue_home(self, user_id: str) -> None:
        with SetWorkflowID(f"home-{user_id}-{_moment()}"):
            await DBOS.enqueue_workflow_async(HOME_QUEUE, self._home_workflow, user_id)

    async def _refresh(self, user_id: str) -> None:
        try:
            await DBOS.run_step_async(PATIENT, self._homes.refresh, user_id)
        except error.DBOSMaxStepRetriesExceeded:
            log.warning("Slack is busy; a Home is late", extra={"user": user_id})

    async def _show(self, address: Address) -> None:
        try:
            affected = await DBOS.run_step_async(PATIENT, self._announcement.show, address)
        except error.DBOSMaxStepRetriesExceeded:
            log.warning("Slack is busy; the message is late", extra={"request_id": address.request_id})
            return  # its row still shows an old version, so the sweep tries again
        for other in affected:
            await self._enqueue_show(other)

    async def _tell_of_freeze(self, notice: FreezeNotice) -> None:
        try:
            owed = await DBOS.run_step_async(PATIENT, self._freezes.tell, notice)
        except error.DBOSMaxStepRetriesExceeded:
            log.warning("Slack is busy; a room is told late of a freeze", extra={"freeze_id": notice.freeze_id})
            return  # its row says so, and the sweep tries again
        for other in owed:
            await self._enqueue_notice(other)

    async def _enqueue_show(self, address: Address) -> None:
        """Once for each version, however many ask for it: a channel takes two messages a second."""
        occasion = address.occasion or uuid4().hex
        with (
            SetWorkflowID(f"{_show_id(address)}.{occasion}"),
            SetEnqueueOptions(queue_partition_key=address.target_id),
        ):
            await DBOS.enqueue_workflow_async(SHOW_QUEUE, self._show_workflow, *address[:3])

    async def _enqueue_notice(self, notice: FreezeNotice, occasion: str = "first") -> None:
        with (
            SetWorkflowID(f"{_notice_id(notice)}.{occasion}"),
            SetEnqueueOptions(queue_partition_key=notice.target_id),
        ):
            args = (notice.freeze_id, str(notice.event), notice.target_id)
            await DBOS.enqueue_workflow_async(SHOW_QUEUE, self._notice_workflow, *args)

    async def _enqueue_late(self, within: timedelta | None) -> None:
        """Messages that were lost on their way, but not those that only wait for their turn."""
        late = await DBOS.run_step_async(None, self._announcement.late, LATE, RETRIED_FOR, within)
        notices = await DBOS.run_step_async(None, self._freezes.late, LATE, RETRIED_FOR)
        if not late and not notices:
            return
        waiting = await DBOS.list_workflows_async(
            status=["ENQUEUED", "PENDING"], name=["show", "notice"], load_input=False, load_output=False
        )
        under_way = {workflow.workflow_id.rpartition(".")[0] for workflow in waiting}
        for notice in notices:
            if _notice_id(notice) not in under_way:
                await self._enqueue_notice(notice, uuid4().hex)
        for address in late:
            if _show_id(address) not in under_way:
                await self._enqueue_show(address)

    async def _sweep(self, within: timedelta | None) -> None:
        """What is due, what a crash left unstarted, and what nobody needs any more."""
        changed = await DBOS.run_step_async(None, self._decisions.keep_deadlines)
        changed += await DBOS.run_step_async(None, self._watch)
        for request_id in changed:
            await self._tell(request_id)
        for request_id in await DBOS.run_step_async(None, self._store.unfinished, TAKE_OVER_AFTER):
            with SetWorkflowID(f"execute-{request_id}-{now():%Y%m%d%H%M}"):  # one a minute, however many sweeps see it
                await DBOS.start_workflow_async(self._execute_workflow, request_id)
        await self._enqueue_late(within)
        for user_id in await DBOS.run_step_async(None, self._homes.overdue):
            await self._enqueue_home(user_id)
        await DBOS.run_step_async(None, self._store.forget, now() - KEPT)
        await self._adopt_abandoned()
        await self._forget_ended()

    async def _watch(self) -> list[str]:
        unknown = await self._store.unknown(now() - 2 * KEPT)
        due = [request.id for request in unknown if is_due_for_a_look(request)]
        return [request_id for request_id in due if await self._execution.watch(request_id)]

    async def _adopt_abandoned(self) -> None:
        """Run again what a replica left when it died; if it is alive after all, running twice is harmless."""
        before = (now() - ABANDONED).isoformat()
        names = ["execute", "show", "notice", "follow", "home"]
        left = await DBOS.list_workflows_async(
            status="PENDING", name=names, dequeued_before=before, load_input=False, load_output=False
        )
        for workflow in left:
            await DBOS.resume_workflow_async(workflow.workflow_id, queue_name=workflow.queue_name)

    async def _forget_ended(self) -> None:
        """The engine keeps every workflow for ever; our rows and journal are the memory that counts."""
        before = (now() - KEPT).isoformat()
        ended = await DBOS.list_workflows_async(
            status=ENDED, completed_before=before, limit=1000, load_input=False, load_output=False
        )
        if ended:
            await DBOS.delete_workflows_async([workflow.workflow_id for workflow in ended])


def _show_id(address: Address) -> str:
    return f"show-{address.request_id}-{address.key}"


def _notice_id(notice: FreezeNotice) -> str:
    return f"notice-{notice.freeze_id}-{notice.event}-{notice.target_id}"


def _moment() -> int:
    """The same number for whatever happens within a few seconds."""
    return int(now().timestamp() // HOMES_EVERY_SECONDS)
