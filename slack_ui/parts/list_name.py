"""The list that a request is part of, in words."""

from deletion.domain.models import Request
from slack_ui import strings
from slack_ui.parts.text import code

SHOWN = 8  # characters of the id


def sentences(request: Request) -> list[str]:
    """Return one sentence in mrkdwn, or none for a request of its own."""
    if not request.list_id:
        return []
    return [strings.lists.PART_OF.format(position=request.list_position, list_id=code(request.list_id[:SHOWN]))]
