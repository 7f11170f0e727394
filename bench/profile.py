"""Profile the bot's main thread: the share of CPU time of each package per payload."""

import asyncio
import pstats
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from bench.load_sender import AT_ONCE, Payload, Sender
from bench.process import until_idle
from bench.scale import scaled
from bench.targets import BOT, ROOT, running
from sandbox.server import Sandbox

SHOWN = 6
WAITING = "poll"  # of select.epoll: idle
OURS = re.compile(rf"{ROOT}/(handlers|slack_ui|deletion|kore_api|app|logs)\b")
INSTALLED, BUILT_IN = re.compile(r"site-packages/(\w+)"), "~"


async def shares(
    sandbox: Sandbox,
    folder: Path,
    what: Callable[[], Payload],
    how_many: int,
    settings: Mapping[str, str] | None = None,
) -> str:
    """Return the packages with the largest shares, without the cost of start-up."""
    nothing = await _seconds(sandbox, folder, what, 0, settings)
    payloads = await _seconds(sandbox, folder, what, scaled(how_many, 100), settings)
    payloads.subtract(nothing)
    whole = sum(seconds for seconds in payloads.values() if seconds > 0)
    return ", ".join(f"{name} {100 * seconds / whole:.0f} %" for name, seconds in payloads.most_common(SHOWN))


async def _seconds(
    sandbox: Sandbox, folder: Path, what: Callable[[], Payload], how_many: int, settings: Mapping[str, str] | None
) -> Counter[str]:
    profile = folder / "profile"
    profiled = ("-m", "cProfile", "-o", str(profile))
    async with (
        running(BOT, sandbox.url, folder, under=profiled, settings=settings) as bot,
        aiohttp.ClientSession() as http,
    ):
        sender = Sender(http, bot, sandbox, what)
        await asyncio.gather(*(sender.some(how_many // AT_ONCE) for _ in range(AT_ONCE)))
        await until_idle(bot.pid)
    found: Counter[str] = Counter()
    stats: dict[tuple[str, int, str], Any] = pstats.Stats(str(profile)).stats  # type: ignore[attr-defined]  # typeshed leaves it out
    for (file, _, function), (_, _, own_seconds, _, callers) in stats.items():
        if WAITING in function:
            continue
        if file != BUILT_IN:
            found[_package(file)] += own_seconds
        for (caller, _, _), (_, _, seconds, _) in callers.items() if file == BUILT_IN else ():
            found[_package(caller)] += seconds
    return found


def _package(file: str) -> str:
    """Whose code this is; a built-in function is counted for who called it."""
    if OURS.search(file):
        return "the bot's own"
    if installed := INSTALLED.search(file):
        return installed[1]
    return f"Python's {'asyncio' if 'asyncio' in file or 'selectors' in file else 'library'}"
