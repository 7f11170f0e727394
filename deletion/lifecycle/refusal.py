"""End a request that today's settings do not allow."""

from deletion.domain.clock import now
from deletion.domain.models import Attempt, AttemptKind, Observation, Purpose, Request, State
from deletion.domain.outcome import outcome, rebuilt
from deletion.lifecycle.transitions import Transitions

BEGUN = frozenset({State.DELETING, State.REBUILDING})


async def end_refused(
    transitions: Transitions, request: Request, why: str, seen: Observation | None = None
) -> Request | None:
    """End the request without another call to Kore.ai; "unknown" if an earlier attempt may still count.

    ``seen`` is None if the bot did not look. Return None if the request was changed meanwhile.
    """
    lost = AttemptKind.NO_ANSWER if request.state in BEGUN else AttemptKind.NOT_SENT
    earlier = request.attempt or Attempt(kind=lost, at=now())
    attempt = earlier.model_copy(update={"explanation": why})
    ends = rebuilt if request.purpose is Purpose.REBUILD else outcome
    ended = ends(attempt.kind, seen or Observation.UNCLEAR)
    details = {**attempt.told, **({"observation": str(seen)} if seen else {})}
    return await transitions.move(request, ended, str(ended), details=details, attempt=attempt, observation=seen)
