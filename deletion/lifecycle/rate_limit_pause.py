"""What happens to a request while Kore.ai's limit is used up: nothing, then it goes on by itself, and not for ever."""

from datetime import datetime, timedelta
from typing import Any

from deletion.domain.clock import now
from deletion.domain.models import Attempt, Request, State
from deletion.lifecycle.transitions import Transitions
from kore_api.errors import KoreRateLimitError

TO_BEGIN = timedelta(hours=1)
TO_LOOK = timedelta(minutes=10)  # what it did
GAVE_UP = "Kore.ai's limit of calls was used up for an hour, so I gave up."


class Waiting:
    """Puts the time at which the engine goes on into the row, and tells since when it waits."""

    def __init__(self, transitions: Transitions) -> None:
        self._transitions = transitions

    async def defer(self, request: Request, limit: KoreRateLimitError) -> Request | None:
        """In the same state. None if somebody else changed it first."""
        details = {"kore_message": limit.kore_message, "why": str(limit)}
        return await self._pause(request, request.state, request.waiting_since, limit.retry_after_seconds, details)

    async def return_to_approved(self, begun: Request, attempt: Attempt, since: datetime | None) -> Request | None:
        """To "approved", because what was sent met the limit and nothing happened; what came of it is kept."""
        seconds = attempt.retry_after_seconds
        return await self._pause(begun, State.APPROVED, since, seconds, attempt.told, attempt=attempt)

    async def _pause(
        self,
        request: Request,
        to: State,
        since: datetime | None,
        seconds: float | None,
        details: dict[str, str],
        **changes: Any,
    ) -> Request | None:
        at = now()
        until = at + timedelta(seconds=seconds or 0)
        return await self._transitions.move(
            request,
            to,
            "still waiting for Kore.ai" if since else "waiting for Kore.ai",
            details={**details, "until": until.isoformat(timespec="seconds")},
            execute_after=until,
            waiting_since=since or at,
            **changes,
        )


def is_not_due(request: Request) -> bool:
    """Whether nothing is to be done with it yet; whoever waits for that time comes back."""
    return request.execute_after is not None and now() < request.execute_after


def has_waited(since: datetime | None, longest: timedelta) -> bool:
    """Whether somebody who began to wait then has waited long enough."""
    return since is not None and now() - since > longest
