"""The direct message about a campaign of a list whose unclear result is known now, or that is there again."""

from deletion.domain.campaign_list import CampaignList
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.records import Entry
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.messages import list_pause
from slack_ui.messages.list_line import request_of
from slack_ui.parts import list_extent, list_name
from slack_ui.parts.text import date
from slack_ui.strings.by_purpose import strings_for


def text(entry: Entry, listed: CampaignList, link: str, freeze: Freeze | None = None) -> str:
    """Return mrkdwn with a link to the card. It says what is known of the campaign at this time.

    Of one that is there again, also that it has paused the list, which no other message tells.
    """
    request = request_of(entry, listed)
    said, is_known = strings_for(request), request.state is not State.UNKNOWN
    headline = said.reappeared if request.reappeared_at and not is_known else said.headlines[request.state]
    waits = list_pause.waits(listed, freeze) if request.id == listed.paused_on and not is_known else ""
    settled = strings.lists.SETTLED.format(
        emoji=strings.cards.EMOJI[request.state],
        name=list_name.told_apart(request, listed),
        headline=headline,
        why=strings.lists.SETTLED_BECAUSE if is_known else "",
        position=request.list_position,
        count=list_extent.count(len(listed.requests)),
        requested_at=date(request.requested_at),
    )
    paused = strings.lists.PAUSED_NOW.format(waits=waits) if waits else ""
    return " ".join(part for part in (settled, paused, link) if part)
