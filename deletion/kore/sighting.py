"""Ask one source at Kore.ai for a campaign, and judge what two sources say together."""

from datetime import datetime, timedelta
from enum import Enum

from deletion.domain.attempt import Observation
from deletion.domain.witnesses import Source
from kore_api.client import KoreClient
from kore_api.errors import CampaignNotFoundError, KoreError, KoreRateLimitError
from kore_api.models import Campaign
from kore_api.paging import Page, read_pages

DATE_MARGIN = timedelta(minutes=1)
DATE_PAGES = 3  # of 100 campaigns; a narrowed list that is longer is no witness
LIST_PAGES = 50
LIST_RESERVE = 8  # calls of the minute that stay free while a whole list is read


class Sighting(Enum):
    """The answer of one source about one campaign."""

    SHOWN = "shown"
    MISSING = "missing"  # "no such campaign", or a complete list without it
    REFUSED = "refused"  # Kore.ai refuses to show it, and not in words that say why
    UNCLEAR = "unclear"  # no answer, one that contradicts itself, or not Kore.ai's


Sighted = Sighting | KoreRateLimitError


def of_error(error: KoreError) -> Sighted:
    """Return what a failed read says about the campaign."""
    if isinstance(error, KoreRateLimitError):
        return error
    if isinstance(error, CampaignNotFoundError):
        return Sighting.MISSING
    return Sighting.REFUSED if error.can_mean_absent else Sighting.UNCLEAR


async def sight(kore: KoreClient, source: Source, campaign_id: str, created_at: datetime | None = None) -> Sighted:
    """Ask one source. A list counts only if it was read to its end and does not contradict itself."""
    try:
        match source:
            case Source.GET:
                await kore.get_campaign(campaign_id)
            case Source.STATUS:
                await kore.get_status(campaign_id)
            case Source.LIST_BY_DATE if created_at:
                listed = {campaign.id for campaign in await list_by_date(kore, created_at)}
                return Sighting.SHOWN if campaign_id in listed else Sighting.MISSING
            case Source.LIST:
                return await _sight_in_whole_list(kore.reserving(LIST_RESERVE), campaign_id)
            case _:
                return Sighting.UNCLEAR
    except KoreError as error:
        return of_error(error)
    return Sighting.SHOWN


async def _sight_in_whole_list(kore: KoreClient, campaign_id: str) -> Sighting:
    """Read the whole list. MISSING only if each page has its total and ``hasMore``.

    A rate limit met after the first page is UNCLEAR: a later read would begin anew and meet it again. Raises KoreError.
    """
    pages: list[Page[Campaign]] = []

    async def fetch(skip: int) -> Page[Campaign]:
        pages.append(await kore.list_page("sms", skip=skip))
        return pages[-1]

    try:
        async for campaign in read_pages(fetch, max_pages=LIST_PAGES):
            if campaign.id == campaign_id:
                return Sighting.SHOWN
    except KoreRateLimitError:
        if pages:
            return Sighting.UNCLEAR
        raise
    has_numbers = all(page.total is not None and page.has_more is not None for page in pages)
    return Sighting.MISSING if has_numbers else Sighting.UNCLEAR


async def list_by_date(kore: KoreClient, created_at: datetime) -> list[Campaign]:
    """Read the list narrowed around a creation date, to its end. Raises KoreError."""
    dates = created_at - DATE_MARGIN, created_at + DATE_MARGIN
    return [campaign async for campaign in kore.list_campaigns(dates=dates, max_pages=DATE_PAGES)]


async def refuses_only(kore: KoreClient, campaign_id: str) -> bool:
    """Return whether Kore.ai, which has just refused to show this campaign, shows another one.

    It does if the first page of the list does not contain it, and GET shows another campaign of this page.
    """
    try:
        page = await kore.list_page("sms", skip=0)
        listed = [campaign.id for campaign in page.items]
        if listed and campaign_id not in listed:
            await kore.get_campaign(listed[-1])
    except KoreError:
        return False
    return campaign_id not in listed and (page.total is None or page.total >= len(listed))


def judge(first: Sighted, second: Sighted) -> Observation | KoreRateLimitError | None:
    """Return what both sources say together; None if one refuses, which proves absence only while Kore.ai answers.

    Absent takes both. Present takes one, unless the other says that there is no such campaign.
    """
    both = (first, second)
    if Sighting.SHOWN in both:
        return Observation.UNCLEAR if Sighting.MISSING in both else Observation.PRESENT
    for sighted in both:
        if isinstance(sighted, KoreRateLimitError):
            return sighted
    if Sighting.UNCLEAR in both:
        return Observation.UNCLEAR
    return None if Sighting.REFUSED in both else Observation.ABSENT
