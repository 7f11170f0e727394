"""What follows from a decision about a request. Pure: the request after it, or why it does not count any more."""

from datetime import datetime
from enum import StrEnum

from deletion.models import Decision, Request, State, Verdict
from deletion.policy import Policy


class Objection(StrEnum):
    """Why a decision does not count. The request itself says what happened instead, and who did it."""

    ENDED = "ended"  # it is no longer in a state where this can be decided
    ALREADY = "already decided by you"
    EXPIRED = "expired"


DECIDED_IN = {
    Verdict.APPROVED: State.AWAITING_APPROVAL,
    Verdict.REJECTED: State.AWAITING_APPROVAL,
    Verdict.CANCELLED: State.AWAITING_APPROVAL,
    Verdict.STOPPED: State.APPROVED,
}


def decide(request: Request, decision: Decision, policy: Policy) -> Request | Objection:
    """The request with this decision, in the state that follows from it; who may decide, the authority has said.

    One rejection rejects; as many approvals as the request asks for approve.
    """
    if refusal := _refuse(request, decision):
        return refusal
    decided = request.model_copy(update={"decisions": (*request.decisions, decision)})
    match decision.verdict:
        case Verdict.APPROVED:
            return approved(decided, decision.at, policy) if _is_enough(decided) else decided
        case Verdict.REJECTED:
            return _ended(decided, State.REJECTED)
        case Verdict.CANCELLED:
            return _ended(decided, State.CANCELLED)
        case Verdict.STOPPED:
            return _ended(decided, State.STOPPED)


def approved(request: Request, at: datetime, policy: Policy) -> Request:
    """Approved, and not to be executed before the undo window is over."""
    return request.model_copy(update={"state": State.APPROVED, "execute_after": at + policy.undo_window})


def _refuse(request: Request, decision: Decision) -> Objection | None:
    if request.state is not DECIDED_IN[decision.verdict]:
        return Objection.ENDED
    if request.state is State.AWAITING_APPROVAL and request.expires_at and decision.at >= request.expires_at:
        return Objection.EXPIRED
    mine = [earlier for earlier in request.decisions if earlier.person_id == decision.person_id]
    if decision.verdict is Verdict.APPROVED and mine:
        return Objection.ALREADY
    return None


def _is_enough(request: Request) -> bool:
    return len({approval.person_id for approval in request.approvals}) >= request.approvals_required


def _ended(request: Request, state: State) -> Request:
    return request.model_copy(update={"state": state})
