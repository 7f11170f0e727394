"""The list that a request is part of, in words, and its campaign among those of the list."""

from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request
from slack_ui import strings
from slack_ui.parts.text import NAME_LIMIT, code, short_id

SHOWN = 8  # characters of the id


def sentences(request: Request) -> list[str]:
    """Return one sentence in mrkdwn, or none for a request of its own."""
    if not request.list_id:
        return []
    return [strings.lists.PART_OF.format(position=request.list_position, list_id=code(request.list_id[:SHOWN]))]


def told_apart(request: Request, listed: CampaignList) -> str:
    """Return the campaign's name in mrkdwn, with the end of its id if another one of the list is shown by that name."""
    name, campaign_id = _name(request), request.campaign.campaign_id
    others = [each for each in listed.requests if each.campaign.campaign_id != campaign_id]
    return f"{name} ({short_id(campaign_id)})" if name in map(_name, others) else name


def _name(request: Request) -> str:
    return code(request.campaign.name, NAME_LIMIT) or strings.modals.UNNAMED
