"""Apply a decision to a request: return the request after it, or why the decision does not count. No I/O."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from deletion.domain.approval_rule import ApprovalRule, MissingApprovals
from deletion.domain.approvals.authorization import Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.people import Person, RequestParties
from deletion.domain.approvals.reminders import may_remind_at
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits, apply_budget, budget
from deletion.domain.models import Decision, Purpose, Request, StruckApproval, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State


class Objection(StrEnum):
    """Why a decision does not count. The request itself says what happened instead, and who did it."""

    ENDED = "ended"  # the request is no longer in a state where this can be decided
    ALREADY = "already decided by you"
    EXPIRED = "expired"
    FROZEN = "deletes are frozen"
    HELD = "the campaign is on hold"
    REMINDED = "approvers called a moment ago"
    APPROVED_SINCE = "approved since the button was shown"
    OUTDATED = "the form said that less would follow"


VERDICTS = {
    Action.APPROVE: Verdict.APPROVED,
    Action.REJECT: Verdict.REJECTED,
    Action.CANCEL: Verdict.CANCELLED,
    Action.STOP: Verdict.STOPPED,
}
OFFERED = (*VERDICTS, Action.WITHDRAW_APPROVAL, Action.REMIND)  # in the order of the buttons
WITHDRAWN = "withdrawn"  # why an approval was struck, beside the denials
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


def decide(
    request: Request, decision: Decision, policy: Policy, limits: DeleteLimits, approvers: Sequence[Person] = ()
) -> Request | Objection:
    """Return the request with this decision, in the state that follows. ``authorise`` has said who may decide.

    One rejection rejects. Approvals that meet the rule approve it, and one more where the budget is used up by then.
    While deletes are frozen nothing is approved; everything that ends a request is possible. ``approvers`` are those
    who have approved, this one included, with the groups of the rule that they are in.
    """
    if refusal := _refuse(request, decision, limits):
        return refusal
    decided = request.model_copy(update={"decisions": (*request.decisions, decision)})
    if decision.verdict is Verdict.APPROVED:
        return _with_approval(decided, decision.at, policy, limits, approvers)
    return decided.model_copy(update={"state": ENDED_BY[decision.verdict]})


def with_rule(request: Request, policy: Policy, approvers: Sequence[Person]) -> tuple[Request, MissingApprovals]:
    """Return the request with the stricter of its rule and today's, and what its approvals lack of it."""
    rule = request.approval_rule.stricter(policy.rule_for(request).more(request.extra_approvals))
    groups = {each.id: _fillable(each, rule, request, policy) for each in approvers}
    approved_by = dict.fromkeys(approval.person_id for approval in request.approvals)
    missing = rule.missing([groups.get(person_id, ()) for person_id in approved_by])
    shown = missing if rule.quotas else None
    ruled = {"approvals_required": rule.required, "approval_quotas": rule.quotas, "missing_approvals": shown}
    return request.model_copy(update=ruled), missing


def under_todays_rule(request: Request, policy: Policy) -> Request:
    """Return the request as the next approval or its execution judges it: by the stricter of its rule and today's.

    With approvals and groups, only Slack knows what counts: then as of the last approval, unless they are too few.
    """
    rule = request.approval_rule.stricter(policy.rule_for(request).more(request.extra_approvals))
    if request.state is State.APPROVED and len(request.approvals) < rule.required:
        lacking = {"approvals_required": rule.required, "approval_quotas": rule.quotas, "missing_approvals": None}
        return request.model_copy(update=lacking)
    if request.state is not State.AWAITING_APPROVAL or (rule.quotas and request.approvals):
        return request
    return with_rule(request, policy, ())[0]


def missing_after(
    request: Request, approver: Person, policy: Policy, approvers: Sequence[Person]
) -> tuple[MissingApprovals, MissingApprovals]:
    """Return what the approvals of ``approvers`` lack of today's rule, and what they lack after one by ``approver``."""
    given = Decision(person_id=approver.id, verdict=Verdict.APPROVED, at=request.changed_at)
    after = request.model_copy(update={"decisions": (*request.decisions, given)})
    return with_rule(request, policy, approvers)[1], with_rule(after, policy, (*approvers, approver))[1]


def approved(request: Request, at: datetime, policy: Policy) -> Request:
    """Return the request approved: executed after the undo window, and expired ``approval_ttl`` later.

    A stop has no undo window, because it can be reversed; that of a delete after it begins when it is verified.
    """
    execute_after = at if request.due_action is Purpose.STOP else at + policy.undo_window
    times = {"approved_at": at, "execute_after": execute_after, "expires_at": execute_after + policy.approval_ttl}
    return request.model_copy(update={"state": State.APPROVED, **times})


