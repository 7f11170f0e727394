"""The workflows that bring messages and freeze notices to Slack, one at a time in each channel.

``show`` updates one message of a request, ``notice`` posts a freeze to a room. Neither retries while it holds its
channel: see retrying.py.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

from pydantic import TypeAdapter

from deletion.db.connection import failure_code
from deletion.domain.freeze_and_budget import FreezeEvent, FreezeNotice
from deletion.engine.durable_queues import DurableQueues
from deletion.engine.queues import SHOW_QUEUE
from deletion.engine.retrying import Retrying
from deletion.engine.workflow_ids import notice_id, notice_run_id, show_id
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.messages.message_order import Importance
from deletion.messages.message_sync import MessageRef, MessageSync
from deletion.stores.message_store import RETRIED_FOR

LATE = timedelta(seconds=15)  # a message that is not shown by then was lost
MARKED_WITHIN_SECONDS = 1.0  # at a stop
# The results of steps, as DBOS stores them and as the workflows read them.
MESSAGES: TypeAdapter[list[MessageRef]] = TypeAdapter(list[MessageRef])
NOTICES: TypeAdapter[list[FreezeNotice]] = TypeAdapter(list[FreezeNotice])
log = logging.getLogger(__name__)


class Delivery:
    """Registers its workflows on construction: create one per process, before the queues are launched."""

    def __init__(
        self,
        messages: MessageSync,
        notices: FreezeNoticeSync,
        queues: DurableQueues,
        refresh_homes: Callable[[], Awaitable[None]],
    ) -> None:
        self._messages, self._notices, self._queues = messages, notices, queues
        self._refresh_homes = refresh_homes
        self._shows = Retrying(
            messages.show,
            key=show_id,
            enqueue=self._enqueue_again,
            report=messages.report,
            fields=lambda ref: {"request_id": ref.request_id, "channel": ref.target_id},
        )
        self._tells = Retrying(
            notices.tell,
            key=notice_id,
            enqueue=self._enqueue_notice_again,
            report=notices.report,
            fields=lambda notice: {"freeze_id": notice.freeze_id, "channel": notice.target_id},
        )

        @queues.workflow("show")
        async def show(request_id: str, key: str, target_id: str) -> None:
            await self._show(MessageRef(request_id, key, target_id))

        @queues.workflow("notice")
        async def notice(freeze_id: str, event: str, target_id: str) -> None:
            await self._tell(FreezeNotice(freeze_id=freeze_id, event=FreezeEvent(event), target_id=target_id))

        self._show_workflow, self._notice_workflow = show, notice

    async def restarted(self) -> None:
        await self._messages.restarted()

    def stop(self) -> None:
        self._shows.stop()
        self._tells.stop()

    async def stopped(self) -> None:
        """Leave what this process has shown to the other replicas. A database that is slow or fails holds up no end."""
        marking = asyncio.create_task(self._messages.stopped())
        # Not asyncio.timeout: psycopg takes up to ten seconds to cancel a query on a server that does not answer.
        done, _ = await asyncio.wait({marking}, timeout=MARKED_WITHIN_SECONDS)
        error = marking.exception() if done else TimeoutError()
        if isinstance(error, Exception):
            log.warning("Messages not left to the other replicas", extra={"error": failure_code(error)})

    async def enqueue_messages(self, request_id: str) -> None:
        """Show every message that does not show the present version, from within a workflow or outside."""
        for ref in await self._queues.run_step(MESSAGES, self._messages.pending, request_id):
            await self._enqueue(ref)

    async def update_posted(self, request_id: str) -> None:
        """Update the messages with buttons of a request that exist, without the queue, which looks every 0.2 s.

        One that is being updated, or fails, is left to the queue. Outside a step: repeating it changes nothing.
        """
        await asyncio.gather(*(self._update(ref) for ref in await self._messages.posted(request_id)))

    async def _update(self, ref: MessageRef) -> None:
        for owed in await self._shows.attempt(ref):
            await self._enqueue(owed)

    async def enqueue_message_at(self, request_id: str, channel_id: str, ts: str) -> None:
        for ref in await self._messages.at(request_id, channel_id, ts):
            await self._enqueue(ref)

    async def enqueue_notices(self, freeze_id: str) -> None:
        for notice in await self._notices.pending(freeze_id):
            await self._enqueue_notice(notice)

    async def enqueue_late(self, within: timedelta | None) -> None:
        """Enqueue messages that were lost, but not those that are in a queue or wait for their retry."""
        late = [ref for ref in await self._messages.overdue(LATE, within) if not self._shows.is_waiting(ref)]
        notices = [each for each in await self._notices.overdue(LATE, RETRIED_FOR) if not self._tells.is_waiting(each)]
        if not late and not notices:
            return
        in_flight = await self._queues.in_flight_ids("show", "notice")
        for notice in notices:
            if notice_id(notice) not in in_flight:
                await self._enqueue_notice_again(notice)
        for ref in late:
            if show_id(ref) not in in_flight:
                await self._enqueue(ref)

    async def _show(self, ref: MessageRef) -> None:
        others = await self._queues.run_step(MESSAGES, self._shows.attempt, ref, name="MessageSync.show")
        for owed in others:
            await self._enqueue(owed)
        if any(owed.importance < Importance.THREAD_LINE for owed in others):
            await self._refresh_homes()  # which channels refuse messages has changed

    async def _tell(self, notice: FreezeNotice) -> None:
        for owed in await self._queues.run_step(NOTICES, self._tells.attempt, notice, name="FreezeNoticeSync.tell"):
            await self._enqueue_notice(owed)

    async def _enqueue(self, ref: MessageRef) -> None:
        """Enqueue one workflow per version, however often this is called: a channel takes two messages a second."""
        await self._queues.enqueue(
            SHOW_QUEUE,
            self._show_workflow,
            f"{show_id(ref)}.{ref.occasion or uuid4().hex}",
            *ref[:3],
            partition=ref.target_id,
            priority=ref.importance,
        )

    async def _enqueue_again(self, ref: MessageRef) -> None:
        await self._enqueue(ref._replace(occasion=""))

    async def _enqueue_notice(self, notice: FreezeNotice, occasion: str = "") -> None:
        workflow_id, args = (
            notice_run_id(notice, occasion),
            (notice.freeze_id, str(notice.event), notice.target_id),
        )
        await self._queues.enqueue(SHOW_QUEUE, self._notice_workflow, workflow_id, *args, partition=notice.target_id)

    async def _enqueue_notice_again(self, notice: FreezeNotice) -> None:
        await self._enqueue_notice(notice, uuid4().hex)
