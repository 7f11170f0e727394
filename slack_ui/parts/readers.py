"""Name the readers of the text that is typed into a form, as a test compares it with deletion/domain/recipients.py."""

from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.policy import REASON_MAX, REASON_MIN, Policy
from deletion.domain.recipients import rooms_of_a_freeze
from slack_ui import strings
from slack_ui.parts.text import mention


def of_reason(policy: Policy, approvals_required: int) -> str:
    """Return the hint for the reason of a request, in plain text."""
    approvers = strings.modals.AND_APPROVERS if approvals_required else ""
    rooms = strings.modals.AND_OPS_ROOMS if policy.ops_rooms else ""
    said = strings.modals.REASON_HINT.format(approvers=approvers, rooms=rooms)
    return f"{strings.modals.REASON_LENGTH.format(least=REASON_MIN, most=REASON_MAX)} {said}"


def of_rejection() -> str:
    """Return the hint for the reason of a rejection, in plain text. Ops channels are told only that it was rejected."""
    return f"{strings.modals.REASON_LENGTH.format(least=REASON_MIN, most=REASON_MAX)} {strings.modals.REJECT_HINT}"


def of_comment() -> str:
    """Return the hint for the comment on an approval, in plain text. Only the line of the thread shows it."""
    return strings.modals.COMMENT_HINT


def of_freeze(freeze: Freeze, policy: Policy) -> str:
    """Return where a freeze and its end are posted, in mrkdwn."""
    channels = ", ".join(mention(room) for room in rooms_of_a_freeze(freeze, policy))
    return strings.freeze.POSTED.format(channels=channels) if channels else strings.freeze.NOT_POSTED


def of_freeze_reason(policy: Policy) -> str:
    """Return where the reason of a freeze is posted, in mrkdwn, before it is known where the command is typed."""
    rooms = dict.fromkeys(room for room in (policy.approvals_channel, *policy.ops_rooms) if room)
    return ", ".join([strings.command.HELP_FROM, *map(mention, rooms)])
