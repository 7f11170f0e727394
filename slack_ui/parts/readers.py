"""Who reads what is typed into a form, as a test compares it with deletion/domain/recipients.py."""

from deletion.domain.policy import REASON_MAX, REASON_MIN, Policy
from slack_ui import strings


def of_reason(policy: Policy, approvals_required: int) -> str:
    """Return the hint for the reason of a request, in plain text."""
    approvers = strings.modals.AND_APPROVERS if approvals_required else ""
    rooms = strings.modals.AND_OPS_ROOMS if policy.ops_rooms else ""
    said = strings.modals.REASON_HINT.format(approvers=approvers, rooms=rooms)
    return f"{strings.modals.REASON_LENGTH.format(least=REASON_MIN, most=REASON_MAX)} {said}"


def of_rejection() -> str:
    """Return the hint for the reason of a rejection, in plain text. Ops channels are told only that it was rejected."""
    return f"{strings.modals.REASON_LENGTH.format(least=REASON_MIN, most=REASON_MAX)} {strings.modals.REJECT_HINT}"