def reopened(
    request: Request, struck: tuple[StruckApproval, ...], at: datetime, policy: Policy, approvers: Sequence[Person]
) -> Request:
    """Return the request without the struck approvals, awaiting approval.

    One that was approved has ``approval_ttl`` to replace them. It needs one more approval even if the others meet the
    rule by themselves, so that it does not wait for nothing.
    """
    lapsed = {each.person_id for each in struck}
    kept = [each for each in request.decisions if each.verdict is not Verdict.APPROVED or each.person_id not in lapsed]
    changes = {"decisions": tuple(kept), "struck": (*request.struck, *struck), "state": State.AWAITING_APPROVAL}
    ruled, missing = with_rule(request.model_copy(update=changes), policy, approvers)
    if request.state is not State.APPROVED:
        return ruled
    unused = {"approved_at": None, "execute_after": None, "waiting_since": None}
    anew = {**unused, "expires_at": at + policy.approval_ttl, "awaiting_since": at}
    more = 0 if missing.count else 1
    again = ruled.model_copy(update={**anew, "approvals_required": ruled.approvals_required + more})
    return with_rule(again, policy, approvers)[0]


def without_approval(  # noqa: PLR0913, PLR0917 - what it depends on
    request: Request,
    person_id: str,
    at: datetime,
    policy: Policy,
    approvers: Sequence[Person],
    shown_until: datetime | None = None,
) -> Request | Objection:
    """Return the request without this person's approval, which they may withdraw until the request is executed.

    ``shown_until`` is the time of the latest approval that they saw: an approval given after it stays.
    """
    approval = next((each for each in request.approvals if each.person_id == person_id), None)
    if approval is None or request.state not in (State.AWAITING_APPROVAL, State.APPROVED):
        return Objection.ENDED
    if shown_until and approval.at > shown_until:
        return Objection.APPROVED_SINCE
    withdrawn = StruckApproval(person_id=person_id, approved_at=approval.at, struck_at=at, why=WITHDRAWN)
    return reopened(request, (withdrawn,), at, policy, approvers)


def remind(request: Request, at: datetime, limits: DeleteLimits) -> Request | Objection:
    """Return the request with its approvers reminded at the requester's wish, or why they are not."""
    if request.state is not State.AWAITING_APPROVAL:
        return Objection.ENDED
    if request.expires_at and at >= request.expires_at:
        return Objection.EXPIRED
    if limits.freeze and request.heeds_freeze:
        return Objection.FROZEN
    return Objection.REMINDED if at < may_remind_at(request) else request.model_copy(update={"reminded_at": at})


def _with_approval(
    request: Request, at: datetime, policy: Policy, limits: DeleteLimits, approvers: Sequence[Person]
) -> Request:
    """The last approval counts the budget again, because it may have been used up since the request."""
    ruled, missing = with_rule(request, policy, approvers)
    if missing.count:
        return ruled
    weighed, missing = with_rule(apply_budget(ruled, budget(limits, policy)), policy, approvers)
    return weighed if missing.count else approved(weighed, at, policy)


def _fillable(person: Person, rule: ApprovalRule, request: Request, policy: Policy) -> Collection[str]:
    """Return the groups whose approval this person gives; after an escalation, its approvers stand in for any."""
    stands_in = request.escalated_at is not None and person.is_on(policy.escalation_approvers)
    return rule.groups if stands_in else person.groups


def _refuse(request: Request, decision: Decision, limits: DeleteLimits) -> Objection | None:
    if request.state is not DECIDED_IN[decision.verdict]:
        return Objection.ENDED
    if request.state is State.AWAITING_APPROVAL and request.expires_at and decision.at >= request.expires_at:
        return Objection.EXPIRED
    mine = [earlier for earlier in request.decisions if earlier.person_id == decision.person_id]
    if decision.verdict is Verdict.APPROVED and mine:
        return Objection.ALREADY
    if decision.verdict is not Verdict.APPROVED:
        return None
    if limits.freeze and request.heeds_freeze:
        return Objection.FROZEN
    return Objection.HELD if limits.hold else None


def remaining_approvers(request: Request, policy: Policy) -> list[str]:
    """Return the users and user groups who may still approve, without the requester and those who have decided.

    Where the missing approvals must come from user groups, these are the groups, and after an escalation its approvers.
    """
    missing = request.missing_approvals or request.approval_rule.missing([])
    if missing.groups:
        return [*missing.groups, *(policy.escalation_approvers_of(request) if request.escalated_at else ())]
    done = {request.requester_id, *(decision.person_id for decision in request.decisions)}
    return [name for name in policy.approvers_of(request) if name not in done]


def decision_of(permit: Permit, reason: str = "") -> Decision:
    """Return the decision that this permit allows, made now."""
    return Decision(person_id=permit.person.id, verdict=VERDICTS[permit.action], at=now(), reason=reason)


def available_actions(
    person: Person, parties: RequestParties, policy: Policy, limits: DeleteLimits
) -> tuple[Action, ...]:
    """Return what this person may do with the request and what would count, in the order of the buttons."""
    return tuple(action for action in OFFERED if _would_count(action, person, parties, policy, limits))


def _would_count(action: Action, person: Person, parties: RequestParties, policy: Policy, limits: DeleteLimits) -> bool:
    permit = authorise(action, person, policy, ChannelKind.OURS, parties)
    if not isinstance(permit, Permit):
        return False
    request = parties.request
    match action:
        case Action.WITHDRAW_APPROVAL:
            after = without_approval(request, person.id, now(), policy, ())
        case Action.REMIND:
            after = remind(request, now(), limits)
        case _:
            after = decide(request, decision_of(permit), policy, limits)
    return not isinstance(after, Objection)
