"""One question to Slack for everybody who asks it at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
WAIT_FOR_PREVIOUS_SECONDS = 1.0  # a call that hangs must not hold up those that come after it


class SingleFlight(Generic[T]):
    """Asks with ``ask`` what the argument names, and remembers no answer.

    Whoever comes while an answer is on its way shares the next one, which is asked for after they came: nobody is
    judged by what was so before they clicked. So a crowd costs two calls, of which Slack allows twenty a minute to see
    who is in a user group (docs.slack.dev/apis/web-api/rate-limits).
    """

    def __init__(self, ask: Callable[[str], Awaitable[T]]) -> None:
        self._ask = ask
        self._asked: dict[str, asyncio.Task[T]] = {}
        self._next: dict[str, asyncio.Task[T]] = {}

    async def __call__(self, what: str) -> T:
        if what not in self._next:
            self._next[what] = asyncio.create_task(self._call_after_previous(what))
        return await asyncio.shield(self._next[what])  # one who gives up takes the answer from nobody else

    async def _call_after_previous(self, what: str) -> T:
        if last := self._asked.get(what):
            await asyncio.wait({last}, timeout=WAIT_FOR_PREVIOUS_SECONDS)
        mine = self._asked[what] = self._next.pop(what)
        try:
            return await self._ask(what)
        finally:
            if self._asked.get(what) is mine:  # one that was quicker has been asked since
                del self._asked[what]
