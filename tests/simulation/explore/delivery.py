"""Slack's deliveries to the replicas: each to one of them, within three seconds, sometimes late and sometimes again."""

import asyncio

from multidict import CIMultiDict

from tests.simulation.explore.ledger import Ledger
from tests.simulation.loop import SimulatedLoop
from tests.simulation.process import in_the_world
from tests.simulation.replica import NotListeningError, Replica

ACK_SECONDS, GIVES_UP_SECONDS = 3.0, 60.0
Answer = tuple[int, str, bytes]


class Deliveries:
    """``late`` and ``again`` are the seconds by which the next payloads arrive late, and are delivered again."""

    def __init__(self, loop: SimulatedLoop, ledger: Ledger, latency_seconds: float) -> None:
        self._loop = loop
        self._ledger = ledger
        self._latency_seconds = latency_seconds
        self.replicas: list[Replica] = []
        self.late: list[float] = []
        self.again: list[float] = []

    async def receive(self, headers: CIMultiDict[str], body: bytes) -> Answer:
        """Return the bot's answer. Raises TimeoutError, or NotListeningError if no replica is ready."""
        if self.late:
            self._ledger.struck("payload late")
            in_the_world(self._deliver_later(headers, body, self.late.pop()))
            await asyncio.sleep(ACK_SECONDS)
            raise TimeoutError
        if self.again:
            self._ledger.struck("payload twice")
            in_the_world(self._deliver_later(headers, body, self.again.pop()))
        async with asyncio.timeout(ACK_SECONDS):
            return await self._deliver(headers, body)

    async def _deliver_later(self, headers: CIMultiDict[str], body: bytes, seconds: float) -> None:
        await asyncio.sleep(seconds)
        try:
            await asyncio.wait_for(self._deliver(headers, body), GIVES_UP_SECONDS)
        except (TimeoutError, ConnectionError):
            self._ledger.tell(self._loop.now, "Slack", "gives up a delivery")

    async def _deliver(self, headers: CIMultiDict[str], body: bytes) -> Answer:
        await asyncio.sleep(self._latency_seconds * self._loop.random.random())
        ready = [replica for replica in self.replicas if replica.is_ready]
        if not ready:
            raise NotListeningError
        return await self._loop.random.choice(ready).receive(headers, body)
