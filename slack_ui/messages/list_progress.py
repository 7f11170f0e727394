"""The progress of a list: a line, a bar in text, and a table of its campaigns."""

from slack_sdk.models.blocks import RawTextObject, TableBlock

from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request, Verdict
from deletion.domain.states import State
from deletion.lifecycle.list_approval import STRUCK
from slack_ui import strings
from slack_ui.parts import list_extent

ENDED_WELL = (State.DELETED, State.GONE)


def line(listed: CampaignList) -> str:
    """Return such as "7 of 20 deleted, 1 changed, 12 waiting"."""
    counts, texts = listed.counts, dict(strings.lists.COUNTS)
    if listed.requests[0].is_practice:
        texts[State.DELETING] = strings.practice.LIST_COUNT_OF_DELETING
    struck = sum(is_struck(each) for each in listed.requests)
    counts[State.REJECTED] -= struck
    said = [strings.lists.PROGRESS.format(deleted=counts[State.DELETED], count=len(listed.requests))]
    said += [text.format(count=counts[state]) for state, text in texts.items() if counts[state]]
    return ", ".join([*said, *([f"{struck} {strings.lists.STRUCK}"] if struck else [])])


def emoji(listed: CampaignList) -> str:
    return strings.cards.EMOJI[State.UNKNOWN if listed.is_paused else listed.overall.state]


def bar(listed: CampaignList) -> str:
    """Return one character for each campaign: deleted or gone, closed otherwise, open."""
    deleted = sum(each.state in ENDED_WELL for each in listed.requests)
    is_open = sum(each.is_open for each in listed.requests)
    closed = len(listed.requests) - deleted - is_open
    parts = (strings.lists.BAR_DELETED, deleted), (strings.lists.BAR_CLOSED, closed), (strings.lists.BAR_OPEN, is_open)
    return "".join(character * number for character, number in parts)


def table(listed: CampaignList) -> TableBlock:
    """Return each campaign, how far it reached when it was requested, and what became of it."""
    among = [each.campaign.campaign_id for each in listed.requests]
    rows = [(*list_extent.cells(each.campaign, each.extent, among), result(each)) for each in listed.requests]
    cells = [[RawTextObject(text=text) for text in row] for row in (strings.lists.COLUMNS, *rows)]
    return TableBlock(rows=cells)


def result(request: Request) -> str:
    if request.state is State.UNKNOWN and request.reappeared_at:
        return strings.lists.RESULT_THERE_AGAIN
    if request.state is State.DELETING and request.is_practice:
        return strings.practice.LIST_RESULT_OF_DELETING
    return strings.lists.RESULT_STRUCK if is_struck(request) else strings.lists.RESULTS[request.state]


def is_struck(request: Request) -> bool:
    """Return whether an approver struck the campaign from the list."""
    return request.state is State.REJECTED and any(
        made.verdict is Verdict.REJECTED and made.reason == STRUCK for made in request.decisions
    )
