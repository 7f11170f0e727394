"""The DBOS workflows, which survive a crash, and the sweep, which starts what is due or was lost.

``execute`` brings an approved request to its outcome, ``show`` updates one Slack message, ``notice`` posts a freeze to
a room, ``follow`` starts a ``home`` for each open Home. Each first reads its row, so running one twice, on two replicas
or after a crash, is harmless.
"""

import logging
import math
import time
from datetime import datetime, timedelta
from uuid import uuid4

from dbos import StepOptions
from pydantic import TypeAdapter

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze, FreezeEvent, FreezeNotice
from deletion.domain.models import Request, State
from deletion.engine import queues as dbos_queues
from deletion.engine.durable_queues import DurableQueues
from deletion.engine.homes import Homes
from deletion.engine.kore_rechecks import KoreRechecks
from deletion.engine.queues import EXECUTE_QUEUE, HOME_QUEUE, ONE_ACCOUNT, SHOW_QUEUE
from deletion.engine.stored_values import RETRIES_EXHAUSTED
from deletion.engine.sweep_timer import SweepTimer
from deletion.engine.workflow_ids import HOMES_EVERY_SECONDS, execute_id, moment, notice_id, show_id
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.execution import LEFT_ALONE, Execution
from deletion.lifecycle.reappearance import Reappearances
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.messages.message_sync import MessageRef, MessageSync
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore

LATE = timedelta(seconds=15)  # a message that is not shown by then was lost
RETRIED_FOR = timedelta(hours=1)  # an unreachable channel
ABANDONED = timedelta(seconds=60)  # no workflow runs that long, so its replica has died
KEPT = timedelta(days=1)  # previews, processed payloads and ended workflows
NOT_TOO_EARLY_SECONDS = 0.2  # DBOS counts in milliseconds, the undo window in microseconds
PATIENT: StepOptions = {"retries_allowed": True, "max_attempts": 5, "interval_seconds": 1.0}  # while Slack is busy
ADOPTED = ["execute", "show", "notice", "follow", "home"]
# What steps return, as DBOS stores it and as the workflows read it.
NOTHING: TypeAdapter[None] = TypeAdapter(None)
MOMENT: TypeAdapter[datetime | None] = TypeAdapter(datetime | None)
IDS: TypeAdapter[list[str]] = TypeAdapter(list[str])
MESSAGES: TypeAdapter[list[MessageRef]] = TypeAdapter(list[MessageRef])
NOTICES: TypeAdapter[list[FreezeNotice]] = TypeAdapter(list[FreezeNotice])
log = logging.getLogger(__name__)


