"""Send signed payloads to a target at a high rate, and measure the ack latencies."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from bench.process import cpu_seconds, until_idle
from bench.targets import Target
from sandbox.server import Sandbox
from sandbox.slack import seed
from sandbox.slack.interactions import payloads
from sandbox.slack.interactions.delivery import encoded, signed_headers

Payload = tuple[str, dict[str, Any]]
AT_ONCE = 32
ALICE, CAMPAIGNS = seed.users()["U0ALICE"], seed.channels()["C0CAMPAIGNS"]
_count = itertools.count()


def command() -> Payload:
    """Return the command ``help``, which needs no call to Kore.ai, with a new trigger."""
    payload = payloads.slash_command(ALICE, CAMPAIGNS, "/campaign-delete", "help")
    return "slash_commands", {**payload, "trigger_id": f"1.{next(_count)}"}


def event() -> Payload:
    """Return an event that the bot ignores after the ack: the messages tab was opened."""
    return "events_api", payloads.event({"type": "app_home_opened", "user": "U0ALICE", "tab": "messages"}, ALICE)


@dataclass
class Sender:
    http: aiohttp.ClientSession
    target: Target
    sandbox: Sandbox
    what: Callable[[], Payload]
    sent: int = 0

    async def full(self, seconds: float) -> float:
        """Return the acks per second at full load, including the target's work after each ack."""
        began, already = time.perf_counter(), self.sent

        async def send_sequentially() -> None:
            while time.perf_counter() < began + seconds:
                await self.ack()

        await asyncio.gather(*(send_sequentially() for _ in range(AT_ONCE)))
        acked, used = time.perf_counter(), cpu_seconds(self.target.pid)
        await until_idle(self.target.pid)
        more = cpu_seconds(self.target.pid) - used  # the target has a core of its own, so CPU seconds are seconds
        return (self.sent - already) / (acked + more - began)

    async def at(self, rate: float, seconds: float) -> list[float]:
        """Send at a fixed rate without waiting for answers; return the latency of each ack."""
        began, sent = time.perf_counter(), []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            sent.append(asyncio.create_task(self.ack()))
        return await asyncio.gather(*sent)

    async def some(self, how_many: int) -> None:
        """Send payloads sequentially."""
        for _ in range(how_many):
            await self.ack()

    async def ack(self) -> float:
        """Send one payload and return the seconds until its ack. Raises RuntimeError for another answer."""
        kind, payload = self.what()
        if kind == "slash_commands":
            payload["response_url"] = self.sandbox.slack.response_urls.issue("U0ALICE", "C0CAMPAIGNS")
        content_type, body = encoded(kind, payload)
        headers = {**signed_headers(body, int(time.time())), "Content-Type": content_type}
        began = time.perf_counter()
        async with self.http.post(self.target.url, data=body, headers=headers) as answer:
            await answer.read()
            if answer.status != 200:  # noqa: PLR2004 - the ack
                raise RuntimeError(f"{self.target.name} answered {answer.status}")
        self.sent += 1
        return time.perf_counter() - began
