"""The list that a request is part of, in words, and its campaign among those of the list."""

from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request
from slack_ui import strings
from slack_ui.parts.application import named_campaign
from slack_ui.parts.text import code, id_among, name_in_code

SHOWN = 8  # characters of the id


def sentences(request: Request) -> list[str]:
    """Return one sentence in mrkdwn, or none for a request of its own."""
    if not request.list_id:
        return []
    return [strings.lists.PART_OF.format(position=request.list_position, list_id=code(request.list_id[:SHOWN]))]


def whole(listed: CampaignList) -> str:
    """Return the name of the first campaign in mrkdwn, after that of its application, and the number of the others."""
    return f"{named_campaign(listed.requests[0])}{and_more(listed)}"


def and_more(listed: CampaignList) -> str:
    """Return what follows the name of the first campaign: the number of the others, or nothing."""
    others = len(listed.requests) - 1
    return strings.lists.AND_MORE.format(count=others) if others else ""


def told_apart(request: Request, listed: CampaignList) -> str:
    """Return the campaign's name in mrkdwn, with what tells its id from those of the others that are shown by it."""
    name, campaign_id = name_in_code(request.campaign.name), request.campaign.campaign_id
    same = [each.campaign.campaign_id for each in listed.requests if name_in_code(each.campaign.name) == name]
    return f"{name} ({code(id_among(campaign_id, same))})" if set(same) > {campaign_id} else name
