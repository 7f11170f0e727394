"""The notes of a request's message about channels that refuse messages."""

from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.parts.text import mention
from slack_ui.parts.undelivered import REASONS_SHOWN, cure, unposted


def untold_approvers(seen: RequestView, policy: Policy) -> list[str]:
    """Return that the approvers' channel refuses the card, if the request waits for them."""
    channel_id = policy.approvals_channel or ""
    if seen.request.state is not State.AWAITING_APPROVAL or channel_id not in seen.unreached:
        return []
    why = cure(seen.unreached[channel_id])
    return [strings.delivery.APPROVERS_UNREACHED.format(channel=mention(channel_id), cure=why)]


def notes(seen: RequestView, message: Message, policy: Policy, reasons: int = REASONS_SHOWN) -> list[str]:
    """Return which channels refuse messages, why, and who can change that."""
    others, told = dict(seen.unreached), untold_approvers(seen, policy)
    if told:
        del others[policy.approvals_channel or ""]
    if message.kind is MessageKind.DIRECT and (error := others.pop(seen.request.channel_id, "")):
        channel = mention(seen.request.channel_id)
        told.append(strings.delivery.ORIGIN_UNREACHED.format(channel=channel, cure=cure(error)))
    told += unposted(others, seen.request, reasons)
    return (
        [*told, strings.delivery.THREAD_UNREACHED.format(cure=cure(seen.thread_error))] if seen.thread_error else told
    )
