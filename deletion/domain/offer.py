"""What somebody may do about a request as it stands now. Pure; where it is done, the gate looks at then."""

from deletion.domain.approval import Objection, decide
from deletion.domain.authorization import Action, ChannelKind, Permit, Person, RequestParties, authorise
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.policy import Policy
from deletion.lifecycle.decisions import decision_of

DECISIONS = (Action.APPROVE, Action.REJECT, Action.CANCEL, Action.STOP)


def available_actions(person: Person, case: RequestParties, policy: Policy, limits: DeleteLimits) -> tuple[Action, ...]:
    """In the order of their buttons: what the authority allows, and what would count."""
    return tuple(action for action in DECISIONS if _would_count(action, person, case, policy, limits))


def _would_count(action: Action, person: Person, case: RequestParties, policy: Policy, limits: DeleteLimits) -> bool:
    permit = authorise(action, person, policy, ChannelKind.OURS, case)
    if not isinstance(permit, Permit):
        return False
    return not isinstance(decide(case.request, decision_of(permit), policy, limits), Objection)
