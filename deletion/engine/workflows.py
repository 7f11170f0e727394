"""The DBOS workflows, which survive a crash, and the sweep, which starts what is due or was lost.

``execute`` brings an approved request to its outcome, ``follow`` starts a ``home`` for each open Home; delivery.py has
those of the messages. Each first reads its row, so running one twice, on two replicas or after a crash, is harmless.
"""

import logging
from datetime import datetime, timedelta
from uuid import uuid4

from pydantic import TypeAdapter

from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import monotonic, now
from deletion.domain.errors import SlackBusyError
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.engine import queues as dbos_queues
from deletion.engine.delivery import Delivery
from deletion.engine.durable_queues import DurableQueues
from deletion.engine.homes import Homes
from deletion.engine.kore_rechecks import KoreRechecks
from deletion.engine.queues import EXECUTE_QUEUE, HOME_QUEUE, UNNAMED
from deletion.engine.retrying import Retrying
from deletion.engine.sweep_timer import SweepTimer
from deletion.engine.workflow_ids import HOMES_EVERY_SECONDS, execute_id, home_id, moment
from deletion.lifecycle.applications import Applications
from deletion.lifecycle.execution import LEFT_ALONE
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.messages.message_sync import MessageSync
from deletion.messages.progress import Progress
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore

ABANDONED = timedelta(seconds=60)  # no workflow runs that long, so its replica has died
KEPT = timedelta(days=1)  # previews, processed payloads and ended workflows
PURGES_EVERY_SECONDS = 60.0
FOLLOWING = 1  # the priority of Homes whose users have not acted; None comes first
NOT_TOO_EARLY_SECONDS = 0.2  # DBOS counts in milliseconds, the undo window in microseconds
EXECUTE_STEP = "Execution.advance"  # DBOS finds the stored result of a step by its name
ADOPTED = ["execute", "show", "notice", "follow", "home"]
# The results of steps, as DBOS stores them and as the workflows read them.
MOMENT: TypeAdapter[datetime | None] = TypeAdapter(datetime | None)
IDS: TypeAdapter[list[str]] = TypeAdapter(list[str])
IDS_OR_NONE: TypeAdapter[list[str] | None] = TypeAdapter(list[str] | None)  # the previous version stored None
log = logging.getLogger(__name__)


