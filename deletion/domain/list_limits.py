"""The budget of a list: its campaigns are approved in one moment, so each counts the others. No I/O."""

from dataclasses import replace
from datetime import datetime

from deletion.domain.freeze_and_budget import DeleteLimits


def with_others(limits: DeleteLimits, others: int, at: datetime) -> DeleteLimits:
    """Return the limits of one request as they are once ``others`` of its list are approved ``at`` that time."""
    approvals = (at,) * others
    return replace(
        limits,
        approved=tuple(sorted((*limits.approved, *approvals))),
        approved_for_requester=tuple(sorted((*limits.approved_for_requester, *approvals))),
    )
