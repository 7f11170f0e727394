"""The rows of one user's Home, each once: to look at, to decide, their own, other open ones, and ended ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from deletion.domain.approvals.people import Person
from deletion.domain.campaign_list import CampaignList
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.records import Message
from deletion.stores.request_queries import Cursor, Page, RequestQueries

PAGE = 5
COUNTED = 20  # above that, the exact number does not help


class Section(StrEnum):
    """The lists of an overview, in the order of display."""

    LOOK = "look"  # has no pager: the previous version would not understand a stored cursor
    WAITING = "waiting"
    MINE = "mine"
    OTHERS = "others"
    ENDED = "ended"


@dataclass(frozen=True)
class Overview:
    """A page of each section that the user has, in order; ``messages`` are by request id.

    ``lists`` are by the list's id. A request of one stands for the whole: each list is shown once. ``waiting_count``
    goes to one more than ``COUNTED``.
    """

    pages: Mapping[Section, Page]
    waiting_count: int
    messages: dict[str, list[Message]]
    limits: DeleteLimits
    lists: Mapping[str, CampaignList] = field(default_factory=dict)


async def overview(
    lookup: RequestQueries,
    person: Person,
    at: Mapping[Section, Cursor],
    *,
    is_approver: bool,
    only_escalated: bool = False,
) -> Overview:
    """Read every list from its cursor on. Only an approver has requests waiting for them.

    ``only_escalated``: an approver of requests that were escalated, and of no others.
    """
    person_id, of = person.id, {"only_escalated": only_escalated}
    pages, count = {Section.LOOK: await lookup.needs_a_look(PAGE)}, 0
    if is_approver:
        pages[Section.WAITING] = await lookup.waiting_for(person_id, at.get(Section.WAITING), PAGE, **of)
        count = await lookup.count_waiting_for(person_id, COUNTED + 1, **of)
    pages[Section.MINE] = await lookup.own_open(person_id, at.get(Section.MINE), PAGE)
    pages[Section.OTHERS] = await lookup.others_open(
        person_id, at.get(Section.OTHERS), PAGE, but_waiting=is_approver, **of
    )
    shown = [request.shown_by for request in pages[Section.LOOK].requests]
    pages[Section.ENDED] = await lookup.ended(at.get(Section.ENDED), PAGE, except_ids=shown)
    found = [request for page in pages.values() for request in page.requests]
    limits = await lookup.delete_limits(person.team_id, person_id)
    return Overview(pages, count, await lookup.messages(found), limits, await lookup.lists(found))
