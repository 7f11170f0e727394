"""What follows from a decision about a request. Pure: the request after it, or why it does not count any more."""

from datetime import datetime
from enum import StrEnum

from deletion.domain.authorization import Action, ChannelKind, Permit, Person, RequestParties, authorise
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits, apply_budget, budget
from deletion.domain.models import Decision, Request, State, Verdict
from deletion.domain.policy import Policy


class Objection(StrEnum):
    """Why a decision does not count. The request itself says what happened instead, and who did it."""

    ENDED = "ended"  # it is no longer in a state where this can be decided
    ALREADY = "already decided by you"
    EXPIRED = "expired"
    FROZEN = "deletes are frozen"


VERDICTS = {
    Action.APPROVE: Verdict.APPROVED,
    Action.REJECT: Verdict.REJECTED,
    Action.CANCEL: Verdict.CANCELLED,
    Action.STOP: Verdict.STOPPED,
}
DECISIONS = tuple(VERDICTS)
DECIDED_IN = {
    Verdict.APPROVED: State.AWAITING_APPROVAL,
    Verdict.REJECTED: State.AWAITING_APPROVAL,
    Verdict.CANCELLED: State.AWAITING_APPROVAL,
    Verdict.STOPPED: State.APPROVED,
}


def decide(request: Request, decision: Decision, policy: Policy, limits: DeleteLimits) -> Request | Objection:
    """The request with this decision, in the state that follows from it; who may decide, the authority has said.

    One rejection rejects; as many approvals as the request asks for approve, and one more where the budget is used up
    by then. While deletes are frozen nothing is approved; all that ends a request is possible.
    """
    if refusal := _refuse(request, decision, limits):
        return refusal
    decided = request.model_copy(update={"decisions": (*request.decisions, decision)})
    match decision.verdict:
        case Verdict.APPROVED:
            return _agreed(decided, decision.at, policy, limits)
        case Verdict.REJECTED:
            return _ended(decided, State.REJECTED)
        case Verdict.CANCELLED:
            return _ended(decided, State.CANCELLED)
        case Verdict.STOPPED:
            return _ended(decided, State.STOPPED)


def approved(request: Request, at: datetime, policy: Policy) -> Request:
    """Approved; not to be executed before the undo window is over, and not when that is long ago."""
    execute_after = at + policy.undo_window
    times = {"approved_at": at, "execute_after": execute_after, "expires_at": execute_after + policy.approval_ttl}
    return request.model_copy(update={"state": State.APPROVED, **times})


def _agreed(request: Request, at: datetime, policy: Policy, limits: DeleteLimits) -> Request:
    """Whoever would approve last weighs the budget again, for it may have been used up since the request."""
    if not _is_enough(request):
        return request
    weighed = apply_budget(request, budget(limits, policy))
    return approved(weighed, at, policy) if _is_enough(weighed) else weighed


def _refuse(request: Request, decision: Decision, limits: DeleteLimits) -> Objection | None:
    if request.state is not DECIDED_IN[decision.verdict]:
        return Objection.ENDED
    if request.state is State.AWAITING_APPROVAL and request.expires_at and decision.at >= request.expires_at:
        return Objection.EXPIRED
    mine = [earlier for earlier in request.decisions if earlier.person_id == decision.person_id]
    if decision.verdict is Verdict.APPROVED and mine:
        return Objection.ALREADY
    return Objection.FROZEN if decision.verdict is Verdict.APPROVED and limits.freeze else None


def _is_enough(request: Request) -> bool:
    return len({approval.person_id for approval in request.approvals}) >= request.approvals_required


def _ended(request: Request, state: State) -> Request:
    return request.model_copy(update={"state": state})


def decision_of(permit: Permit, reason: str = "") -> Decision:
    """What somebody decides who makes use of this permit now."""
    return Decision(person_id=permit.person.id, verdict=VERDICTS[permit.action], at=now(), reason=reason)


def available_actions(person: Person, case: RequestParties, policy: Policy, limits: DeleteLimits) -> tuple[Action, ...]:
    """In the order of their buttons: what the authority allows, and what would count."""
    return tuple(action for action in DECISIONS if _would_count(action, person, case, policy, limits))


def _would_count(action: Action, person: Person, case: RequestParties, policy: Policy, limits: DeleteLimits) -> bool:
    permit = authorise(action, person, policy, ChannelKind.OURS, case)
    if not isinstance(permit, Permit):
        return False
    return not isinstance(decide(case.request, decision_of(permit), policy, limits), Objection)
