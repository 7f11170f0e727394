"""What must survive a crash: the workflows of the engine, each begun, scheduled and gone on with here.

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

from dbos import DBOS, StepOptions
from pydantic import TypeAdapter

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze, FreezeEvent, FreezeNotice
from deletion.domain.models import Request, State
from deletion.engine import queues
from deletion.engine.queues import EXECUTE_QUEUE, HOME_QUEUE, ONE_ACCOUNT, SHOW_QUEUE
from deletion.engine.stored_values import RETRIES_EXHAUSTED, run_step
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.execution import LEFT_ALONE, Execution
from deletion.lifecycle.reappearance import Reappearances
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.messages.message_sync import MessageRef, MessageSync
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore

LATE = timedelta(seconds=15)  # a message that should have been shown by then was lost on its way
RETRIED_FOR = timedelta(hours=1)  # a room that cannot be told
LOOKED_BACK = timedelta(days=1)  # for messages that were lost; the first sweep after a start looks at all
ABANDONED = timedelta(seconds=60)  # no workflow of ours runs that long: whoever owned it is gone
SWEEP_EVERY_SECONDS = 10
HOMES_EVERY_SECONDS = 2  # what happens within that time is shown together
KEPT = timedelta(days=1)  # previews, what Slack sent, and what the engine remembers of workflows that ended
NOT_TOO_EARLY_SECONDS = 0.2  # the engine counts in milliseconds, the undo window in microseconds
PATIENT: StepOptions = {"retries_allowed": True, "max_attempts": 5, "interval_seconds": 1.0}  # while Slack is busy
ADOPTED = ["execute", "show", "notice", "follow", "home"]
# What steps return, as DBOS stores it and as the workflows read it.
NOTHING: TypeAdapter[None] = TypeAdapter(None)
MOMENT: TypeAdapter[datetime | None] = TypeAdapter(datetime | None)
IDS: TypeAdapter[list[str]] = TypeAdapter(list[str])
MESSAGES: TypeAdapter[list[MessageRef]] = TypeAdapter(list[MessageRef])
NOTICES: TypeAdapter[list[FreezeNotice]] = TypeAdapter(list[FreezeNotice])
log = logging.getLogger(__name__)


class Homes(Protocol):
    """The Homes that people have open in Slack."""

    async def open_now(self) -> list[str]:
        """Whose Homes follow what happens, by user id."""

    async def overdue(self) -> list[str]:
        """Whose Homes were not looked at for a while."""

    async def refresh(self, user_id: str) -> None:
        """Show what is so now. Raises SlackBusyError when it should be tried again."""


class Engine:
    """Registers its workflows when it is made: make one in a process, between ``queues.configure`` and ``launch``."""

    def __init__(  # noqa: PLR0913 - one part for each thing that is done
        self,
        store: RequestStore,
        execution: Execution,
        announcement: MessageSync,
        freezes: FreezeNoticeSync,
        decisions: Decisions,
        *,
        previews: PreviewStore,
        homes: Homes,
        reappearances: Reappearances,
    ) -> None:
        self._store = store
        self._execution = execution
        self._announcement = announcement
        self._freezes = freezes
        self._decisions = decisions
        self._previews = previews
        self._homes = homes
        self._reappearances = reappearances
        self._timer: asyncio.Task[None] | None = None
        self._sweeps: set[asyncio.Task[None]] = set()

        @DBOS.workflow(name="execute")
        async def execute(request_id: str) -> None:
            await self._execute(request_id)

        @DBOS.workflow(name="show")
        async def show(request_id: str, key: str, target_id: str) -> None:
            await self._show(MessageRef(request_id, key, target_id))

        @DBOS.workflow(name="notice")
        async def notice(freeze_id: str, event: str, target_id: str) -> None:
            await self._tell_of_freeze(FreezeNotice(freeze_id=freeze_id, event=FreezeEvent(event), target_id=target_id))

        @DBOS.workflow(name="follow")
        async def follow() -> None:
            for user_id in await run_step(IDS, self._homes.open_now):
                await self._enqueue_home(user_id)

        @DBOS.workflow(name="home")
        async def home(user_id: str) -> None:
            await self._refresh(user_id)

        self._execute_workflow, self._show_workflow = execute, show
        self._notice_workflow = notice
        self._follow_workflow, self._home_workflow = follow, home

    async def launch(self, kore_calls_per_minute: int) -> None:
        """Start working, first on what the last run left."""
        await queues.launch(kore_calls_per_minute)
        self._start_sweep(within=None)
        self._timer = asyncio.create_task(self._sweep_regularly())

    async def stop(self, within_seconds: int) -> None:
        """Start no new work, wait that long for what is running, and leave the rest to the next start."""
        for task in (self._timer, *self._sweeps):
            if task:
                task.cancel()
        await queues.stop(within_seconds)

    async def _sweep_regularly(self) -> None:
        """Sweep at a monotonic interval, so that sweeps neither stop nor catch up when the wall clock is set."""
        while True:
            await asyncio.sleep(SWEEP_EVERY_SECONDS)
            self._start_sweep()

    def _start_sweep(self, within: timedelta | None = LOOKED_BACK) -> None:
        """Sweep in the background, beside an earlier sweep that waits for Kore.ai. All of it may run twice."""
        sweep = asyncio.create_task(self._sweep(within))
        self._sweeps.add(sweep)
        sweep.add_done_callback(self._sweep_ended)

    def _sweep_ended(self, sweep: asyncio.Task[None]) -> None:
        self._sweeps.discard(sweep)
        if not sweep.cancelled() and (error := sweep.exception()):
            log.error("Sweep failed", exc_info=error)

    async def request_changed(self, request: Request) -> None:
        """A request has changed: tell everybody, and execute it when it is approved and its undo window is over."""
        if request.state is State.APPROVED and request.execute_after:
            await self._execute_at(request.id, request.execute_after)
        await self._enqueue_messages(request.id)

    async def _execute_at(self, request_id: str, due: datetime) -> None:
        """Once for each time that it is due, however many ask for it."""
        wait, workflow_id = (due - now()).total_seconds(), f"execute-{request_id}-{round(due.timestamp() * 1000)}"
        if wait > 0:
            delay = wait + NOT_TOO_EARLY_SECONDS
            await self._enqueue_execute(workflow_id, request_id, delay_seconds=delay)
        else:
            await queues.start(self._execute_workflow, workflow_id, request_id)

    async def _enqueue_execute(self, workflow_id: str, request_id: str, delay_seconds: float | None = None) -> None:
        await queues.enqueue(
            EXECUTE_QUEUE,
            self._execute_workflow,
            workflow_id,
            request_id,
            partition=ONE_ACCOUNT,
            delay_seconds=delay_seconds,
        )

    async def freeze_changed(self, freeze: Freeze) -> None:
        """Requests were frozen or unfrozen: tell the rooms, let every card follow, and begin what was held."""
        for notice in await self._freezes.pending(freeze.id):
            await self._enqueue_notice(notice)
        if freeze.lifted_at:
            for request_id in await self._store.due_now():
                await self._enqueue_execute(f"execute-{request_id}-{freeze.id}", request_id)
        await self._schedule_home_refresh()
        self._start_sweep()

    async def _execute(self, request_id: str) -> None:
        if resume_at := await run_step(MOMENT, self._execution.advance, request_id):
            await self._execute_at(request_id, resume_at)
        await self._enqueue_messages(request_id)

    async def _enqueue_messages(self, request_id: str) -> None:
        for address in await run_step(MESSAGES, self._announcement.pending, request_id):
            await self._enqueue_show(address)
        await self._schedule_home_refresh()

    async def _schedule_home_refresh(self) -> None:
        workflow_id = f"follow-{_moment()}"
        await queues.enqueue(HOME_QUEUE, self._follow_workflow, workflow_id, delay_seconds=HOMES_EVERY_SECONDS)

    async def _enqueue_home(self, user_id: str) -> None:
        await queues.enqueue(HOME_QUEUE, self._home_workflow, f"home-{user_id}-{_moment()}", user_id)

    async def _refresh(self, user_id: str) -> None:
        try:
            await run_step(NOTHING, self._homes.refresh, user_id, options=PATIENT)
        except RETRIES_EXHAUSTED:
            log.warning("Slack is busy; a Home is late", extra={"user": user_id})

    async def _show(self, address: MessageRef) -> None:
        try:
            affected = await run_step(MESSAGES, self._announcement.show, address, options=PATIENT)
        except RETRIES_EXHAUSTED:
            log.warning("Slack is busy; the message is late", extra={"request_id": address.request_id})
            return  # its row still shows an old version, so the sweep tries again
        for other in affected:
            await self._enqueue_show(other)

    async def _tell_of_freeze(self, notice: FreezeNotice) -> None:
        try:
            owed = await run_step(NOTICES, self._freezes.tell, notice, options=PATIENT)
        except RETRIES_EXHAUSTED:
            log.warning("Slack is busy; a room is told late of a freeze", extra={"freeze_id": notice.freeze_id})
            return  # its row says so, and the sweep tries again
        for other in owed:
            await self._enqueue_notice(other)

    async def _enqueue_show(self, address: MessageRef) -> None:
        """Once for each version, however many ask for it: a channel takes two messages a second."""
        workflow_id = f"{_show_id(address)}.{address.occasion or uuid4().hex}"
        await queues.enqueue(SHOW_QUEUE, self._show_workflow, workflow_id, *address[:3], partition=address.target_id)

    async def _enqueue_notice(self, notice: FreezeNotice, occasion: str = "first") -> None:
        workflow_id, args = f"{_notice_id(notice)}.{occasion}", (notice.freeze_id, str(notice.event), notice.target_id)
        await queues.enqueue(SHOW_QUEUE, self._notice_workflow, workflow_id, *args, partition=notice.target_id)

    async def _enqueue_late(self, within: timedelta | None) -> None:
        """Messages that were lost on their way, but not those that only wait for their turn."""
        late = await self._announcement.overdue(LATE, RETRIED_FOR, within)
        notices = await self._freezes.overdue(LATE, RETRIED_FOR)
        if not late and not notices:
            return
        in_flight = await queues.in_flight_ids("show", "notice")
        for notice in notices:
            if _notice_id(notice) not in in_flight:
                await self._enqueue_notice(notice, uuid4().hex)
        for address in late:
            if _show_id(address) not in in_flight:
                await self._enqueue_show(address)

    async def _sweep(self, within: timedelta | None) -> None:
        """What is due, what a crash left unstarted, and what nobody needs any more."""
        changed = await self._decisions.keep_deadlines()
        changed += await self._execution.recheck_unknown()
        changed += await self._reappearances.recheck_deleted()
        for request_id in changed:
            await self._enqueue_messages(request_id)
        for request_id in await self._store.unfinished(LEFT_ALONE):
            once_a_minute = f"execute-{request_id}-{now():%Y%m%d%H%M}"  # however many sweeps see it
            await queues.start(self._execute_workflow, once_a_minute, request_id)
        await self._enqueue_late(within)
        for user_id in await self._homes.overdue():
            await self._enqueue_home(user_id)
        await self._previews.purge(now() - KEPT)
        await queues.resume_orphaned(ADOPTED, now() - ABANDONED)
        await queues.purge_finished(now() - KEPT)


def _show_id(address: MessageRef) -> str:
    return f"show-{address.request_id}-{address.key}"


def _notice_id(notice: FreezeNotice) -> str:
    return f"notice-{notice.freeze_id}-{notice.event}-{notice.target_id}"


def _moment() -> int:
    """The same number for whatever happens within a few seconds."""
    return int(now().timestamp() // HOMES_EVERY_SECONDS)
