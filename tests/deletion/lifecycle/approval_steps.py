"""Requests that wait for approval, and permits to decide about them."""

from datetime import timedelta
from typing import Any

from deletion.domain.approval_rule import Quota
from deletion.domain.approvals.authorization import Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.states import State
from tests.deletion.lifecycle.party_world import Bot

HOUR = timedelta(hours=1)
ESCALATING: dict[str, Any] = {"escalate_after": 2 * HOUR, "escalation_approvers": ("U0DAVE",)}
RULE = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))


def permitted(found: Permit | Denial) -> Permit:
    assert isinstance(found, Permit)
    return found


async def waiting(bot: Bot, *approvers: str, **changes: Any) -> Request:
    return await bot.add(*approvers, **{"state": State.AWAITING_APPROVAL, "requested_at": now() - 5 * HOUR, **changes})
