"""The direct message that calls one approver to a request."""

from deletion.domain.policy import Policy
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages import list_card, next_step, request_card
from slack_ui.messages.thread_line import waiting


def text(seen: RequestView, approver_id: str, policy: Policy, link: str) -> str:
    """Return mrkdwn with a link to the card. It asks for a decision only as long as this approver can make one."""
    awaiting = seen.listed.awaiting if seen.listed else waiting(seen.request)
    called_to = [each for each in awaiting if approver_id in policy.notified_about(each)]
    said = list_card.first(seen.listed) if seen.listed else request_card.first(seen.request)
    calling = strings.cards.DECIDE_AFTER_THE_FREEZE if seen.freeze else strings.cards.DECIDE_BY
    asked = calling.format(until=next_step.until(*called_to)) if called_to else strings.cards.CALLED_NO_MORE
    return f"{said} {asked} {link}".rstrip()
