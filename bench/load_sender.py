"""Slack, in a hurry: sends a contestant signed payloads, and notes how long the acks take."""

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
from sandbox.slack import payloads, seed
from sandbox.slack.delivery import encoded, signed_headers

Payload = tuple[str, dict[str, Any]]
AT_ONCE = 32
ALICE, CAMPAIGNS = seed.users()["U0ALICE"], seed.channels()["C0CAMPAIGNS"]
_count = itertools.count()


def command() -> Payload:
    """``help``, whose answer costs Kore.ai nothing, and a trigger that nobody has seen before."""
    payload = payloads.slash_command(ALICE, CAMPAIGNS, "/campaign-delete", "help")
    return "slash_commands", {**payload, "trigger_id": f"1.{next(_count)}"}


def event() -> Payload:
    """Somebody has opened the tab with messages, which is none of ours: nothing follows the ack."""
    return "events_api", payloads.event({"type": "app_home_opened", "user": "U0ALICE", "tab": "messages"}, ALICE)


@dataclass
class Sender:
    http: aiohttp.ClientSession
    contestant: Target
    sandbox: Sandbox
    what: Callable[[], Payload]
    sent: int = 0

    async def full(self, seconds: float) -> float:
        """Acks a second, some at a time; what the contestant does after an ack is part of that second."""
        began, already = time.perf_counter(), self.sent

        async def one_after_another() -> None:
            while time.perf_counter() < began + seconds:
                await self.ack()

        await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
        acked, used = time.perf_counter(), cpu_seconds(self.contestant.pid)
        await until_idle(self.contestant.pid)
        more = cpu_seconds(self.contestant.pid) - used  # of a core of its own, so as many seconds
        return (self.sent - already) / (acked + more - began)

    async def at(self, rate: float, seconds: float) -> list[float]:
        """So many a second, whether or not the earlier ones were answered; how long each ack took."""
        began, sent = time.perf_counter(), []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            sent.append(asyncio.create_task(self.ack()))
        return await asyncio.gather(*sent)

    async def some(self, how_many: int) -> None:
        """One after another."""
        for _ in range(how_many):
            await self.ack()

    async def ack(self) -> float:
        """Seconds until the answer. Raises RuntimeError if it is no ack."""
        kind, payload = self.what()
        if kind == "slash_commands":
            payload["response_url"] = self.sandbox.slack.response_urls.issue("U0ALICE", "C0CAMPAIGNS")
        content_type, body = encoded(kind, payload)
        headers = {**signed_headers(body, int(time.time())), "Content-Type": content_type}
        began = time.perf_counter()
        async with self.http.post(self.contestant.url, data=body, headers=headers) as answer:
            await answer.read()
            if answer.status != 200:  # noqa: PLR2004 - an ack
                raise RuntimeError(f"{self.contestant.name} answered {answer.status}")
        self.sent += 1
        return time.perf_counter() - began
