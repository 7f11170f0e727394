"""Keep the bot's own bookkeeping from holding back Kore.ai's answer while the database is slow."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

WRITE_SECONDS = 1.0
running: set[asyncio.Task[None]] = set()  # the event loop itself holds no reference to its tasks
log = logging.getLogger(__name__)


async def write_briefly(write: Coroutine[Any, Any, None], name: str) -> None:
    """Wait for a write for a second at most; after that, or if the caller is cancelled, it goes on in the background.

    So the caller of Kore.ai gets the answer, and can record it, before its own time-out.
    """
    task = asyncio.create_task(write)
    running.add(task)
    task.add_done_callback(running.discard)
    done, _ = await asyncio.wait({task}, timeout=WRITE_SECONDS)
    if not done:
        log.warning("Kore.ai write is slow", extra={"write": name})
    for ended in done:
        ended.result()
