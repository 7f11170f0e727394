"""The replies to ``status`` and ``history``: one request or list of campaigns with all its facts, or a page of many."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError
from slack_sdk.models.blocks import Block

from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Message
from deletion.messages.projection import RequestView, under_todays_rule
from deletion.stores.request_queries import Cursor, Page, RequestFilter
from slack_ui import strings
from slack_ui.messages import approval_buttons, freeze_notice, list_card, next_step, request_card, request_row
from slack_ui.parts import budget_note, ids
from slack_ui.parts.blocks import mrkdwn, note
from slack_ui.parts.links import Links
from slack_ui.parts.pager import PageButton, PageLink, pager
from slack_ui.parts.text import code, date, mention
from slack_ui.parts.undelivered import by_cure

Answer = tuple[str, list[Block]]
Messages = dict[str, list[Message]]


class LookupPageLink(PageLink):
    """A page of the list that ``wanted`` selects."""

    wanted: RequestFilter


def one(seen: RequestView, messages: list[Message], links: Links, policy: Policy, *, is_asked_again: bool) -> Answer:
    """Return everything that the card says, links to the request's messages, and the current time.

    It has no buttons but Rebuild, for a campaign of a list.
    """
    seen = under_todays_rule(seen, policy)
    request = seen.request
    text = request_card.fallback_text(replace(seen, unreached={}), policy)
    unreached = by_cure(seen.unreached, strings.lookup_and_home.UNREACHED, strings.delivery.MORE_UNREACHED)
    following = next_step.text(seen, policy)
    where = [strings.lookup_and_home.MESSAGES.format(links=", ".join(places))] if (places := links.to(messages)) else []
    if is_asked_again:
        where.append(strings.lookup_and_home.ASKED_BEFORE.format(campaign=request.campaign.campaign_id))
    where.append(strings.lookup_and_home.REQUEST_ID.format(id=request.id, when=date(now(), seconds=True)))
    notes = [note(text) for text in (*request_card.budget_notes(request), *unreached, following, " ".join(where))]
    buttons = approval_buttons.build_private(seen)
    return " ".join([text, *unreached, *where]), [*request_card.account(seen, policy, links), *buttons, *notes]


def of_list(seen: RequestView, listed: CampaignList, messages: list[Message], links: Links, policy: Policy) -> Answer:
    """Return everything that the card of a list says, links to its messages, and the current time. No buttons."""
    seen = under_todays_rule(replace(seen, listed=listed), policy)
    listed = seen.listed or listed
    text = list_card.fallback_text(seen, listed, policy)
    unreached = by_cure(seen.unreached, strings.lookup_and_home.UNREACHED, strings.delivery.MORE_UNREACHED)
    following = list_card.next_in_list(seen, listed, policy, None)
    where = [strings.lookup_and_home.MESSAGES.format(links=", ".join(places))] if (places := links.to(messages)) else []
    where.append(strings.lookup_and_home.LIST_ID.format(id=listed.id, when=date(now(), seconds=True)))
    notes = [note(text) for text in (*budget_note.of_list(seen.request), *unreached, following, " ".join(where))]
    return " ".join([text, *unreached, following, *where]), [*list_card.account(seen, listed, policy), *notes]


def several(  # noqa: PLR0913 - the parts of an answer
    heading: str,
    found: Sequence[Request],
    messages: Messages,
    links: Links,
    freeze: Freeze | None = None,
    *,
    practises: bool = False,
) -> Answer:
    """Return a heading, the freeze if there is one, in practice that real requests wait, and two lines for each."""
    frozen = [f"*{strings.freeze.FROZEN_NOW}* {freeze_notice.frozen_by(freeze)}"] if freeze else []
    are_real = practises and any(each.is_open and not each.is_practice for each in found)
    spoken: list[str] = [heading, *frozen, *([strings.practice.HOME_REAL] if are_real else [])]
    blocks: list[Block] = [mrkdwn(text) for text in spoken]
    for request in found:
        places = links.to(messages[request.id])
        spoken.append(request_row.fallback_text(request, places, freeze))
        blocks += request_row.build(request, places, freeze)
    return "\n".join(spoken), blocks


def page(  # noqa: PLR0913 - the parts of an answer
    shown: Page,
    wanted: RequestFilter,
    messages: Messages,
    links: Links,
    freeze: Freeze | None = None,
    *,
    practises: bool = False,
) -> Answer:
    """Return one page of a list with its pager."""
    if not shown.requests:
        empty = _in_words(wanted, strings.lookup_and_home.NOTHING_OPEN, strings.lookup_and_home.HISTORY_EMPTY)
        return several(empty, (), messages, links, freeze)
    heading = _in_words(wanted, strings.lookup_and_home.OPEN_NOW, strings.lookup_and_home.HISTORY)
    text, blocks = several(heading, shown.requests, messages, links, freeze, practises=practises)
    as_of = strings.cards.AS_OF.format(when=date(now(), seconds=True))
    return f"{text}\n{as_of}", [*blocks, *_pager(shown, wanted), note(as_of)]


def parse(value: str | None) -> LookupPageLink | None:
    """Return what a pager's button carries, or None if it does not parse."""
    try:
        return LookupPageLink.model_validate_json(value or "")
    except ValidationError:
        return None


def text_only(said: str) -> Answer:
    return said, [mrkdwn(said)]


def _in_words(wanted: RequestFilter, of_open: str, otherwise: str) -> str:
    if wanted.is_open:
        return of_open
    return otherwise.format(
        filters="".join(
            [
                strings.lookup_and_home.BY.format(person=mention(wanted.requester_id)) if wanted.requester_id else "",
                strings.lookup_and_home.OF.format(campaign=wanted.campaign_id) if wanted.campaign_id else "",
                strings.lookup_and_home.UNDER.format(ticket=code(wanted.ticket)) if wanted.ticket else "",
                strings.lookup_and_home.SINCE.format(when=date(wanted.since)) if wanted.since else "",
            ]
        )
    )


def _pager(shown: Page, wanted: RequestFilter) -> list[Block]:
    def button(action_id: str, text: str, cursor: Cursor | None) -> PageButton:
        return PageButton(action_id, text, LookupPageLink(cursor=cursor, wanted=wanted) if cursor else None)

    newer = button(ids.NEWER_BUTTON, strings.lookup_and_home.NEWER, shown.before)
    older = button(ids.OLDER_BUTTON, strings.lookup_and_home.OLDER, shown.after)
    return pager(ids.PAGER_BLOCK, [newer, older])
