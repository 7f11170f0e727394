"""An approved request whose campaign could not be read: nothing is sent for it."""

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle.executor import return_unsent
from deletion.lifecycle.rate_limit_pause import GAVE_UP, TO_ATTEMPT, RateLimitPause, has_waited
from deletion.lifecycle.transitions import Transitions
from kore_api.errors import CampaignNotFoundError, KoreError, KoreRateLimitError, KoreUncountedError


def refused_before(request: Request) -> Attempt | None:
    """Return the attempt of an approved request that the rate limit refused, which was sent."""
    return request.attempt if request.attempt and request.attempt.kind is AttemptKind.REFUSED else None


async def unsent_attempt(
    campaign: CampaignGateway, transitions: Transitions, request: Request, error: KoreError
) -> tuple[Attempt, Observation] | None:
    """Return the attempt that the request ends with, and what was seen of the campaign. None if it is due later.

    It sent nothing, or is the one that the rate limit refused before, which stays on record. Look once more, at both of
    its sources, for a campaign that was not found.
    """
    if isinstance(error, KoreUncountedError):
        await return_unsent(transitions, request, str(error), request.waiting_since)
        return None
    seen: Observation | KoreError = error
    if isinstance(error, CampaignNotFoundError):
        seen = await campaign.observe(request.campaign.campaign_id, request.witnesses, patient=False)
    explanation = str(error)
    if isinstance(seen, KoreRateLimitError):
        if not has_waited(request.waiting_since, TO_ATTEMPT):
            await RateLimitPause(transitions).defer(request, seen)
            return None
        explanation = GAVE_UP
    if refused := refused_before(request):
        last = refused.model_copy(update={"explanation": explanation})
    else:
        last = Attempt(kind=AttemptKind.NOT_SENT, at=now(), kore_message=error.own_words, explanation=explanation)
    return last, seen if isinstance(seen, Observation) else Observation.UNCLEAR
