"""The simulated loop: virtual time, one seeded order, processes that die or are suspended."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from tests.simulation.loop import SimulatedLoop, StuckError
from tests.simulation.process import Process


def run(main: Callable[[], Awaitable[list[str]]], seed: int = 1) -> list[str]:
    loop = SimulatedLoop(seed)
    try:
        return loop.run_until_complete(main())
    finally:
        loop.close()


async def three_tasks() -> list[str]:
    seen: list[str] = []

    async def act(name: str) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
            seen.append(name)
        seen.append(uuid4().hex)

    await asyncio.gather(*(act(name) for name in "abc"))
    return seen


def test_seed_decides_order_and_random_ids() -> None:
    assert run(three_tasks, seed=1) == run(three_tasks, seed=1)
    assert run(three_tasks, seed=1) != run(three_tasks, seed=2)


def test_a_day_passes_at_once() -> None:
    async def main() -> list[str]:
        at, wall = time.monotonic(), time.time()
        await asyncio.sleep(86_400)
        return [str(time.monotonic() - at), str(round(time.time() - wall))]

    began = time.monotonic()
    assert run(main) == ["86400.0", "86400"]
    assert time.monotonic() - began < 60


def test_waiting_for_nothing_is_an_error() -> None:
    async def main() -> list[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(StuckError):
        run(main)


def test_dead_process_runs_no_finally() -> None:
    async def main() -> list[str]:
        seen: list[str] = []

        async def act() -> None:
            try:
                await asyncio.sleep(5)
            finally:
                seen.append("finally")

        process = Process("a")
        process.run(act())
        await asyncio.sleep(1)
        process.kill()
        await asyncio.sleep(60)
        left = list(seen)
        process.bury()
        return left

    assert run(main) == []


def test_suspended_process_continues_where_it_was() -> None:
    async def main() -> list[str]:
        seen: list[str] = []

        async def act() -> None:
            await asyncio.sleep(1)
            seen.append(f"{asyncio.get_running_loop().time():.0f}")

        process = Process("a", suspended_until=30)
        process.run(act())
        await asyncio.sleep(60)
        return seen

    assert run(main) == ["31"]


def test_processes_have_their_own_clocks() -> None:
    async def main() -> list[str]:
        async def clocks() -> tuple[float, float]:
            return time.time(), time.monotonic()

        wall, monotonic = await Process("a", skew_seconds=90, booted_at=1_000).run(clocks())
        return [str(round(wall - time.time())), str(round(monotonic - time.monotonic()))]

    assert run(main) == ["90", "1000"]
