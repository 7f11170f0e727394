"""End a request whose campaign changed, or that today's settings do not allow."""

from deletion.domain.clock import now
from deletion.domain.execution_check import refuse_reading
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Attempt, AttemptKind, Observation, Purpose, Request, State
from deletion.domain.outcome import outcome, rebuilt
from deletion.domain.policy import Policy
from deletion.lifecycle.transitions import Transitions
from kore_api.models import Campaign

BEGUN = frozenset({State.DELETING, State.REBUILDING})


async def end_if_not_deletable(transitions: Transitions, request: Request, campaign: Campaign, policy: Policy) -> bool:
    """End the request if the campaign, as just read, is not what was requested or may not be deleted. Return whether.

    Also True if the request was changed meanwhile: the caller reads it again.
    """
    if differences := request.campaign.differences(CampaignFingerprint.of(campaign)):
        details = {"changed": ", ".join(difference.field for difference in differences)}
        await transitions.move(request, State.CHANGED, "changed", details=details, differences=differences)
    elif why := refuse_reading(campaign, policy):
        await end_refused(transitions, request, why, Observation.PRESENT)
    else:
        return False
    return True


async def end_refused(
    transitions: Transitions, request: Request, why: str, seen: Observation | None = None
) -> Request | None:
    """End the request without another call to Kore.ai; "unknown" if an earlier attempt may still count.

    ``seen`` is None if the bot did not look. Return None if the request was changed meanwhile.
    """
    lost = AttemptKind.NO_ANSWER if request.state in BEGUN and not request.is_practice else AttemptKind.NOT_SENT
    earlier = request.attempt or Attempt(kind=lost, at=now())
    attempt = earlier.model_copy(update={"explanation": why})
    ends = rebuilt if request.purpose is Purpose.REBUILD else outcome
    # At a rate limit nothing happened, or the request would not have been returned to "approved".
    kind = attempt.kind if attempt.retry_after_seconds is None else AttemptKind.NOT_SENT
    ended = ends(kind, seen or Observation.UNCLEAR)
    details = {**attempt.told, **({"observation": str(seen)} if seen else {})}
    return await transitions.move(request, ended, str(ended), details=details, attempt=attempt, observation=seen)