class Engine:
    """Registers its workflows on construction: create one per process, between ``queues.configure`` and ``launch``."""

    def __init__(  # noqa: PLR0913 - one part per workflow
        self,
        store: RequestStore,
        applications: Applications,
        announcement: MessageSync,
        freezes: FreezeNoticeSync,
        *,
        previews: PreviewStore,
        homes: Homes,
        queues: DurableQueues = dbos_queues,
    ) -> None:
        self._store = store
        self._applications = applications
        self._delivery = Delivery(announcement, freezes, queues, self._schedule_home_refresh)
        self._previews = previews
        self._homes = homes
        self._refreshes = Retrying(
            self._refresh,
            key=home_id,
            enqueue=self._enqueue_home,
            report=_report_nothing,
            fields=lambda user_id: {"user": user_id},
        )
        self._queues = queues
        self._rechecks = KoreRechecks(applications)
        self._timer = SweepTimer(self._sweep)
        self._purges_at = 0.0

        @queues.workflow("execute")
        async def execute(request_id: str) -> None:
            await self._execute(request_id)

        @queues.workflow("follow")
        async def follow() -> None:
            for user_id in await self._queues.run_step(IDS, self._homes.open_now):
                await self._enqueue_home(user_id, moment())

        @queues.workflow("home")
        async def home(user_id: str) -> None:
            await self._home(user_id)

        self._execute_workflow, self._follow_workflow, self._home_workflow = execute, follow, home

    async def launch(self, kore_calls_per_minute: int) -> None:
        """Start working, first on what the last run left."""
        await self._store.synchronize_clock()
        await self._delivery.restarted()
        await self._queues.launch(kore_calls_per_minute)
        self._timer.start()

    async def stop(self, within_seconds: int) -> None:
        """Start no new work, wait that long for what is running, and leave the rest to the next start."""
        self._timer.stop()
        self._delivery.stop()
        self._refreshes.stop()
        await self._queues.stop(within_seconds)
        await self._delivery.stopped()

    async def request_changed(self, request: Request, actor_id: str = "") -> None:
        """Update the messages of a changed request, and execute it when it is approved and its undo window is over.

        The Home of ``actor_id``, the user who changed it, is refreshed before all others.
        """
        if request.state is State.APPROVED and request.execute_after:
            await self._execute_at(request.id, request.execute_after)
        await self._enqueue_messages(request.id)
        await self._refresh_home_of(actor_id)

    async def show_again(self, request_id: str, channel_id: str, ts: str) -> None:
        """Update one message of a request that has not changed, because what the message offers has passed."""
        await self._delivery.enqueue_message_at(request_id, channel_id, ts)

    async def list_changed(self, listed: CampaignList, actor_id: str = "") -> None:
        """Do the same for a list: execute the next of its requests, when it is due."""
        if (following := listed.next) and following.state is State.APPROVED and following.execute_after:
            wait = (following.execute_after - now()).total_seconds()
            delay = wait + NOT_TOO_EARLY_SECONDS if wait > 0 else None
            await self._enqueue_execute(f"{execute_id(following.id)}.{listed.version}", following.id, delay)
        await self._enqueue_messages(listed.id)
        await self._refresh_home_of(actor_id)

    async def _execute_at(self, request_id: str, due: datetime) -> None:
        """Execute the request once per due time, however often this is called."""
        wait, workflow_id = (due - now()).total_seconds(), f"{execute_id(request_id)}.{round(due.timestamp() * 1000)}"
        if wait > 0:
            delay = wait + NOT_TOO_EARLY_SECONDS
            await self._enqueue_execute(workflow_id, request_id, delay_seconds=delay)
        else:
            await self._queues.start(self._execute_workflow, workflow_id, request_id)

    async def _enqueue_execute(self, workflow_id: str, request_id: str, delay_seconds: float | None = None) -> None:
        request = await self._store.request(request_id)
        await self._queues.enqueue(
            EXECUTE_QUEUE,
            self._execute_workflow,
            workflow_id,
            request_id,
            partition=(request.application if request else "") or UNNAMED,
            delay_seconds=delay_seconds,
        )

    async def freeze_changed(self, freeze: Freeze) -> None:
        """Post a freeze or unfreeze to the rooms, update every card, and execute what the freeze held."""
        await self._delivery.enqueue_notices(freeze.id)
        if freeze.lifted_at:
            for request_id in await self._store.due_now(self._applications.names):
                await self._enqueue_execute(f"{execute_id(request_id)}.{freeze.id}", request_id)
        await self._refresh_home_of(freeze.lifted_by or freeze.frozen_by)
        await self._schedule_home_refresh()
        self._timer.sweep_now()

    async def _execute(self, request_id: str) -> None:
        if resume_at := await self._queues.run_step(MOMENT, self._applications.advance, request_id, name=EXECUTE_STEP):
            await self._execute_at(request_id, resume_at)
        await self._delivery.update_posted(request_id)
        await self._enqueue_messages(request_id)
        await self._applications.update_list(request_id)  # no message waits for it
        # Last, so that a workflow of the previous version replays its steps as it stored them.
        for following in await self._queues.run_step(IDS, self._applications.next_in_list, request_id):
            await self._enqueue_execute(f"{execute_id(following)}.after-{request_id}", following)

    async def _enqueue_messages(self, request_id: str) -> None:
        await self._delivery.enqueue_messages(request_id)
        await self._schedule_home_refresh()

    async def _schedule_home_refresh(self) -> None:
        workflow_id = f"follow-{moment()}"
        await self._queues.enqueue(HOME_QUEUE, self._follow_workflow, workflow_id, delay_seconds=HOMES_EVERY_SECONDS)

    async def _refresh_home_of(self, user_id: str) -> None:
        """Refresh one user's Home at once if it is open. The queue keeps the order and Slack's limit."""
        if user_id in await self._homes.open_now():
            await self._enqueue_home(user_id, priority=None)

    async def _enqueue_home(self, user_id: str, run: int | None = None, priority: int | None = FOLLOWING) -> None:
        """Enqueue a refresh, once for each ``run``; without one, once for each call."""
        workflow_id = f"{home_id(user_id)}-{run or uuid4().hex}"
        await self._queues.enqueue(HOME_QUEUE, self._home_workflow, workflow_id, user_id, priority=priority)

    async def _home(self, user_id: str) -> None:
        attempt = self._refreshes.attempt
        for again in await self._queues.run_step(IDS_OR_NONE, attempt, user_id, name="HomePublisher.refresh") or ():
            await self._enqueue_home(again)

    async def _refresh(self, user_id: str) -> Progress[str]:
        try:
            await self._homes.refresh(user_id)
        except SlackBusyError as error:
            return Progress(busy=[(user_id, error)])
        return Progress()

    async def _execute_due(self) -> None:
        """Execute what is due or was left unfinished, and is not in a queue or running.

        DBOS counts delays by the wall clock of whichever replica looks, so a wrong one ends them early or late. The
        workflows of a dead replica count as running until they are resumed: one more workflow at each start of a bot
        that keeps dying would use up the calls to Kore.ai.
        """
        freeze, _ = await self._store.current_freeze()
        names = self._applications.names
        due = [] if freeze else await self._store.due_now(names)
        left = dict.fromkeys([*due, *await self._store.unfinished(LEFT_ALONE, names)])
        in_flight = await self._queues.in_flight_ids("execute") if left else set()
        for request_id in left:
            if execute_id(request_id) not in in_flight:
                await self._enqueue_execute(f"{execute_id(request_id)}.{uuid4().hex}", request_id)

    async def _sweep(self, within: timedelta | None) -> None:
        """Start what is due or was lost in a crash, and delete what has expired."""
        await self._store.synchronize_clock()
        if await self._store.any_is_open():  # nothing else can be due
            for request_id in await self._applications.keep_deadlines():
                await self._enqueue_messages(request_id)
            await self._execute_due()
        await self._delivery.enqueue_late(within)
        for user_id in await self._homes.overdue():
            await self._enqueue_home(user_id, moment())
        await self._queues.resume_orphaned(ADOPTED, now() - ABANDONED)
        await self._purge()
        await self._rechecks.run(self._enqueue_messages)  # last: Kore.ai may be slow

    async def _purge(self) -> None:
        if monotonic() < self._purges_at:
            return
        await self._previews.purge(now() - KEPT)
        await self._queues.purge_finished(now() - KEPT)
        self._purges_at = monotonic() + PURGES_EVERY_SECONDS


async def _report_nothing(_user_id: str, _code: str) -> list[str]:
    return []