class Engine:
    """Registers its workflows on construction: create one per process, between ``queues.configure`` and ``launch``."""

    def __init__(  # noqa: PLR0913 - one part per workflow
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
        queues: DurableQueues = dbos_queues,
    ) -> None:
        self._store = store
        self._execution = execution
        self._announcement = announcement
        self._freezes = freezes
        self._decisions = decisions
        self._previews = previews
        self._homes = homes
        self._queues = queues
        self._rechecks = KoreRechecks(execution, reappearances)
        self._timer = SweepTimer(self._sweep)
        self._resumed_at: dict[str, float] = {}  # by request id, in monotonic seconds

        @queues.workflow("execute")
        async def execute(request_id: str) -> None:
            await self._execute(request_id)

        @queues.workflow("show")
        async def show(request_id: str, key: str, target_id: str) -> None:
            await self._show(MessageRef(request_id, key, target_id))

        @queues.workflow("notice")
        async def notice(freeze_id: str, event: str, target_id: str) -> None:
            await self._tell_of_freeze(FreezeNotice(freeze_id=freeze_id, event=FreezeEvent(event), target_id=target_id))

        @queues.workflow("follow")
        async def follow() -> None:
            for user_id in await self._queues.run_step(IDS, self._homes.open_now):
                await self._enqueue_home(user_id)

        @queues.workflow("home")
        async def home(user_id: str) -> None:
            await self._refresh(user_id)

        self._execute_workflow, self._show_workflow = execute, show
        self._notice_workflow = notice
        self._follow_workflow, self._home_workflow = follow, home

    async def launch(self, kore_calls_per_minute: int) -> None:
        """Start working, first on what the last run left."""
        await self._store.synchronize_clock()
        await self._queues.launch(kore_calls_per_minute)
        self._timer.start()

    async def stop(self, within_seconds: int) -> None:
        """Start no new work, wait that long for what is running, and leave the rest to the next start."""
        self._timer.stop()
        await self._queues.stop(within_seconds)

    async def request_changed(self, request: Request) -> None:
        """Update the messages of a changed request, and execute it when it is approved and its undo window is over."""
        if request.state is State.APPROVED and request.execute_after:
            await self._execute_at(request.id, request.execute_after)
        await self._enqueue_messages(request.id)

    async def _execute_at(self, request_id: str, due: datetime) -> None:
        """Execute the request once per due time, however often this is called."""
        wait, workflow_id = (due - now()).total_seconds(), f"{execute_id(request_id)}.{round(due.timestamp() * 1000)}"
        if wait > 0:
            delay = wait + NOT_TOO_EARLY_SECONDS
            await self._enqueue_execute(workflow_id, request_id, delay_seconds=delay)
        else:
            await self._queues.start(self._execute_workflow, workflow_id, request_id)

    async def _enqueue_execute(self, workflow_id: str, request_id: str, delay_seconds: float | None = None) -> None:
        await self._queues.enqueue(
            EXECUTE_QUEUE,
            self._execute_workflow,
            workflow_id,
            request_id,
            partition=ONE_ACCOUNT,
            delay_seconds=delay_seconds,
        )

    async def freeze_changed(self, freeze: Freeze) -> None:
        """Post a freeze or unfreeze to the rooms, update every card, and execute what the freeze held."""
        for notice in await self._freezes.pending(freeze.id):
            await self._enqueue_notice(notice)
        if freeze.lifted_at:
            for request_id in await self._store.due_now():
                await self._enqueue_execute(f"{execute_id(request_id)}.{freeze.id}", request_id)
        await self._schedule_home_refresh()
        self._timer.sweep_now()

    async def _execute(self, request_id: str) -> None:
        if resume_at := await self._queues.run_step(MOMENT, self._execution.advance, request_id):
            await self._execute_at(request_id, resume_at)
        await self._enqueue_messages(request_id)

    async def _enqueue_messages(self, request_id: str) -> None:
        for address in await self._queues.run_step(MESSAGES, self._announcement.pending, request_id):
            await self._enqueue_show(address)
        await self._schedule_home_refresh()

    async def _schedule_home_refresh(self) -> None:
        workflow_id = f"follow-{moment()}"
        await self._queues.enqueue(HOME_QUEUE, self._follow_workflow, workflow_id, delay_seconds=HOMES_EVERY_SECONDS)

    async def _enqueue_home(self, user_id: str) -> None:
        await self._queues.enqueue(HOME_QUEUE, self._home_workflow, f"home-{user_id}-{moment()}", user_id)

    async def _refresh(self, user_id: str) -> None:
        try:
            await self._queues.run_step(NOTHING, self._homes.refresh, user_id, options=PATIENT)
        except RETRIES_EXHAUSTED:
            log.warning("Home refresh failed", extra={"user": user_id})

    async def _show(self, address: MessageRef) -> None:
        try:
            affected = await self._queues.run_step(MESSAGES, self._announcement.show, address, options=PATIENT)
        except RETRIES_EXHAUSTED:
            log.warning("Message update failed", extra={"request_id": address.request_id, "channel": address.target_id})
            return  # its row still shows an old version, so the sweep retries
        for other in affected:
            await self._enqueue_show(other)

    async def _tell_of_freeze(self, notice: FreezeNotice) -> None:
        try:
            owed = await self._queues.run_step(NOTICES, self._freezes.tell, notice, options=PATIENT)
        except RETRIES_EXHAUSTED:
            log.warning("Freeze notice failed", extra={"freeze_id": notice.freeze_id, "channel": notice.target_id})
            return  # its row says so, and the sweep retries
        for other in owed:
            await self._enqueue_notice(other)

    async def _enqueue_show(self, address: MessageRef) -> None:
        """Enqueue one workflow per version, however often this is called: a channel takes two messages a second."""
        workflow_id = f"{show_id(address)}.{address.occasion or uuid4().hex}"
        await self._queues.enqueue(
            SHOW_QUEUE, self._show_workflow, workflow_id, *address[:3], partition=address.target_id
        )

    async def _enqueue_notice(self, notice: FreezeNotice, occasion: str = "first") -> None:
        workflow_id, args = f"{notice_id(notice)}.{occasion}", (notice.freeze_id, str(notice.event), notice.target_id)
        await self._queues.enqueue(SHOW_QUEUE, self._notice_workflow, workflow_id, *args, partition=notice.target_id)

    async def _enqueue_late(self, within: timedelta | None) -> None:
        """Enqueue messages that were lost, but not those that are in a queue."""
        late = await self._announcement.overdue(LATE, RETRIED_FOR, within)
        notices = await self._freezes.overdue(LATE, RETRIED_FOR)
        if not late and not notices:
            return
        in_flight = await self._queues.in_flight_ids("show", "notice")
        for notice in notices:
            if notice_id(notice) not in in_flight:
                await self._enqueue_notice(notice, uuid4().hex)
        for address in late:
            if show_id(address) not in in_flight:
                await self._enqueue_show(address)

    async def _execute_due(self) -> None:
        """Execute what is due and not in a queue, and what a crash left unfinished.

        DBOS counts delays by the wall clock of whichever replica looks, so a wrong one ends them early or late.
        """
        freeze, _ = await self._store.current_freeze()
        due = [] if freeze else await self._store.due_now()
        in_flight = await self._queues.in_flight_ids("execute") if due else set()
        for request_id in due:
            if execute_id(request_id) not in in_flight:
                await self._enqueue_execute(f"{execute_id(request_id)}.{uuid4().hex}", request_id)
        unfinished, at = await self._store.unfinished(LEFT_ALONE), time.monotonic()
        self._resumed_at = {key: self._resumed_at[key] for key in unfinished if key in self._resumed_at}
        for request_id in unfinished:
            if at - self._resumed_at.get(request_id, -math.inf) >= ABANDONED.total_seconds():
                self._resumed_at[request_id] = at
                await self._queues.start(self._execute_workflow, f"{execute_id(request_id)}.{uuid4().hex}", request_id)

    async def _sweep(self, within: timedelta | None) -> None:
        """Start what is due or was lost in a crash, and delete what has expired."""
        await self._store.synchronize_clock()
        for request_id in await self._decisions.keep_deadlines():
            await self._enqueue_messages(request_id)
        await self._execute_due()
        await self._enqueue_late(within)
        for user_id in await self._homes.overdue():
            await self._enqueue_home(user_id)
        await self._previews.purge(now() - KEPT)
        await self._queues.resume_orphaned(ADOPTED, now() - ABANDONED)
        await self._queues.purge_finished(now() - KEPT)
        await self._rechecks.run(self._enqueue_messages)  # last: Kore.ai may be slow
