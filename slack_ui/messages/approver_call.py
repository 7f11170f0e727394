"""The direct message that calls one approver to a request."""

from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages import list_card, request_card
from slack_ui.parts.text import date


def text(seen: RequestView, approver_id: str, policy: Policy, link: str) -> str:
    """Return mrkdwn with a link to the card. It asks for a decision only as long as this approver can make one."""
    request = seen.request
    is_called = request.state is State.AWAITING_APPROVAL and approver_id in policy.notified_about(request)
    until = date(request.expires_at) if request.expires_at else strings.modals.UNKNOWN
    said = list_card.first(seen.listed) if seen.listed else request_card.first(request)
    calling = strings.cards.DECIDE_AFTER_THE_FREEZE if seen.freeze else strings.cards.DECIDE_BY
    asked = calling.format(until=until) if is_called else strings.cards.CALLED_NO_MORE
    return f"{said} {asked} {link}".rstrip()
