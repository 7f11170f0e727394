"""Decide how a freeze and the hourly budget hold back requests. No I/O."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from deletion.domain.budget import Budget, Overrun
from deletion.domain.hold import Hold
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.stored import Stored

HOUR = timedelta(hours=1)  # the sliding window of the budgets


class Freeze(Stored):
    """An approver froze all requests. ``reason`` is empty until it is given; ``lifted_…`` until an approver unfreezes.

    ``frozen_in`` and ``lifted_in`` are the channels of the commands.
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
    practice: bool = False  # frozen in practice; it holds real requests too


class FreezeEvent(StrEnum):
    """The events of a freeze that are announced, as the journal names them."""

    FROZEN = "frozen"
    UNFROZEN = "unfrozen"


class FreezeNotice(Stored):
    """One Slack message that announces a freeze or its end in one channel or to one user.

    ``tried_at`` is None before the first attempt, and while it does not show a reason that was given later. ``ts`` is
    empty while its first post may still arrive. ``error`` is Slack's code.
    """

    freeze_id: str
    event: FreezeEvent
    target_id: str
    ts: str | None = None
    error: str = ""
    tried_at: AwareDatetime | None = None


@dataclass(frozen=True)
class DeleteLimits:
    """The current freeze, and the approvals of the hour before ``at``, oldest first: all, and one requester's.

    ``freeze_generation`` counts freezes and unfreezings, so each changes it. ``hold`` is the campaign's, if it was
    asked for.
    """

    at: datetime
    freeze: Freeze | None = None
    freeze_generation: int = 0
    approved: tuple[datetime, ...] = ()
    approved_for_requester: tuple[datetime, ...] = ()
    hold: Hold | None = None


def budget(limits: DeleteLimits, policy: Policy) -> Budget:
    """Return the budget at the time of the limits."""
    return Budget(
        at=limits.at,
        approved=len(limits.approved),
        limit=policy.deletes_per_hour,
        approved_for_requester=len(limits.approved_for_requester),
        limit_for_requester=policy.deletes_per_person_per_hour,
    )


def apply_budget(request: Request, spent: Budget) -> Request:
    """Return the request with this budget; a used-up budget requires one more approval, once and permanently.

    The budget is for deletes; a rebuild or a stop alone has none.
    """
    if not request.campaign_to_delete or (request.budget and request.budget.overrun):
        return request
    required = request.approvals_required + spent.extra_approvals
    return request.model_copy(update={"budget": spent, "approvals_required": required})


def with_own(request: Request) -> Budget | None:
    """Return the request's budget, the request itself counted once it is approved, unless it is far from its limit."""
    spent = request.budget
    if spent is None or spent.overrun:
        return spent
    own = 1 if request.approved_at else 0
    counted = spent.model_copy(
        update={"approved": spent.approved + own, "approved_for_requester": spent.approved_for_requester + own}
    )
    return counted if is_nearly_used_up(counted) else None


def is_nearly_used_up(spent: Budget) -> bool:
    """Return whether at most a fifth of a budget is left, and never more than one of a small one."""
    counted = (
        (spent.approved, spent.limit),
        (spent.approved_for_requester, spent.limit_for_requester),
    )
    return any(limit - approved <= max(1, limit // 5) for approved, limit in counted)


def over_budget(spent: Budget | None) -> dict[str, str]:
    """Return a used-up budget as details of a journal entry; an empty dict for any other budget."""
    if spent is None or spent.overrun is None:
        return {}
    if spent.overrun is Overrun.TEAM:
        count, limit = spent.approved, spent.limit
    else:
        count, limit = spent.approved_for_requester, spent.limit_for_requester
    return {"over_budget": spent.overrun, "approved_in_the_hour": str(count), "limit": str(limit)}


def is_refused(spent: Budget, policy: Policy) -> bool:
    """Return whether the budget requires one more approval and no approver or approvals channel is configured."""
    can_approve = policy.approvals_channel and policy.approvers
    return bool(spent.overrun) and not policy.approvals_required and not can_approve


def free_again_at(limits: DeleteLimits, policy: Policy) -> datetime:
    """Return when the budget has room again if nothing else is approved until then."""
    counted = (
        (limits.approved, policy.deletes_per_hour),
        (limits.approved_for_requester, policy.deletes_per_person_per_hour),
    )
    leaving = [approvals[-limit] + HOUR for approvals, limit in counted if len(approvals) >= limit]
    return max([limits.at, *leaving])
