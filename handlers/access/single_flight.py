"""Share one call among concurrent identical lookups."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
WAIT_FOR_PREVIOUS_SECONDS = 1.0  # a call that hangs does not block the next one


class SingleFlight(Generic[T]):
    """Calls ``fetch`` with a key, and caches no result.

    A lookup that comes while a call is in flight shares the next call, which starts after it came: no user is judged
    by a result from before their click. So any number of concurrent lookups costs two calls. Slack allows twenty a
    minute for the members of a user group (docs.slack.dev/apis/web-api/rate-limits).
    """

    def __init__(self, fetch: Callable[[str], Awaitable[T]]) -> None:
        self._fetch = fetch
        self._in_flight: dict[str, asyncio.Task[T]] = {}
        self._next: dict[str, asyncio.Task[T]] = {}

    async def __call__(self, key: str) -> T:
        if key not in self._next:
            self._next[key] = asyncio.create_task(self._call_after_previous(key))
        return await asyncio.shield(self._next[key])  # a cancelled lookup cancels no other

    async def _call_after_previous(self, key: str) -> T:
        if last := self._in_flight.get(key):
            await asyncio.wait({last}, timeout=WAIT_FOR_PREVIOUS_SECONDS)
        mine = self._in_flight[key] = self._next.pop(key)
        try:
            return await self._fetch(key)
        finally:
            if self._in_flight.get(key) is mine:  # unless a later call has replaced it
                del self._in_flight[key]
