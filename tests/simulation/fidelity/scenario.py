"""Workflows that meet every promise of the engine that the bot relies on, in two lives: the first ends in a crash."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from pydantic import TypeAdapter

from deletion.engine.durable_queues import DurableQueues, Workflow
from deletion.engine.queues import EXECUTE_QUEUE, SHOW_QUEUE

TEXT: TypeAdapter[str] = TypeAdapter(str)
CALLS_PER_MINUTE = 600
DELAY_SECONDS, FIRST_LIFE_SECONDS, PATIENCE_SECONDS = 1.0, 20.0, 60.0
Crash = Callable[[], Awaitable[None]]


class Scenario:
    """``note`` appends a line to a journal that outlives the crash; ``crash`` ends the process and never returns."""

    def __init__(self, queues: DurableQueues, note: Callable[[str], None], crash: Crash, folder: Path) -> None:
        self._queues = queues
        self._note = note
        self._crash = crash
        self._folder = folder
        self._noted, self._steps, self._fails, self._parent = self._register()

    def _register(self) -> tuple[Workflow, Workflow, Workflow, Workflow]:
        """Register plain functions, because DBOS takes no methods."""

        async def noted(line: str) -> None:
            await self._run_noted(line)

        async def steps() -> None:
            await self._run_steps()

        async def fails() -> None:
            await self._run_failing()

        async def parent() -> None:
            await self._run_parent()

        register = self._queues.workflow
        return (
            register("execute")(noted),
            register("show")(steps),
            register("notice")(fails),
            register("follow")(parent),
        )

    async def first_life(self) -> None:
        """Start everything; a step crashes the process once the rest has run."""
        for _ in range(3):
            await self._queues.enqueue(SHOW_QUEUE, self._noted, "same.1", "same id", partition="a")
        await self._queues.start(self._noted, "same.1", "same id, started")
        for number in range(3):
            await self._queues.enqueue(SHOW_QUEUE, self._noted, f"line.{number}", f"line {number}", partition="line")
        await self._queues.enqueue(
            EXECUTE_QUEUE, self._noted, "late.1", "after its delay", partition="b", delay_seconds=DELAY_SECONDS
        )
        await self._queues.start(self._fails, "fails.1")
        await self._queues.start(self._parent, "parent.1")
        await self._queues.enqueue(SHOW_QUEUE, self._steps, "steps.1", partition="steps", delay_seconds=3.0)
        await asyncio.sleep(FIRST_LIFE_SECONDS)
        self._note("the first life did not crash")

    async def second_life(self) -> None:
        """Let recovery continue, and try to start again what has ended."""
        await self._queues.start(self._fails, "fails.1")
        await self._queues.enqueue(SHOW_QUEUE, self._noted, "same.1", "same id, later", partition="a")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._queues.in_flight_ids("execute", "show", "notice", "follow"):  # noqa: ASYNC110 - another process cannot set an Event
                await asyncio.sleep(0.2)
        self._note("nothing is in flight")

    async def _run_noted(self, line: str) -> None:
        self._note(f"{line}: begins")
        await asyncio.sleep(0.05)
        self._note(f"{line}: ends")

    async def _run_steps(self) -> None:
        self._note("steps: begins")
        first = await self._queues.run_step(TEXT, self._first)
        self._note(f"steps: has {first}")
        await self._queues.enqueue(SHOW_QUEUE, self._noted, "child.of-steps", "child of steps", partition="child")
        second = await self._queues.run_step(TEXT, self._second)
        self._note(f"steps: has {second}")

    async def _first(self) -> str:
        self._note("steps: first runs")
        return "first"

    async def _second(self) -> str:
        self._note("steps: second runs")
        if not (struck := self._folder / "struck").exists():
            await asyncio.sleep(1.0)  # the child of this workflow ends meanwhile
            struck.touch()
            await self._crash()
        return "second"

    async def _run_failing(self) -> None:
        self._note("fails: begins")
        await self._queues.run_step(TEXT, self._broken)

    async def _broken(self) -> str:
        self._note("fails: step runs")
        raise ValueError("broken")

    async def _run_parent(self) -> None:
        await self._queues.enqueue(SHOW_QUEUE, self._noted, "child.1", "child", partition="c")
        await self._queues.start(self._noted, "child.2", "started child")
