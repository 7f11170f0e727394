"""Measure start-up time and memory: when the bot is ready, and after many commands."""

import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

from bench.load_sender import CAMPAIGNS, Sender, command
from bench.process import megabytes, until_idle
from bench.scale import scaled
from bench.section import Goal, Section, spread, table
from bench.targets import BOT, ROOT, running
from sandbox.server import Sandbox
from sandbox.server import running as sandbox_running

COMMANDS, STEPS, STARTS, AT_ONCE = 100_000, 5, 3, 200
ANSWERED_WITHIN_SECONDS = 60
MOST, MOST_MORE_MB = 1.5, 5.0
REQUIRED = "slack_bolt.async_app, dbos, httpx, jwt, pydantic"
# Skip the interpreter's shutdown, which a running bot has not paid for either.
PRINT_MEMORY = (
    "import os, re; print(re.search(r'VmRSS:\\s+(\\d+)', open('/proc/self/status').read())[1], flush=True); os._exit(0)"
)


async def measure(folder: Path) -> Section:
    alone, required, ours = ([_imports(what) for _ in range(STARTS)] for what in ("slack_bolt, dbos", REQUIRED, "app"))
    async with sandbox_running(latency_ms=0) as sandbox:
        first, *ready = [await _start(sandbox, folder) for _ in range(1 + STARTS)]
        after = await _commanded(sandbox, folder)
    seconds, weight = ([start[part] for start in ready] for part in (0, 1))
    of_seconds, of_weight = (
        statistics.median(figure) / statistics.median(start[part] for start in alone)
        for part, figure in enumerate((seconds, weight))
    )
    grown = after[-1] - after[0]
    least, whole = ([statistics.median(start[part] for start in each) for part in (0, 1)] for each in (required, ours))
    more = (
        f"importing the required libraries takes {least[0]:.2f} s and {least[1]:.0f} MB, because asynchronous Bolt "
        f"needs aiohttp, and PyJWT needs cryptography; importing the whole bot takes {whole[0]:.2f} s and "
        f"{whole[1]:.0f} MB; the rest is the schema check, Slack's auth.test and the engine's launch"
    )
    goals = [
        Goal("start to ready, relative to importing Bolt and DBOS", f"{statistics.median(seconds):.2f} s",
             f"{of_seconds:.2f}", f"at most {MOST}", of_seconds <= MOST, more),
        Goal("memory when ready, relative to the same", f"{statistics.median(weight):.0f} MB", f"{of_weight:.2f}",
             f"at most {MOST}", of_weight <= MOST, more),
        Goal(f"memory after {scaled(COMMANDS):,} commands, relative to a fifth of them", f"{after[-1]:.0f} MB",
             f"{grown:+.1f} MB", f"at most {MOST_MORE_MB:+.0f} MB", grown <= MOST_MORE_MB, "it grows"),
    ]  # fmt: skip
    rows = [
        ["importing Bolt and DBOS", *(spread([start[part] for start in alone], 2) for part in (0, 1))],
        ["importing the required libraries", *(spread([start[part] for start in required], 2) for part in (0, 1))],
        ["importing the whole bot", *(spread([start[part] for start in ours], 2) for part in (0, 1))],
        ["the bot, with a new database", f"{first[0]:.2f}", f"{first[1]:.2f}"],
        ["the bot, with an existing database", spread(seconds, 2), spread(weight, 2)],
    ]
    steps = ", ".join(f"{megabytes_then:.0f}" for megabytes_then in after)
    lines = [
        *table(["start", "seconds to ready (spread)", "MB (spread)"], rows), "",
        f"Memory after each fifth of {scaled(COMMANDS):,} `/campaign-delete help` commands: {steps} MB.",
    ]  # fmt: skip
    return Section("Start-up and memory", goals, lines)


async def _start(sandbox: Sandbox, folder: Path) -> tuple[float, float]:
    """Return the seconds until the bot is ready, and its megabytes then."""
    began = time.perf_counter()
    async with running(BOT, sandbox.url, folder) as bot:
        return time.perf_counter() - began, megabytes(bot.pid)


async def _commanded(sandbox: Sandbox, folder: Path) -> list[float]:
    """Return the megabytes after each fifth of the commands. Each batch is answered within about a second."""
    after = []
    async with running(BOT, sandbox.url, folder) as bot, aiohttp.ClientSession() as http:
        sender = Sender(http, bot, sandbox, command)
        for _ in range(STEPS):
            for _ in range(max(1, scaled(COMMANDS) // STEPS // AT_ONCE)):
                await asyncio.gather(*(sender.ack() for _ in range(AT_ONCE)))
                await _until_answered(sandbox)
            await until_idle(bot.pid)
            after.append(megabytes(bot.pid))
    return after


async def _until_answered(sandbox: Sandbox) -> None:
    """Wait until all commands are answered, then reset the sandbox, which would grow otherwise."""
    workspace = sandbox.slack.workspace
    async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
        while len(workspace.messages[CAMPAIGNS["id"]]) < AT_ONCE:
            await workspace.newer_than(workspace.version)
    sandbox.slack.reset()


def _imports(what: str) -> tuple[float, float]:
    """Return seconds and megabytes of a process that only imports these modules."""
    began = time.perf_counter()
    program = [sys.executable, "-c", f"import {what}; {PRINT_MEMORY}"]
    said = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - a fixed command
    return time.perf_counter() - began, int(said.stdout) / 1024
