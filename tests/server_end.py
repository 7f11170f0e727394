"""Servers of aiohttp that leave no connection open when they end.

A connection that asyncio accepts just before its server closes stays open for ever (CPython issue 109564). Whatever
test runs when it is garbage-collected would fail.
"""

import asyncio

import pytest
from aiohttp.web_runner import BaseRunner

TURNS_TO_ACCEPT = 3  # of the event loop


def leave_nothing_open(patch: pytest.MonkeyPatch) -> None:
    """Let each server accept no connection any more before it closes."""
    cleanup = BaseRunner.cleanup

    async def cleanup_later(runner: BaseRunner) -> None:
        loop = asyncio.get_running_loop()
        for site in runner.sites:
            for listening in getattr(site._server, "sockets", ()):  # noqa: SLF001 - aiohttp has no name for it
                loop.remove_reader(listening)
        for _ in range(TURNS_TO_ACCEPT):
            await asyncio.sleep(0)
        await cleanup(runner)

    patch.setattr(BaseRunner, "cleanup", cleanup_later)
