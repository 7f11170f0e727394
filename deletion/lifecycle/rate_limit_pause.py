"""Pause a request while Kore.ai's rate limit is used up. The pause ends by itself and has a maximum."""

from datetime import datetime, timedelta
from typing import Any

from deletion.domain.attempt import Attempt
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.lifecycle.transitions import Transitions
from kore_api.errors import KoreRateLimitError

TO_ATTEMPT = timedelta(hours=1)  # the longest pause before a delete or a create
HELD = timedelta(minutes=10)  # after the end of a pause: then something else has held the request
TO_VERIFY = timedelta(minutes=10)  # the longest pause after one
WAITING = "waiting for Kore.ai"  # the event of a pause's beginning
GAVE_UP = "Kore.ai's rate limit was reached for an hour, so I gave up."


class RateLimitPause:
    """Record when a request goes on, and since when it has been paused."""

    def __init__(self, transitions: Transitions) -> None:
        self._transitions = transitions

    async def defer(self, request: Request, limit: KoreRateLimitError) -> Request | None:
        """Pause a request in its state. Return None if it was changed meanwhile."""
        details = {"kore_message": limit.own_words, "why": str(limit)}
        return await self._pause(request, request.state, request.waiting_since, limit.retry_after_seconds, details)

    async def return_to_approved(self, begun: Request, attempt: Attempt, since: datetime | None) -> Request | None:
        """Return a request to "approved" because its attempt met the rate limit; the attempt stays on record."""
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
            "still waiting for Kore.ai" if since else WAITING,
            details={**details, "until": until.isoformat(timespec="seconds")},
            execute_after=until,
            waiting_since=since or at,
            **changes,
        )


def is_not_due(request: Request) -> bool:
    """Return whether the request's next step has to wait for its ``execute_after``."""
    return request.execute_after is not None and now() < request.execute_after


def without_held_pause(request: Request) -> Request:
    """Return the request, without the beginning of its pause if that ended long ago.

    A freeze, the pause of its list or a stop of the bot has held it since, which is no wait for Kore.ai.
    """
    is_held = request.waiting_since and request.execute_after and now() - request.execute_after > HELD
    return request.model_copy(update={"waiting_since": None}) if is_held else request


def has_waited(since: datetime | None, longest: timedelta) -> bool:
    """Return whether a pause that began at ``since`` has reached its maximum."""
    return since is not None and now() - since > longest
