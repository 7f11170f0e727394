"""Apply a decision to a request: return the request after it, or why the decision does not count. No I/O."""

from datetime import datetime
from enum import StrEnum

from deletion.domain.authorization import Action, ChannelKind, Permit, authorise
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits, apply_budget, budget
from deletion.domain.models import Decision, Request, State, StruckApproval, Verdict
from deletion.domain.people import Person, RequestParties
from deletion.domain.policy import Policy


class Objection(StrEnum):
    """Why a decision does not count. The request itself says what happened instead, and who did it."""

    ENDED = "ended"  # the request is no longer in a state where this can be decided
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
ENDED_BY = {
    Verdict.REJECTED: State.REJECTED,
    Verdict.CANCELLED: State.CANCELLED,
    Verdict.STOPPED: State.STOPPED,
}


def decide(request: Request, decision: Decision, policy: Policy, limits: DeleteLimits) -> Request | Objection:
    """Return the request with this decision, in the state that follows. ``authorise`` has said who may decide.

    One rejection rejects. The approvals that the request requires approve it, and one more where the budget is used
    up by then. While deletes are frozen nothing is approved; everything that ends a request is possible.
    """
    if refusal := _refuse(request, decision, limits):
        return refusal
    decided = request.model_copy(update={"decisions": (*request.decisions, decision)})
    if decision.verdict is Verdict.APPROVED:
        return _with_approval(decided, decision.at, policy, limits)
    return decided.model_copy(update={"state": ENDED_BY[decision.verdict]})


def approved(request: Request, at: datetime, policy: Policy) -> Request:
    """Return the request approved: executed after the undo window, and expired ``approval_ttl`` later."""
    execute_after = at + policy.undo_window
    times = {"approved_at": at, "execute_after": execute_after, "expires_at": execute_after + policy.approval_ttl}
    return request.model_copy(update={"state": State.APPROVED, **times})


def reopened(request: Request, struck: tuple[StruckApproval, ...], at: datetime, policy: Policy) -> Request:
    """Return the request without the struck approvals, awaiting approval, with ``approval_ttl`` to replace them."""
    lapsed = {each.person_id for each in struck}
    kept = [each for each in request.decisions if each.verdict is not Verdict.APPROVED or each.person_id not in lapsed]
    unused = {"approved_at": None, "execute_after": None, "waiting_since": None}
    until = {**unused, "expires_at": at + policy.approval_ttl} if request.state is State.APPROVED else {}
    changes = {"decisions": tuple(kept), "struck": (*request.struck, *struck), "state": State.AWAITING_APPROVAL}
    return request.model_copy(update={**changes, **until})


def _with_approval(request: Request, at: datetime, policy: Policy, limits: DeleteLimits) -> Request:
    """The last approval counts the budget again, because it may have been used up since the request."""
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


def remaining_approvers(request: Request, policy: Policy) -> list[str]:
    """Return the users and user groups who may still approve, without the requester and those who have decided."""
    done = {request.requester_id, *(decision.person_id for decision in request.decisions)}
    return [name for name in policy.approvers if name not in done]


def decision_of(permit: Permit, reason: str = "") -> Decision:
    """Return the decision that this permit allows, made now."""
    return Decision(person_id=permit.person.id, verdict=VERDICTS[permit.action], at=now(), reason=reason)


def available_actions(
    person: Person, parties: RequestParties, policy: Policy, limits: DeleteLimits
) -> tuple[Action, ...]:
    """Return what this person may decide and what would count, in the order of the buttons."""
    return tuple(action for action in DECISIONS if _would_count(action, person, parties, policy, limits))


def _would_count(action: Action, person: Person, parties: RequestParties, policy: Policy, limits: DeleteLimits) -> bool:
    permit = authorise(action, person, policy, ChannelKind.OURS, parties)
    if not isinstance(permit, Permit):
        return False
    return not isinstance(decide(parties.request, decision_of(permit), policy, limits), Objection)
