"""Measure how late the event loop runs what is due: acks and deadlines are late by as much."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import Histogram

EVERY_SECONDS = 1.0
BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)  # Slack waits three seconds for an ack
LAG = Histogram("campaign_delete_event_loop_lag_seconds", "How late a timer of one second ended", buckets=BUCKETS)


@asynccontextmanager
async def measured() -> AsyncIterator[None]:
    """Measure for the duration of the block."""
    measuring = asyncio.create_task(_measure())
    try:
        yield
    finally:
        measuring.cancel()


async def _measure() -> None:
    while True:
        due = time.monotonic() + EVERY_SECONDS
        await asyncio.sleep(EVERY_SECONDS)
        LAG.observe(max(0.0, time.monotonic() - due))
