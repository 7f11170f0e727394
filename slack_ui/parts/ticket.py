"""The ticket of a request, linked where the team's ticket system is known."""

from urllib.parse import quote

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement

from deletion.domain.policy import TICKET_MAX, Policy
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.blocks import plain
from slack_ui.parts.text import clean, code

SPECIAL = frozenset("<>|&`")  # in a label of a link in mrkdwn


def text(ticket: str, policy: Policy) -> str:
    """Return mrkdwn."""
    if not policy.ticket_url or not SPECIAL.isdisjoint(ticket):
        return code(ticket)
    return f"<{policy.ticket_url.replace('{ticket}', quote(ticket, safe=''))}|{clean(ticket)}>"


def field(policy: Policy) -> list[InputBlock]:
    """Return the input, if the team asks for a ticket."""
    if not policy.ticket_pattern:
        return []
    return [
        InputBlock(
            block_id=ids.TICKET_BLOCK,
            label=strings.modals.TICKET_LABEL,
            hint=plain(strings.modals.TICKET_HINT.format(pattern=clean(policy.ticket_pattern))),
            element=PlainTextInputElement(action_id=ids.TICKET_INPUT, max_length=TICKET_MAX),
        )
    ]


def errors(ticket: str, policy: Policy) -> dict[str, str]:
    """Return the error by block id, or nothing."""
    if not policy.ticket_pattern or policy.is_ticket(ticket):
        return {}
    return {ids.TICKET_BLOCK: strings.modals.TICKET_WRONG.format(pattern=clean(policy.ticket_pattern))}
