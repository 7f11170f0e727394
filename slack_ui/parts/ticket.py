"""The ticket of a request, linked where the team's ticket system is known."""

from typing import Any
from urllib.parse import quote

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement

from deletion.domain.policy import Policy
from deletion.domain.text.visible_text import visible_text
from deletion.domain.ticket import TICKET_MAX
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.blocks import plain, typed
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


def parse(view: dict[str, Any]) -> str | None:
    """Return the ticket in a submitted view; None if it has no field, because it was opened before the setting."""
    has_field = ids.TICKET_BLOCK in view["state"]["values"]
    return visible_text(typed(view, ids.TICKET_BLOCK, ids.TICKET_INPUT)) if has_field else None


def errors(ticket: str | None, policy: Policy) -> dict[str, str]:
    """Return the error by block id, or nothing. Slack refuses an error for a field that the view does not have."""
    if not policy.ticket_pattern or policy.is_ticket(ticket or ""):
        return {}
    if ticket is None:
        return {ids.PHRASE_BLOCK: strings.modals.TICKET_MEANWHILE}
    return {ids.TICKET_BLOCK: strings.modals.TICKET_WRONG.format(pattern=clean(policy.ticket_pattern))}
