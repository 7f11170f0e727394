"""Judge an approved request by today's settings, immediately before it is executed."""

from deletion.domain.models import Request
from deletion.domain.policy import Policy, Refusal
from kore_api.models import Campaign

OTHER_ACCOUNT = "It was requested for another Kore.ai account than the one in my settings now, so I leave it alone."
NOT_SERVED = "It was requested for a Kore.ai application that is no longer in my settings, so I leave it alone."
PRACTICE_OVER = "It was requested in practice, and practice is over, so I sent nothing and closed it."
ON_HOLD = "It was put on hold after the request, so I leave it alone."
REFUSALS = {
    Refusal.VOICE: "It is a voice campaign.",
    Refusal.NOT_SMS: "It is not an SMS campaign.",
    Refusal.PROTECTED: "My settings protect campaigns with its name.",
    Refusal.STATUS: "My settings do not allow me to delete campaigns in its status.",
}


def lacks_approvals(request: Request, policy: Policy) -> bool:
    """Return whether today's settings ask for more approvals than it has."""
    return len({each.person_id for each in request.approvals}) < policy.approvals_required + request.extra_approvals


def refuse_reading(campaign: Campaign, policy: Policy) -> str | None:
    """Return why a campaign may not be deleted as it was just read, or None."""
    refusal = policy.refuse_campaign(campaign)
    return REFUSALS[refusal] if refusal else None
