"""The direct message that calls one approver to a request."""

from deletion.domain.models import Request, State
from deletion.domain.policy import Policy
from slack_ui import strings
from slack_ui.parts.text import NAME_LIMIT, code, date, mention


def text(request: Request, approver_id: str, policy: Policy, link: str) -> str:
    """Return mrkdwn with a link to the card. It asks for a decision only as long as this approver can make one."""
    is_called = request.state is State.AWAITING_APPROVAL and approver_id in policy.notified_about(request)
    until = date(request.expires_at) if request.expires_at else strings.modals.UNKNOWN
    said = strings.cards.FIRST[request.purpose].format(
        campaign=code(request.campaign.name, NAME_LIMIT) or strings.modals.UNNAMED,
        campaign_id=code(request.campaign.campaign_id),
        requester=mention(request.requester_id),
        requested_at=date(request.requested_at),
        request_id=code(request.id[:8]),
    )
    asked = strings.cards.DECIDE_BY.format(until=until) if is_called else strings.cards.CALLED_NO_MORE
    return f"{said} {asked} {link}".rstrip()
