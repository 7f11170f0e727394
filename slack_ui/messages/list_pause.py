"""The direct message to the requester about a pause of a list: since when, after which campaign, and that it waits."""

from deletion.domain.campaign_list import CampaignList
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.records import Entry
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.messages import next_step
from slack_ui.messages.list_line import request_of
from slack_ui.parts import list_extent, list_name
from slack_ui.parts.text import date


def text(entry: Entry, listed: CampaignList, freeze: Freeze | None, link: str) -> str:
    """Return mrkdwn with a link to the card. It asks for a decision only as long as the list is paused."""
    now = waits(listed, freeze) or strings.lists.PAUSE_IS_OVER
    return f"{first(entry, listed)} {now} {link}".rstrip()


def first(entry: Entry, listed: CampaignList) -> str:
    """Return facts that stay true, because a copy may be left behind."""
    request = request_of(entry, listed)
    return strings.lists.PAUSED_AT.format(
        count=list_extent.count(len(listed.requests)),
        paused_at=date(entry.at),
        name=list_name.told_apart(request, listed),
        why=strings.lists.WHY_PAUSED_THEN[request.state is State.FAILED],
        requested_at=date(request.requested_at),
    )


def waits(listed: CampaignList, freeze: Freeze | None) -> str:
    """Return how many campaigns wait for which decision, and until when; nothing if the list is not paused."""
    if not listed.is_paused:
        return ""
    number = len(listed.waiting)
    return strings.lists.PAUSE_WAITS[freeze is not None].format(
        count=list_extent.count(number), until=next_step.until(*listed.waiting), **list_extent.verbs(number)
    )
