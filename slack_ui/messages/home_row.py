"""A request or a list as one line of the Home: its name, where it stands, and a link to the message with all facts."""

from collections.abc import Sequence

from slack_sdk.models.blocks import RichTextBlock, RichTextElement, RichTextSectionElement

from deletion.domain.campaign_list import CampaignList, first_deadline
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Purpose, Request
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.messages import list_progress
from slack_ui.parts import list_name
from slack_ui.parts.application import named
from slack_ui.parts.blast_radius import DOT
from slack_ui.parts.blocks import Parts, date_part
from slack_ui.parts.links import Target
from slack_ui.parts.text import short_id, short_name

NAME_LIMIT = 28  # a longer name would make it two lines
Fact = Sequence[RichTextElement]


def build(request: Request, freeze: Freeze | None, link: Target | None, *, is_own: bool = False) -> RichTextBlock:
    """Return the line; the reader's own request does not name them. Rich text interprets no character of it."""
    freeze = freeze if request.heeds_freeze else None
    state = _state(request, freeze)
    facts: list[Fact] = [[Parts.Text(text=state)]] if state else []
    facts += [*([] if is_own else [[Parts.User(user_id=request.requester_id)]]), *_standing(request, freeze)]
    name = [*_name(request, link), Parts.Text(text=" "), _id_end(request.campaign.campaign_id)]
    return _line(strings.cards.EMOJI[request.state], name, facts, request)


def of_list(listed: CampaignList, freeze: Freeze | None, link: Target | None, *, is_own: bool = False) -> RichTextBlock:
    """Return the line of a list with its progress, under the name of its first campaign."""
    whole, home = listed.overall, strings.lookup_and_home
    states = [
        *([home.LIST_PAUSED] if listed.is_paused else []),
        *([home.LIST_FROZEN] if freeze and whole.is_open else []),
    ]
    facts: list[Fact] = [[Parts.Text(text=text)] for text in (*states, list_progress.line(listed))]
    facts += [] if is_own else [[Parts.User(user_id=whole.requester_id)]]
    unknown = listed.in_state(State.UNKNOWN)  # all were checked by the time of the first
    stands = whole if whole.is_open or not unknown else min(unknown, key=lambda request: request.changed_at)
    if deadline := first_deadline(listed.awaiting):
        stands = stands.model_copy(update={"expires_at": deadline})
    differ = len({(each.approvals_counted, each.approvals_required) for each in listed.awaiting}) > 1
    standing = _standing(stands, freeze)[int(differ) :]  # no number of approvals is true of all
    facts += [] if listed.is_paused and not listed.awaiting else standing
    return _line(list_progress.emoji(listed), _name(whole, link, list_name.and_more(listed)), facts, whole)


def _line(emoji: str, name: Sequence[RichTextElement], facts: Sequence[Fact], request: Request) -> RichTextBlock:
    elements: list[RichTextElement] = [Parts.Emoji(name=emoji), Parts.Text(text=" "), *name]
    for fact in [*facts, *([[Parts.Text(text=request.ticket)]] if request.ticket else [])]:
        elements += [Parts.Text(text=DOT), *fact]
    return RichTextBlock(elements=[RichTextSectionElement(elements=elements)])


def _name(request: Request, link: Target | None, more: str = "") -> list[RichTextElement]:
    name = short_name(request.campaign.name, NAME_LIMIT)
    shown, bold = f"{named(request.application)}{name}{more}", Parts.TextStyle(bold=True)
    return [Parts.Link(url=link.url, text=shown, style=bold) if link else Parts.Text(text=shown, style=bold)]


def _state(request: Request, freeze: Freeze | None) -> str:
    home = strings.lookup_and_home
    if request.lacks_approvals:
        return home.ROW_LACKING
    if request.state is State.APPROVED and freeze:
        return home.ROW_FROZEN
    if request.state is State.UNKNOWN and request.reappeared_at:
        return home.ROW_THERE_AGAIN
    said = {
        Purpose.DELETE: home.ROW_OF_A_DELETION,
        Purpose.REBUILD: home.ROW_OF_A_REBUILD,
        Purpose.STOP: home.ROW_OF_A_STOP,
        Purpose.STOP_AND_DELETE: home.ROW_OF_A_STOP_AND_DELETE,
    }[request.purpose]
    practised = strings.practice.ROW if request.is_practice else {}
    return {**said, **practised}.get(request.state, str(request.state))


def _standing(request: Request, freeze: Freeze | None) -> list[Fact]:
    """Return the approvals and the deadline of an open request, the end of a closed one, and its new campaign."""
    home = strings.lookup_and_home
    if not request.is_open:
        created = [[Parts.Text(text=home.ROW_NEW_ID), _id_end(request.created_id)]] if request.created_id else []
        looked = [Parts.Text(text=home.ROW_LOOKED)] if request.state is State.UNKNOWN else []
        return [*created, [*looked, date_part(request.changed_at)]]
    if request.state is State.AWAITING_APPROVAL or request.lacks_approvals:
        counted = home.ROW_APPROVALS.format(count=request.approvals_counted, required=request.approvals_required)
        until = [[Parts.Text(text=home.ROW_UNTIL), date_part(request.expires_at)]] if request.expires_at else []
        return [[Parts.Text(text=counted)], *until]
    due = request.execute_after if request.state is State.APPROVED and not freeze else None
    return [[Parts.Text(text=home.ROW_AFTER), date_part(due)]] if due else []


def _id_end(campaign_id: str) -> RichTextElement:
    return Parts.Text(text=short_id(campaign_id).strip("`"), style=Parts.TextStyle(code=True))
