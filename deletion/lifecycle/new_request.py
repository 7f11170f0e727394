"""A new request as its preview and the present limits make it, and its first journal entry."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from deletion.domain.approvals.approval import approved
from deletion.domain.approvals.authorization import Action
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import (
    DeleteLimits,
    apply_budget,
    budget,
    free_again_at,
    is_refused,
    over_budget,
)
from deletion.domain.models import EarlierRequest, Preview, Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.intake_results import FrozenError, HeldError, OverBudgetError

# Of requests that delete nothing: the right that they need, and the event that records them.
ASKED_AS = {Purpose.REBUILD: Action.REBUILD, Purpose.STOP: Action.STOP_CAMPAIGN}
REQUESTED = "requested"
REQUESTED_AS = {Purpose.REBUILD: "rebuild requested", Purpose.STOP: "stop requested"}


def requested(  # noqa: PLR0913, PLR0917 - what a request depends on
    preview: Preview,
    reason: str,
    limits: DeleteLimits,
    earlier: EarlierRequest | None,
    policy: Policy,
    at: datetime | None = None,
) -> Request:
    """Return the new request; already approved if it needs no approval. Raises an error if ``limits`` hold it back."""
    spent = budget(limits, policy)
    if limits.freeze:
        raise FrozenError(limits.freeze)
    if limits.hold:
        raise HeldError(limits.hold)
    if preview.purpose not in ASKED_AS and is_refused(spent, policy):
        raise OverBudgetError(free_again_at(limits, policy))
    at, rule = at or now(), policy.rule_for(preview)
    waiting = Request(
        id=preview.id,
        team_id=preview.team_id,
        requester_id=preview.user_id,
        channel_id=preview.channel_id,
        campaign=preview.campaign,
        reason=reason,
        state=State.AWAITING_APPROVAL,
        version=1,
        requested_at=at,
        changed_at=at,
        approvals_required=rule.required,
        approval_quotas=rule.quotas,
        expires_at=at + policy.approval_ttl,
        rebuilds=preview.rebuilds,
        stops=preview.stops,
        witnesses=preview.witnesses,
        kore_account=preview.kore_account,
        application=preview.application,
        extent=preview.extent,
        earlier=earlier,
    )
    weighed = apply_budget(waiting, spent)
    return weighed if weighed.approvals_required else approved(weighed, at, policy)


def entry_of_request(request: Request, more: Mapping[str, str] = MappingProxyType({})) -> Entry:
    """Return the first journal entry of a request, with ``more`` details."""
    details = {
        **request.named,
        **request.listed_as,
        **({"purpose": str(request.purpose)} if request.stops else {}),
        "fingerprint": request.campaign.digest,
        "reason": request.reason,
        "approvals_required": str(request.approvals_required),
        **({"ticket": request.ticket} if request.ticket else {}),
        **over_budget(request.budget),
        **more,
    }
    return Entry(
        at=request.requested_at,
        event=REQUESTED_AS.get(request.purpose, REQUESTED),
        actor_id=request.requester_id,
        actor_team_id=request.team_id,
        surface="confirm modal",
        details=details,
    )
