"""Post each outcome to the operator's webhook, in order, until it is accepted."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from deletion.db.connection import failure_code
from deletion.db.failure import is_of_database
from deletion.stores.webhook_store import OutcomeEvent, WebhookStore

LOOKS_EVERY_SECONDS, CLOSE_SECONDS = 2.0, 3.0
CLAIMED_FOR = timedelta(seconds=30)  # longer than a post takes; a replica that died holds no event for longer
Post = Callable[[OutcomeEvent], Awaitable[str]]  # returns nothing if the event was accepted, else why not
log = logging.getLogger(__name__)


@asynccontextmanager
async def delivering(store: WebhookStore, post: Post) -> AsyncIterator[None]:
    """Post outcomes for the duration of the block, from those after its first start on.

    At least once: a crash between the receiver's answer and the database posts an event again. At the end of the block,
    the post under way has ``CLOSE_SECONDS`` to be accepted: a cancelled statement leaves its connection open.
    """
    await store.begin()
    closing = asyncio.Event()
    task = asyncio.create_task(_keep_delivering(store, post, closing))
    try:
        yield
    finally:
        closing.set()
        await asyncio.wait({task}, timeout=CLOSE_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _keep_delivering(store: WebhookStore, post: Post, closing: asyncio.Event) -> None:
    while not closing.is_set():
        try:
            await deliver(store, post)
        except Exception as error:
            fields, traceback = {"error": failure_code(error)}, None if is_of_database(error) else error
            log.error("Webhook delivery failed; trying again", extra=fields, exc_info=traceback)  # noqa: TRY400 - or none
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), LOOKS_EVERY_SECONDS)


async def deliver(store: WebhookStore, post: Post) -> None:
    """Post what is owed, unless another replica is posting. A rejected post is repeated after a pause."""
    while event := await store.claim(CLAIMED_FOR):
        if not (why := await post(event)):
            await store.accepted(event)
            continue
        pause = await store.failed(event)
        fields = {"request_id": event.request_id, "campaign_id": event.campaign_id, "error": why}
        log.warning("Webhook failed", extra={**fields, "retry_seconds": pause.total_seconds()})
        return
