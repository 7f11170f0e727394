"""Pass each request to the parts of its own Kore.ai application, and end it where the settings have none for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deletion.domain.execution_check import NOT_SERVED, PRACTICE_OVER
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import NOT_REBUILDABLE, Rebuildable
from deletion.domain.states import BEGUN
from deletion.domain.text.application_name import real_name
from deletion.lifecycle.deadlines import Deadlines
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.lease import sender_ends_at
from deletion.lifecycle.list_deadlines import ListDeadlines
from deletion.lifecycle.reappearance import Reappearances
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.refusal import end_refused
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore


@dataclass(frozen=True)
class Application:
    """The parts that act on the requests of one application. Only they have its client of Kore.ai."""

    policy: Policy
    execution: Execution
    reappearances: Reappearances
    rebuilding: Rebuilding
    deadlines: Deadlines
    list_deadlines: ListDeadlines


class Applications:
    """The applications of the settings, by name. ``transitions`` end the requests of all others."""

    def __init__(self, store: RequestStore, transitions: Transitions, applications: Iterable[Application]) -> None:
        self._store = store
        self._transitions = transitions
        self._named = {application.policy.application: application for application in applications}
        self._is_practice = any(application.policy.practice for application in self._named.values())

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the applications whose requests it executes."""
        return tuple(self._named)

    async def advance(self, request_id: str) -> datetime | None:
        """Take every step of a request that is due. Return when the next one is: see ``Execution.advance``."""
        request = await self._store.request(request_id)
        application = self._named.get(request.application) if request else None
        return await application.execution.advance(request_id) if application else None

    async def update_list(self, request_id: str) -> None:
        """Bring the cached list in line with the request's outcome: see ``Execution.update_list``."""
        request = await self._store.request(request_id)
        if request and (application := self._named.get(request.application)):
            await application.execution.update_list(request)

    async def next_in_list(self, request_id: str) -> list[str]:
        """Return the id of the request that a closed one has let begin, or nothing: see ``Execution.next_in_list``."""
        request = await self._store.request(request_id)
        application = self._named.get(request.application) if request else None
        following = await application.execution.next_in_list(request) if request and application else None
        return [following] if following else []

    async def state_of(self, deleted: Request) -> Rebuildable:
        """Return whether a closed request's campaign can be made again, or was: see ``Rebuilding.state_of``.

        In practice also for real requests, whose late messages must not lose it.
        """
        of = real_name(deleted.application)
        application = next((each for name, each in self._named.items() if real_name(name) == of), None)
        return await application.rebuilding.state_of(deleted) if application else NOT_REBUILDABLE

    async def keep_deadlines(self) -> list[str]:
        """Keep the deadlines of every application. Return the ids of the requests that changed."""
        changed = [request.id for request in await self._end_unserved()]
        for application in self._named.values():
            changed += await application.deadlines.keep()
            changed += await application.list_deadlines.keep()
        return changed

    async def recheck_unknown(self) -> list[str]:
        return [found for each in self._named.values() for found in await each.execution.recheck_unknown()]

    async def recheck_deleted(self) -> list[str]:
        return [found for each in self._named.values() for found in await each.reappearances.recheck_deleted()]

    async def _end_unserved(self) -> list[Request]:
        """End the open requests of other applications, once nothing can be sent for them any more.

        In practice the real ones wait for its end.
        """
        unserved = [
            each for each in await self._store.open_outside(self._named) if each.is_practice or not self._is_practice
        ]
        at = await self._store.database_time() if unserved else None
        due = [each for each in unserved if at and not (each.state in BEGUN and at < sender_ends_at(each))]
        ended = [await self._end(request) for request in due]
        return [request for request in ended if request]

    async def _end(self, request: Request) -> Request | None:
        """End a request as its row is now: a reading from before the end of its lease may lack that its call left."""
        current = await self._store.request(request.id)
        if current is None or current.version != request.version:
            return None
        return await end_refused(self._transitions, current, self._why_unserved(current))

    def _why_unserved(self, request: Request) -> str:
        return PRACTICE_OVER if request.is_practice and not self._is_practice else NOT_SERVED
