"""What holds deletes back: a freeze, and the budget of an hour. Pure, and the only place that decides what they do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from deletion.domain.models import Budget, Overrun, Purpose, Request, Stored
from deletion.domain.policy import Policy

HOUR = timedelta(hours=1)  # the budgets count back that long


class Freeze(Stored):
    """Somebody stopped all deletes, and said why; ``lifted_…`` say who let them go on, and are empty until then.

    ``frozen_in`` and ``lifted_in`` are the channels where it was typed.
    """

    id: str
    team_id: str
    frozen_by: str
    frozen_at: AwareDatetime
    reason: str
    frozen_in: str
    lifted_by: str = ""
    lifted_at: AwareDatetime | None = None
    lifted_because: str = ""
    lifted_in: str = ""


class FreezeEvent(StrEnum):
    """What rooms are told of a freeze, in the words of the journal."""

    FROZEN = "frozen"
    UNFROZEN = "unfrozen"


class FreezeNotice(Stored):
    """One Slack message that tells one channel, or one person, of a freeze or of its end.

    ``tried_at`` is None until somebody has handled it; ``error`` is Slack's code.
    """

    freeze_id: str
    event: FreezeEvent
    target_id: str
    ts: str | None = None
    error: str = ""
    tried_at: AwareDatetime | None = None


@dataclass(frozen=True)
class DeleteLimits:
    """The freeze, and the approvals of the hour before ``at``, oldest first: all, and those of one requester.

    ``freeze_generation`` counts freezes and unfreezings so far, so it is another one after each.
    """

    at: datetime
    freeze: Freeze | None = None
    freeze_generation: int = 0
    approved: tuple[datetime, ...] = ()
    approved_for_requester: tuple[datetime, ...] = ()


def budget(limits: DeleteLimits, policy: Policy) -> Budget:
    """The budget as it stood then."""
    return Budget(
        at=limits.at,
        approved=len(limits.approved),
        limit=policy.deletes_per_hour,
        approved_for_requester=len(limits.approved_for_requester),
        limit_for_requester=policy.deletes_per_person_per_hour,
    )


def apply_budget(request: Request, spent: Budget) -> Request:
    """The request with this budget on it; a budget that is used up costs one approval more, once and for good.

    A rebuild destroys nothing, so it has no budget.
    """
    if request.purpose is Purpose.REBUILD or (request.budget and request.budget.overrun):
        return request
    more = 1 if spent.overrun else 0
    return request.model_copy(update={"budget": spent, "approvals_required": request.approvals_required + more})


def over_budget(spent: Budget | None) -> dict[str, str]:
    """A budget that is used up as the journal keeps it; nothing for one that is not."""
    if spent is None or spent.overrun is None:
        return {}
    if spent.overrun is Overrun.TEAM:
        count, limit = spent.approved, spent.limit
    else:
        count, limit = spent.approved_for_requester, spent.limit_for_requester
    return {"over_budget": spent.overrun, "approved_in_the_hour": str(count), "limit": str(limit)}


def is_refused(spent: Budget, policy: Policy) -> bool:
    """Whether one more approval would be needed in a team where nobody can give it."""
    can_approve = policy.approvals_channel and policy.approvers
    return bool(spent.overrun) and not policy.approvals_required and not can_approve


def free_again_at(limits: DeleteLimits, policy: Policy) -> datetime:
    """When the budget has room again, if nothing else is approved until then."""
    counted = (
        (limits.approved, policy.deletes_per_hour),
        (limits.approved_for_requester, policy.deletes_per_person_per_hour),
    )
    leaving = [approvals[-limit] + HOUR for approvals, limit in counted if len(approvals) >= limit]
    return max([limits.at, *leaving])
