"""Measure how many signed payloads one core handles per second, and the latency of an ack at half that rate.

First ``/campaign-delete help`` with everything after the ack (user lookup, authorization, answer), then an event
without any work after the ack.
"""

import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench import profile
from bench.load_sender import AT_ONCE, Payload, Sender, command, event
from bench.process import cpu_seconds
from bench.scale import scaled
from bench.section import Goal, Section, percentile, spread, table
from bench.targets import BARE, BOT, TEMPLATE, running
from sandbox.server import Sandbox
from sandbox.server import running as sandbox_running

TARGET_CORE, OUR_CORE = 0, 1  # the measured process has a core of its own
SECONDS, ROUNDS, PROFILED = 2, 3, 400
LEAST_OF_BARE, LEAST_OF_TEMPLATE = 0.8, 10.0
HEAD = ("target", "CPU ms per payload", "per second and core", "per second, measured (spread)", "p50 ms", "p99 ms")


@dataclass(frozen=True)
class Acks:
    """The measured rate of each round, CPU seconds per payload, and the ack latencies at half of that rate."""

    name: str
    rates: list[float]
    cpu_seconds: float
    seconds: list[float]

    @property
    def by_clock(self) -> float:
        return statistics.median(self.rates)

    @property
    def of_core(self) -> float:
        """Return the payloads per second of one busy core, regardless of how fast the sender is."""
        return 1 / self.cpu_seconds

    @property
    def row(self) -> list[str]:
        times = (f"{1000 * percentile(self.seconds, percent):.1f}" for percent in (50, 99))
        return [self.name, f"{1000 * self.cpu_seconds:.2f}", f"{self.of_core:,.0f}", spread(self.rates), *times]


async def measure(folder: Path) -> Section:
    os.sched_setaffinity(0, {OUR_CORE})
    try:
        async with sandbox_running(latency_ms=0) as sandbox:
            commands = {name: await _of(name, sandbox, folder, command) for name in (BARE, TEMPLATE, BOT)}
            events = {name: await _of(name, sandbox, folder, event) for name in (BARE, BOT)}
            of_command = await profile.shares(sandbox, folder, command, PROFILED)
            of_event = await profile.shares(sandbox, folder, event, 5 * PROFILED)
    finally:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    lines = [
        f"`/campaign-delete help`, {AT_ONCE} at a time, including everything after the ack; p50 and p99 of an ack at",
        "half of the measured rate. The template's server handles one request at a time, so its core is idle.", "",
        *table(HEAD, [each.row for each in commands.values()]), "",
        f"CPU time of the bot for a command, by package: {of_command}.", "",
        "An event without any work after the ack:", "",
        *table(HEAD, [each.row for each in events.values()]), "",
        f"CPU time of the bot for it, by package: {of_event}.",
    ]  # fmt: skip
    return Section("Acks", _goals(commands, events), lines)


def _goals(commands: dict[str, Acks], events: dict[str, Acks]) -> list[Goal]:
    of_bare = commands[BOT].of_core / commands[BARE].of_core
    of_template = commands[BOT].by_clock / commands[TEMPLATE].by_clock
    alone = events[BOT].of_core / events[BARE].of_core
    after = 1000 * (commands[BOT].cpu_seconds - events[BOT].cpu_seconds)
    checked = 1000 * (events[BOT].cpu_seconds - events[BARE].cpu_seconds)
    why = (
        f"the work after the ack (three calls to Slack, a row for deduplication, an answer) takes {after:.1f} ms of "
        f"CPU. Up to the ack, the bot reaches {alone:.2f} of the bare listener's rate, {checked:.2f} ms more per "
        "payload, because the payload is checked before Bolt sees it, and Bolt matches more listeners"
    )
    return [
        Goal("commands per second and core, relative to only ack", f"{commands[BOT].of_core:,.0f}", f"{of_bare:.2f}",
             f"at least {LEAST_OF_BARE}", of_bare >= LEAST_OF_BARE, why),
        Goal("commands per second, relative to the template", f"{commands[BOT].by_clock:,.0f}",
             f"{of_template:.1f}", f"at least {LEAST_OF_TEMPLATE:.0f}", of_template >= LEAST_OF_TEMPLATE,
             "the same; the template looks nothing up and stores nothing before it answers"),
    ]  # fmt: skip


async def _of(name: str, sandbox: Sandbox, folder: Path, what: Callable[[], Payload]) -> Acks:
    async with (
        running(name, sandbox.url, folder, TARGET_CORE) as target,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
    ):
        sender = Sender(http, target, sandbox, what)
        await sender.full(0.5)  # warm up
        before, already = cpu_seconds(target.pid), sender.sent
        rates = [await sender.full(scaled(SECONDS, 1)) for _ in range(scaled(ROUNDS, 1))]
        each = (cpu_seconds(target.pid) - before) / (sender.sent - already)
        return Acks(name, rates, each, await sender.at(statistics.median(rates) / 2, scaled(SECONDS, 1)))
