"""Judge an approved request by today's settings, immediately before it is executed."""

from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy, Refusal
from deletion.domain.stopping import is_stopped
from kore_api.models import Campaign

OTHER_ACCOUNT = "It was requested for another Kore.ai account than the one in my settings now, so I leave it alone."
NOT_SERVED = "It was requested for a Kore.ai application that is no longer in my settings, so I leave it alone."
PRACTICE_OVER = "It was requested in practice, and practice is over, so I sent nothing and closed it."
THERE_AGAIN = "The deleted campaign is there again, or may be, so I created no other one."
DELETED_AGAIN = (
    "The campaign was there again and was deleted again. The archive has a newer copy of it, so I created no campaign "
    "from the older one."
)
ON_HOLD = "It was put on hold after the request, so I leave it alone."
ARCHIVE_LOST = (
    "A form of this request said that it can be rebuilt, and my settings have no archive key now, so I leave it alone."
)
REFUSALS = {
    Refusal.VOICE: "It is a voice campaign.",
    Refusal.NOT_SMS: "It is not an SMS campaign.",
    Refusal.PROTECTED: "My settings protect campaigns with its name.",
    Refusal.STATUS: "My settings do not allow me to delete campaigns in its status.",
    Refusal.NOT_STOPPABLE: "My settings do not allow me to stop campaigns in its status.",
}


def lacks_approvals(request: Request, policy: Policy) -> bool:
    """Return whether today's settings ask for more approvals than it has."""
    required = policy.rule_for(request).required + request.extra_approvals
    return len({each.person_id for each in request.approvals}) < required


def refuse_reading(campaign: Campaign, policy: Policy) -> str | None:
    """Return why a campaign may not be deleted as it was just read, or None."""
    refusal = policy.refuse_campaign(campaign)
    return REFUSALS[refusal] if refusal else None


def refuse_stop(campaign: Campaign, request: Request, policy: Policy) -> str | None:
    """Return why a campaign may not be stopped for this request as it was just read, or None.

    One that is not running any more needs no stop. One in the status of the request does, before its delete: it may not
    be deleted without one because the settings have changed.
    """
    if request.purpose is Purpose.STOP:
        refusal = None if is_stopped(campaign.status) else policy.refuse_stop(campaign)
    elif policy.needs_stop(campaign):
        refusal = None
    else:
        refusal = policy.refuse_campaign(campaign)
        is_as_requested = campaign.status.casefold() == request.campaign.status.casefold()
        if not refusal and is_as_requested and not policy.is_stoppable(campaign.status):
            refusal = Refusal.NOT_STOPPABLE
    return REFUSALS[refusal] if refusal else None
