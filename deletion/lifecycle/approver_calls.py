"""The change of a request whose approvers are to be called, by a deadline."""

from datetime import datetime

from deletion.domain.approvals.reminders import Call, Waiting, due_call
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.lifecycle.list_transitions import Move
from deletion.lifecycle.party_check import PartyCheck


async def due_move(request: Request, policy: Policy, parties: PartyCheck, at: datetime) -> Move | None:
    """Return the escalation or the reminder that is due, or None."""
    match due_call(Waiting.of(request), policy, at):
        case Call.ESCALATED:
            ruled = await parties.ruled(request.model_copy(update={"escalated_at": at}))
            named = {"approvers": ", ".join(policy.escalation_approvers_of(request))}
            return Move(request, request.state, Call.ESCALATED, {"escalated_at": at, **ruled}, named)
        case Call.REMINDED:
            return Move(request, request.state, Call.REMINDED, {"reminded_at": at})
    return None
