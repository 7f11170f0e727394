"""An event loop whose clock only a test moves, so that a slow machine makes nothing late."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class StoppedLoop(asyncio.SelectorEventLoop):
    moved_seconds = 0.0

    def time(self) -> float:
        return self.moved_seconds


async def with_time_passing(call: Coroutine[Any, Any, Result], waits: Callable[[], bool]) -> Result:
    """Return the result of a call. As long as it waits for what never comes, a second passes in each turn."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, StoppedLoop)
    task = loop.create_task(call)
    while not task.done():
        if waits():
            loop.moved_seconds += 1
        await asyncio.sleep(0)
    return task.result()
